"""One invitation for one person: what it says, when it ends, what joining makes of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from intake import people
from intake.model import Role
from intake.people import LoginTaken, NoInvitation, WeakPassphrase, WrongCode
from intake.service import Service
from intake.store import desks
from intake.vault.passphrase import Weakness
from tests.flows.steps import SYD
from tests.intake.people.newcomers import an_invitation, colleague, holders
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, log_in_as, make_config, reader_of, staff

OF_NO_GENERATION = "AQEAAABj"


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
