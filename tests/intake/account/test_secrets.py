"""Another passphrase, another authenticator: the old one is worth nothing from then on, the keys stay."""

from base64 import b32decode
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from intake import audit
from intake.account.overview import end_other_sessions, end_session, own_account
from intake.account.secrets import change_authenticator, change_passphrase, offer_again, offer_authenticator
from intake.audit import Act
from intake.login import AtWork, NoSession, Paused, Refused, log_in, resume
from intake.people import WeakPassphrase, WrongCode
from intake.service import Service
from intake.vault.device import NO_DEVICE, Browser, Device, System
from tests.flows.steps import SYD
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, log_in_as, make_config, staff

NEW = "tiled-harbour-seven-anchors"
PHONE = Device(Browser.FIREFOX, System.ANDROID)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The verbs are tested on both databases; what is done with them is the same on one."""
    return sqlite_url


@pytest.fixture
async def anna(empty_service: Service) -> Person:
    return await staff(empty_service, "anna@test", "syd")


async def at_work(service: Service, person: Person) -> AtWork:
    return await resume(service, (await log_in_as(service, person)).cookie, MONDAY_MORNING)


async def test_with_a_new_passphrase_the_old_one_and_every_session_end(empty_service: Service, anna: Person):
    phone, work = [await at_work(empty_service, anna) for _ in range(2)]
    token = await change_passphrase(empty_service, work, PASSPHRASE, NEW, PHONE, MONDAY_MORNING)
    for former in (phone, work):
        with pytest.raises(NoSession):
            await resume(empty_service, former.token.cookie, MONDAY_MORNING)
    with pytest.raises(Refused):
        await log_in_as(empty_service, anna)
    assert await log_in(empty_service, anna.login, NEW, "", MONDAY_MORNING)
    went_on = await resume(empty_service, token.cookie, MONDAY_MORNING)
    assert went_on.reader.keyring == work.reader.keyring
    assert (await lines(empty_service))[-1].act is Act.PASSPHRASE_CHANGED


@pytest.mark.parametrize(
    ("current", "chosen", "error"), [("wrong", NEW, Refused), (PASSPHRASE, "short", WeakPassphrase)]
)
async def test_a_wrong_or_a_weak_passphrase_changes_nothing(
    empty_service: Service, anna: Person, current: str, chosen: str, error: type[Exception]
):
    work = await at_work(empty_service, anna)
    with pytest.raises(error):
        await change_passphrase(empty_service, work, current, chosen, PHONE, MONDAY_MORNING)
    assert await resume(empty_service, work.token.cookie, MONDAY_MORNING)
    assert await log_in_as(empty_service, anna)


async def test_a_passphrase_cannot_be_guessed_through_an_open_session(empty_service: Service, anna: Person):
    work = await at_work(empty_service, anna)
    for _ in range(5):
        with pytest.raises(Refused):
            await change_passphrase(empty_service, work, "guess", NEW, PHONE, MONDAY_MORNING)
    with pytest.raises(Paused):
        await change_passphrase(empty_service, work, PASSPHRASE, NEW, PHONE, MONDAY_MORNING)


async def test_another_authenticator_is_taken_once_it_has_shown_a_code(empty_service: Service, anna: Person):
    work = await at_work(empty_service, anna)
    offered = offer_authenticator(empty_service, work)
    assert offer_again(empty_service, work, offered.ticket) == offered
    code = code_of(offered.uri)
    for typed in ("", "12345", "x"):
        with pytest.raises(WrongCode):
            await change_authenticator(empty_service, work, PASSPHRASE, offered.ticket, typed, PHONE, MONDAY_MORNING)
    await change_authenticator(empty_service, work, PASSPHRASE, offered.ticket, code, PHONE, MONDAY_MORNING)
    strict = replace(empty_service, config=make_config(inbox={"url": "https://inbox.test"}))
    later = MONDAY_MORNING + timedelta(minutes=1)
    with pytest.raises(Refused):
        await log_in(strict, anna.login, PASSPHRASE, code, MONDAY_MORNING)
    assert await log_in(strict, anna.login, PASSPHRASE, code_of(offered.uri, 60), later)


async def test_a_ticket_is_its_members_own(empty_service: Service, anna: Person):
    bo = await staff(empty_service, "bo@test", "syd")
    offered = offer_authenticator(empty_service, await at_work(empty_service, bo))
    work = await at_work(empty_service, anna)
    for ticket in (offered.ticket, "", "å", "AAAA", "AQEAAABj"):  # the last names a generation of the key that is none
        with pytest.raises(WrongCode):
            offer_again(empty_service, work, ticket)


async def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(empty_service: Service, anna: Person):
    bo = await at_work(empty_service, await staff(empty_service, "bo@test", "syd"))
    work = await at_work(empty_service, anna)
    token = await log_in(empty_service, anna.login, PASSPHRASE, "", MONDAY_MORNING, device=PHONE)
    seen = (await own_account(empty_service, work, MONDAY_MORNING)).sessions
    assert {(one.device, one.current) for one in seen} == {(PHONE, False), (NO_DEVICE, True)}
    await end_session(empty_service, work, bo.token.id_hash.hex())
    await end_session(empty_service, work, "not hexadecimal")
    assert await resume(empty_service, bo.token.cookie, MONDAY_MORNING)
    await end_session(empty_service, work, token.id_hash.hex())
    await log_in_as(empty_service, anna)
    await end_other_sessions(empty_service, work)
    assert len((await own_account(empty_service, work, MONDAY_MORNING)).sessions) == 1


async def test_a_session_that_has_gone_to_sleep_is_not_shown(empty_service: Service, anna: Person):
    await log_in_as(empty_service, anna)
    later = MONDAY_MORNING + timedelta(hours=2)
    work = await resume(empty_service, (await log_in_as(empty_service, anna, later)).cookie, later)
    assert [one.current for one in (await own_account(empty_service, work, later)).sessions] == [True]


def code_of(uri: str, after: int = 0) -> str:
    secret = parse_qs(urlsplit(uri).query)["secret"][0]
    return TOTP(b32decode(secret), 6, SHA1(), 30).generate(int(MONDAY_MORNING.timestamp()) + after).decode()


async def lines(service: Service) -> list[audit.Line]:
    return await service.database.read(audit.read, service.key, SYD)
