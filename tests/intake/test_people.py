"""Who may work here: one invitation for one person, let in only by a colleague's ear, shown out for good."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from intake import audit, casework, people
from intake.audit import Act
from intake.login import NoSession, resume
from intake.model import MemberId, Role
from intake.people import BegunByYou, Colleague, LoginTaken, NoInvitation, WeakPassphrase, WrongCode
from intake.service import Service
from intake.store import desks, schema
from intake.vault.errors import Tampered, WrongFingerprint
from intake.vault.passphrase import Weakness
from tests.flows.steps import NATIONAL, SYD, TEXT, add, staffed, tell, texts_read
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, log_in_as, make_config, reader_of, staff

OF_NO_GENERATION = "AQEAAABj"


@pytest.fixture
async def anna(empty_service: Service) -> Person:
    """The first member of Syd; the national desk has one too."""
    return (await staffed(empty_service, "syd", "nationell"))[0]


async def an_invitation(service: Service, login: str = "bo@test", role: Role = Role.COORDINATOR) -> str:
    """The ticket of a new invitation to Syd."""
    code = await people.invite(service, login, role, SYD, MONDAY_MORNING)
    return (await people.read_invitation(service, code, MONDAY_MORNING)).ticket


async def colleague(service: Service, member: MemberId) -> Colleague:
    (found,) = [one for one in await people.colleagues(service, None) if one.member.id == member]
    return found


async def let_in(service: Service, by: Person, newcomer: Person) -> None:
    heard = (await colleague(service, newcomer.member)).fingerprint
    await people.let_colleague_in(service, await reader_of(service, by), newcomer.member, heard, MONDAY_MORNING)


async def holders(service: Service, desk=SYD) -> set[MemberId]:
    return set(await service.database.read(desks.let_in, service.key, desk))


# Invited ----------------------------------------------------------------------------------------------------------


async def test_an_invitation_says_what_it_is_for(empty_service: Service):
    code = await people.invite(empty_service, " bo@test ", Role.LEAD, SYD, MONDAY_MORNING)
    for typed in (code, f" {code.upper()}\n"):
        invited = await people.read_invitation(empty_service, typed, MONDAY_MORNING)
        assert (invited.login, invited.role, invited.desk) == ("bo@test", Role.LEAD, SYD)
        assert "Hamn:bo%40test" in invited.totp_uri


async def test_a_page_filled_in_anew_shows_the_same_secret(empty_service: Service):
    ticket = await an_invitation(empty_service)
    first, second = [await people.read_ticket(empty_service, ticket, MONDAY_MORNING) for _ in range(2)]
    assert first.totp_uri == second.totp_uri


@pytest.mark.parametrize("code", ["", "unknown", "å\ud800", "a" * 10_000], ids=ascii)
async def test_an_unknown_code_invites_nobody(empty_service: Service, code: str):
    with pytest.raises(NoInvitation):
        await people.read_invitation(empty_service, code, MONDAY_MORNING)


@pytest.mark.parametrize("ticket", ["", "AAAA", "å", "!" * 80, OF_NO_GENERATION], ids=ascii)
async def test_a_made_up_ticket_is_no_invitation(empty_service: Service, ticket: str):
    with pytest.raises(NoInvitation):
        await people.join(empty_service, ticket, PASSPHRASE, "", MONDAY_MORNING)


async def test_an_invitation_ends(empty_service: Service):
    ticket = await an_invitation(empty_service)
    with pytest.raises(NoInvitation):
        await people.join(empty_service, ticket, PASSPHRASE, "", MONDAY_MORNING + timedelta(days=7))


@pytest.mark.parametrize(("role", "desk"), [(Role.ADMIN, SYD), (Role.COORDINATOR, None), (Role.REGISTRAR, None)])
async def test_an_administrator_has_no_desk_and_everybody_else_one(empty_service: Service, role: Role, desk):
    with pytest.raises(ValueError, match="desk"):
        await people.invite(empty_service, "bo@test", role, desk, MONDAY_MORNING)


# Joining ----------------------------------------------------------------------------------------------------------


async def test_an_invitation_serves_once_even_when_used_twice_at_once(empty_service: Service):
    ticket = await an_invitation(empty_service)
    joins = (people.join(empty_service, ticket, PASSPHRASE, "", MONDAY_MORNING) for _ in range(3))
    outcomes = [type(outcome).__name__ for outcome in await asyncio.gather(*joins, return_exceptions=True)]
    assert sorted(outcomes) == ["NoInvitation", "NoInvitation", "str"]


async def test_the_first_member_of_a_desk_makes_its_key(empty_service: Service):
    anna = await staff(empty_service, "anna@test", "syd")
    assert await holders(empty_service) == {anna.member}
    assert (await colleague(empty_service, anna.member)).let_in


async def test_two_who_join_an_empty_desk_at_once_make_one_key(empty_service: Service):
    tickets = [await an_invitation(empty_service, login) for login in ("a@test", "b@test")]
    joined = await asyncio.gather(
        *(people.join(empty_service, ticket, PASSPHRASE, "", MONDAY_MORNING) for ticket in tickets)
    )
    assert len(await holders(empty_service) & set(joined)) == 1
    assert await empty_service.database.read(desks.last_generation, SYD) == 1


async def test_a_later_member_waits(empty_service: Service, anna: Person):
    bo = await staff(empty_service, "bo@test", "syd")
    assert await holders(empty_service) == {anna.member}
    assert not (await colleague(empty_service, bo.member)).let_in
    assert not (await reader_of(empty_service, bo)).keyring


async def test_a_registrar_and_an_administrator_get_no_key(empty_service: Service):
    ticket = await an_invitation(empty_service, role=Role.REGISTRAR)
    await people.join(empty_service, ticket, PASSPHRASE, "", MONDAY_MORNING)
    await staff(empty_service, "admin@test", None)
    assert await empty_service.database.read(desks.current_keys, empty_service.key) == {}


async def test_a_login_that_somebody_has_is_taken(empty_service: Service, anna: Person):
    assert anna
    ticket = await an_invitation(empty_service, "SYD@test")
    for service in (empty_service, replace(empty_service, key=empty_service.key.rotate())):
        with pytest.raises(LoginTaken):
            await people.join(service, ticket, PASSPHRASE, "", MONDAY_MORNING)
    assert await log_in_as(empty_service, anna)


@pytest.mark.parametrize(
    ("passphrase", "weakness"),
    [("kort", Weakness.TOO_SHORT), ("a" * 201, Weakness.TOO_LONG), ("password1234", Weakness.GUESSABLE)],
)
async def test_a_passphrase_that_will_not_do_leaves_the_invitation_good(
    empty_service: Service, passphrase: str, weakness: Weakness
):
    ticket = await an_invitation(empty_service)
    with pytest.raises(WeakPassphrase) as refused:
        await people.join(empty_service, ticket, passphrase, "", MONDAY_MORNING)
    assert refused.value.weakness is weakness
    assert passphrase not in str(refused.value)
    assert await people.join(empty_service, ticket, PASSPHRASE, "", MONDAY_MORNING)


async def test_nobody_joins_without_the_authenticators_code(make_service):
    service = make_service(make_config(inbox={"url": "http://127.0.0.1:8081"}))
    ticket = await an_invitation(service)
    for code in ("", "abcdef", "12345"):
        with pytest.raises(WrongCode):
            await people.join(service, ticket, PASSPHRASE, code, MONDAY_MORNING)


# Let in -----------------------------------------------------------------------------------------------------------


async def test_a_colleague_who_heard_the_fingerprint_lets_a_newcomer_in(empty_service: Service, anna: Person):
    await tell(empty_service)
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    assert await texts_read(empty_service, bo) == [TEXT]
    lines = await empty_service.database.read(audit.read, empty_service.key, SYD)
    (line,) = [one for one in lines if one.act is Act.LET_IN]
    assert (line.actor, line.member) == (anna.member, bo.member)


@pytest.mark.parametrize("heard", ["", "0" * 24, "1234"])
async def test_the_wrong_fingerprint_lets_nobody_in(empty_service: Service, anna: Person, heard: str):
    bo = await staff(empty_service, "bo@test", "syd")
    with pytest.raises(WrongFingerprint):
        await people.let_colleague_in(
            empty_service, await reader_of(empty_service, anna), bo.member, heard, MONDAY_MORNING
        )
    assert await holders(empty_service) == {anna.member}


async def test_nobody_is_let_in_to_anothers_desk(empty_service: Service, anna: Person):
    stranger = (await staffed(empty_service, "vast"))[0]
    for member in (stranger.member, MemberId("unknown")):
        with pytest.raises(NoInvitation):
            await people.let_colleague_in(
                empty_service, await reader_of(empty_service, anna), member, "0" * 24, MONDAY_MORNING
            )


async def test_who_waits_lets_nobody_in(empty_service: Service, anna: Person):
    bo, cia = [await staff(empty_service, f"{name}@test", "syd") for name in ("bo", "cia")]
    await let_in(empty_service, bo, cia)
    assert await holders(empty_service) == {anna.member}


async def test_letting_in_twice_is_letting_in_once(empty_service: Service, anna: Person):
    bo = await staff(empty_service, "bo@test", "syd")
    await asyncio.gather(*(let_in(empty_service, anna, bo) for _ in range(2)))
    assert await holders(empty_service) == {anna.member, bo.member}


# Shown out --------------------------------------------------------------------------------------------------------


async def test_who_left_reads_nothing_that_comes_after_and_who_stays_reads_all(empty_service: Service, anna: Person):
    receipt = (await tell(empty_service)).receipt
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    departed = await reader_of(empty_service, anna)
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING, bo.member)
    await add(empty_service, receipt, "Mer")
    assert await texts_read(empty_service, bo) == [TEXT, "Mer"]
    wraps = await empty_service.database.read(lambda conn: conn.execute(select(schema.wraps)).all())
    newer = {row.generation for row in wraps if row.kind == "desk"} - {gen for _, gen in departed.keyring}
    assert newer == {2}


async def test_a_desk_whose_last_member_left_is_routed_to_no_more(empty_service: Service, anna: Person):
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    keys = await empty_service.database.read(desks.current_keys, empty_service.key)
    assert keys.keys() == {NATIONAL}
    assert (await tell(empty_service)).desk_name == "Nationella samordningen"


async def test_a_desk_begins_anew_with_a_new_generation(empty_service: Service, anna: Person):
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    again = await staff(empty_service, anna.login, "syd")
    assert again.member != anna.member
    assert (await reader_of(empty_service, again)).keyring.keys() == {(SYD, 2)}


async def test_somebody_is_shown_out_once_and_it_is_logged(empty_service: Service, anna: Person):
    admin = await staff(empty_service, "admin@test", None)
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING, admin.member)
    for member in (anna.member, MemberId("unknown")):
        with pytest.raises(NoInvitation):
            await people.deactivate(empty_service, member, MONDAY_MORNING)
    line = (await empty_service.database.read(audit.read, empty_service.key, SYD))[-1]
    assert (line.act, line.actor, line.member) == (Act.DEACTIVATED, admin.member, anna.member)


async def test_two_who_leave_at_once_are_both_out(empty_service: Service, anna: Person):
    others = [await staff(empty_service, f"{name}@test", "syd") for name in ("bo", "cia")]
    for other in others:
        await let_in(empty_service, anna, other)
    bo, cia = others
    await asyncio.gather(
        people.deactivate(empty_service, anna.member, MONDAY_MORNING),
        people.deactivate(empty_service, bo.member, MONDAY_MORNING),
    )
    assert await holders(empty_service) == {cia.member}
    left = await empty_service.database.read(
        lambda conn: set(conn.execute(select(schema.desk_key_wraps.c.member_id)).scalars())
    )
    assert not left & {anna.member, bo.member}


async def test_reports_that_come_while_somebody_leaves_stay_with_the_desk_and_are_read_by_who_stays(
    empty_service: Service, anna: Person
):
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    before, after = (tell(empty_service) for _ in range(4)), (tell(empty_service) for _ in range(4))
    leaving = people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    told = await asyncio.gather(*before, leaving, *after)
    desks_told = {received.desk_name for received in told if received is not None}
    assert desks_told == {"Regionkoordinator Syd"}
    reader = await reader_of(empty_service, bo)
    page = await casework.list_cases(empty_service, reader, None, 9)
    for line in page.lines:
        opened = await casework.open_case(empty_service, reader, line.case.id, MONDAY_MORNING)
        assert ([message.text for message in opened.messages], opened.locked) == ([TEXT], 0)
    assert len(page.lines) == 8
    await tell(empty_service)
    sealed = await empty_service.database.read(
        lambda conn: set(conn.execute(select(schema.wraps.c.generation)).scalars())
    )
    assert sealed <= {0, 1, 2}
    assert 2 in sealed


async def test_colleagues_are_those_of_ones_desks_and_everybody_for_an_administrator(
    empty_service: Service, anna: Person
):
    admin = await staff(empty_service, "admin@test", None)
    assert [one.login for one in await people.colleagues(empty_service, [SYD])] == [anna.login]
    everybody = {one.login for one in await people.colleagues(empty_service, None)}
    assert everybody == {anna.login, "nationell@test", admin.login}
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    assert await people.colleagues(empty_service, [SYD]) == []


# Somebody who can write to the database -----------------------------------------------------------------------------


async def test_a_planted_wrap_earns_no_place_in_the_next_generation(empty_service: Service, anna: Person):
    mallory = await staff(empty_service, "mallory@test", "syd")
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    row = {"member_id": mallory.member, "desk": SYD, "generation": 1, "sealed": b"", "mac": b""}
    await empty_service.database.write(lambda conn: conn.execute(insert(schema.desk_key_wraps), row))
    with pytest.raises(Tampered):
        await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    mine = schema.desk_key_wraps.c.member_id == mallory.member
    await empty_service.database.write(lambda conn: conn.execute(delete(schema.desk_key_wraps).where(mine)))
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    assert await holders(empty_service) == {bo.member}


@pytest.mark.parametrize("change", ["public_key", "role", "sealed_login"])
async def test_a_changed_account_is_let_in_nowhere(empty_service: Service, anna: Person, change: str):
    bo = await staff(empty_service, "bo@test", "syd")
    heard = (await colleague(empty_service, bo.member)).fingerprint
    values = {"public_key": b"mine", "role": "lead", "sealed_login": b"mine"}
    theirs = schema.members.c.id == bo.member
    reader = await reader_of(empty_service, anna)
    await empty_service.database.write(
        lambda conn: conn.execute(update(schema.members).where(theirs).values({change: values[change]}))
    )
    with pytest.raises(Tampered):
        await people.let_colleague_in(empty_service, reader, bo.member, heard, MONDAY_MORNING)


# Started over -----------------------------------------------------------------------------------------------------


async def test_who_lost_the_passphrase_begins_anew_and_reads_all_once_let_in(empty_service: Service, anna: Person):
    await tell(empty_service)
    bo, cleo = [await staff(empty_service, login, "syd") for login in ("bo@test", "cleo@test")]
    await let_in(empty_service, anna, bo)
    await let_in(empty_service, anna, cleo)
    session = await log_in_as(empty_service, bo)
    code = await people.begin_anew(empty_service, bo.member, MONDAY_MORNING, anna.member, {SYD})
    with pytest.raises(NoSession):
        await resume(empty_service, session.cookie, MONDAY_MORNING)
    assert await holders(empty_service) == {anna.member, cleo.member}
    assert await empty_service.database.read(desks.last_generation, SYD) == 2
    invited = await people.read_invitation(empty_service, code, MONDAY_MORNING)
    assert (invited.login, invited.role, invited.desk) == ("bo@test", Role.COORDINATOR, SYD)
    again = Person("bo@test", await people.join(empty_service, invited.ticket, PASSPHRASE, "", MONDAY_MORNING))
    assert not (await reader_of(empty_service, again)).keyring
    with pytest.raises(BegunByYou):
        await let_in(empty_service, anna, again)
    await let_in(empty_service, cleo, again)
    assert await texts_read(empty_service, again) == [TEXT]
    acts = [one.act for one in await empty_service.database.read(audit.read, empty_service.key, SYD)]
    assert {Act.DEACTIVATED, Act.BEGUN_ANEW} <= set(acts)


async def test_with_nobody_else_at_the_desk_it_takes_an_administrator_too(empty_service: Service, anna: Person):
    bo = await staff(empty_service, "bo@test", "syd")
    admin = await staff(empty_service, "admin@test", None)
    for by, within in ((anna.member, {SYD}), (admin.member, None)):
        code = await people.begin_anew(empty_service, bo.member, MONDAY_MORNING, by, within)
        invited = await people.read_invitation(empty_service, code, MONDAY_MORNING)
        bo = Person("bo@test", await people.join(empty_service, invited.ticket, PASSPHRASE, "", MONDAY_MORNING))
    await let_in(empty_service, anna, bo)
    assert await holders(empty_service) == {anna.member, bo.member}


@pytest.mark.parametrize("begun_by", [None, "somebody else"])
async def test_who_started_somebody_over_cannot_be_taken_out_of_the_row(
    empty_service: Service, anna: Person, begun_by: str | None
):
    bo = await staff(empty_service, "bo@test", "syd")
    code = await people.begin_anew(empty_service, bo.member, MONDAY_MORNING, anna.member, {SYD})
    table = schema.invitations
    await empty_service.database.write(lambda conn: conn.execute(update(table).values(begun_by=begun_by)))
    with pytest.raises(Tampered):
        await people.read_invitation(empty_service, code, MONDAY_MORNING)


async def test_nobody_starts_themselves_somebody_elsewhere_or_nobody_over(empty_service: Service, anna: Person):
    stranger = (await staffed(empty_service, "vast"))[0]
    for member, by in ((anna.member, anna.member), (stranger.member, anna.member), (MemberId("unknown"), None)):
        with pytest.raises(NoInvitation):
            await people.begin_anew(empty_service, member, MONDAY_MORNING, by, {SYD})
    assert await log_in_as(empty_service, stranger)


@pytest.mark.parametrize("role", [Role.LEAD, Role.REGISTRAR, Role.STATISTICIAN])
async def test_who_starts_somebody_over_gets_no_code_to_a_role_above_their_own(
    empty_service: Service, anna: Person, role: Role
):
    await people.join(empty_service, await an_invitation(empty_service, role=role), PASSPHRASE, "", MONDAY_MORNING)
    (bo,) = [one for one in await people.colleagues(empty_service, None) if one.login == "bo@test"]
    with pytest.raises(NoInvitation):
        await people.begin_anew(empty_service, bo.member.id, MONDAY_MORNING, anna.member, {SYD})
    assert await people.begin_anew(empty_service, bo.member.id, MONDAY_MORNING, None, None)


async def test_what_somebody_held_who_left_is_in_nobodys_hands(empty_service: Service, anna: Person):
    await tell(empty_service)
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    reader = await reader_of(empty_service, bo)
    (line,) = (await casework.list_cases(empty_service, reader, None, 9)).lines
    await casework.assign_to_me(empty_service, reader, line.case.id, MONDAY_MORNING)
    await people.deactivate(empty_service, bo.member, MONDAY_MORNING)
    (line,) = (await casework.list_cases(empty_service, await reader_of(empty_service, anna), None, 9)).lines
    assert line.case.assignee is None
