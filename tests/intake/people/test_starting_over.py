"""Who lost the passphrase begins anew, and whoever helped them to cannot let them in."""

import pytest
from sqlalchemy import update

from intake import audit, casework, people
from intake.audit import Act
from intake.login import NoSession, resume
from intake.model import MemberId, Role
from intake.people import BegunByYou, NoInvitation
from intake.service import Service
from intake.store import desks, schema
from intake.vault.errors import Tampered
from tests.flows.steps import SYD, TEXT, staffed, tell, texts_read
from tests.intake.people.newcomers import an_invitation, holders, let_in
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, log_in_as, reader_of, staff


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
