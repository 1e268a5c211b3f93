"""Logging in: refused alike whatever is wrong, slower and slower, and a session that ends when it must."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import update

from intake import people
from intake.login import MOST_WAITING, NoSession, Paused, Refused, log_in, log_out, paused_until, resume
from intake.model import Role
from intake.people import inviting
from intake.service import Service
from intake.store import schema
from intake.store.members import Tries
from intake.vault.base64url import to_text
from tests.flows.steps import staffed
from tests.intake.store.samples import count
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, log_in_as, make_config, staff

FREE = 5
WRONG = "not-the-passphrase-of-anybody"


@pytest.fixture
async def anna(empty_service: Service) -> Person:
    """A member of Syd; Väst has one too."""
    return (await staffed(empty_service, "syd", "vast"))[0]


async def vain(service: Service, login: str, times: int, now: datetime = MONDAY_MORNING) -> None:
    for _ in range(times):
        with pytest.raises(Refused):
            await log_in(service, login, WRONG, "", now)


@pytest.mark.parametrize("login", ["syd@test", "SYD@TEST", "  syd@test ", "ｓｙｄ@test"])
async def test_a_login_is_the_same_however_it_is_typed(empty_service: Service, anna: Person, login: str):
    token = await log_in(empty_service, login, PASSPHRASE, "", MONDAY_MORNING)
    assert (await resume(empty_service, token.cookie, MONDAY_MORNING)).member.id == anna.member


@pytest.mark.parametrize(
    ("login", "passphrase"),
    [("syd@test", WRONG), ("nobody@test", PASSPHRASE), ("", ""), ("\ud800\x00", "\ud800"), ("syd@test", "x" * 5000)],
    ids=["wrong passphrase", "unknown login", "nothing", "half a character", "very long"],
)
async def test_whatever_is_wrong_is_refused_alike(empty_service: Service, anna: Person, login: str, passphrase: str):
    assert anna
    with pytest.raises(Refused) as refused:
        await log_in(empty_service, login, passphrase, "", MONDAY_MORNING)
    assert (refused.value.args, refused.value.__cause__) == ((), None)
    assert await empty_service.database.read(count, schema.sessions) == 0


async def test_a_login_keeps_working_after_the_service_key_rotated(empty_service: Service, anna: Person):
    rotated = replace(empty_service, key=empty_service.key.rotate())
    assert (await resume(rotated, (await log_in_as(rotated, anna)).cookie, MONDAY_MORNING)).reader.keyring


async def test_a_passphrase_opens_nothing_under_another_service_key(empty_service: Service, anna: Person):
    stolen = replace(empty_service, key=type(empty_service.key).generate())
    with pytest.raises(Refused):
        await log_in_as(stolen, anna)


# Slower and slower ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["syd@test", "nobody@test"])
async def test_after_some_vain_tries_each_further_one_waits(empty_service: Service, anna: Person, login: str):
    assert anna
    await vain(empty_service, login, FREE)
    with pytest.raises(Paused) as paused:
        await log_in(empty_service, login, PASSPHRASE, "", MONDAY_MORNING)
    assert paused.value.until == MONDAY_MORNING + timedelta(seconds=5)
    await vain(empty_service, login, 1, paused.value.until)
    with pytest.raises(Paused) as again:
        await log_in(empty_service, login, PASSPHRASE, "", paused.value.until)
    assert again.value.until - paused.value.until == timedelta(seconds=10)


async def test_a_pause_locks_nobody_else_out_and_ends(empty_service: Service, anna: Person):
    await vain(empty_service, "syd@test", FREE)
    assert await log_in(empty_service, "vast@test", PASSPHRASE, "", MONDAY_MORNING)
    assert await log_in_as(empty_service, anna, MONDAY_MORNING + timedelta(seconds=5))


async def test_a_success_forgets_what_went_before(empty_service: Service, anna: Person):
    await vain(empty_service, "syd@test", FREE - 1)
    await log_in_as(empty_service, anna)
    await vain(empty_service, "syd@test", FREE)


@pytest.mark.parametrize("login", ["syd@test", "nobody@test"])
async def test_many_tries_at_once_are_no_more_than_one_after_the_other(
    empty_service: Service, anna: Person, login: str
):
    assert anna
    tries = (log_in(empty_service, login, WRONG, "", MONDAY_MORNING) for _ in range(20))
    outcomes = [type(outcome) for outcome in await asyncio.gather(*tries, return_exceptions=True)]
    assert (outcomes.count(Refused), outcomes.count(Paused)) == (FREE, 20 - FREE)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, None), (4, None), (5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (10**6, 900)]
)
def test_each_pause_is_twice_the_last_up_to_a_quarter_hour(failures: int, seconds: int | None):
    until = None if seconds is None else MONDAY_MORNING + timedelta(seconds=seconds)
    assert paused_until(Tries(failures, MONDAY_MORNING), FREE) == until
    assert paused_until(None, FREE) is None


# One-time codes ---------------------------------------------------------------------------------------------------


async def with_codes(make_service, now: datetime = MONDAY_MORNING) -> tuple[Service, TOTP]:
    """A service that asks for codes, and its only member's authenticator."""
    service = make_service(make_config(inbox={"url": "http://127.0.0.1:8081"}))
    code = await people.invite(service, "anna@test", Role.ADMIN, None, now)
    invited = await people.read_invitation(service, code, now)
    secret = inviting.open_ticket(service.key, invited.ticket)[1]
    authenticator = TOTP(secret, 6, SHA1(), 30)
    await people.join(service, invited.ticket, PASSPHRASE, at(authenticator, now), now)
    return service, authenticator


def at(authenticator: TOTP, now: datetime) -> str:
    return authenticator.generate(int(now.timestamp())).decode()


async def test_a_code_is_needed_and_works_once(make_service):
    service, authenticator = await with_codes(make_service)
    now = MONDAY_MORNING + timedelta(minutes=5)
    code = at(authenticator, now)
    for wrong in ("", "000000" if code != "000000" else "000001", "123", at(authenticator, MONDAY_MORNING)):
        with pytest.raises(Refused):
            await log_in(service, "anna@test", PASSPHRASE, wrong, now)
    assert await log_in(service, "anna@test", PASSPHRASE, f"{code[:3]} {code[3:]}", now)
    with pytest.raises(Refused):
        await log_in(service, "anna@test", PASSPHRASE, code, now)


async def test_the_code_that_was_joined_with_does_not_log_in(make_service):
    service, authenticator = await with_codes(make_service)
    with pytest.raises(Refused):
        await log_in(service, "anna@test", PASSPHRASE, at(authenticator, MONDAY_MORNING), MONDAY_MORNING)


async def test_of_two_logins_at_once_with_one_code_one_is_refused(make_service):
    service, authenticator = await with_codes(make_service)
    now = MONDAY_MORNING + timedelta(minutes=5)
    logins = (log_in(service, "anna@test", PASSPHRASE, at(authenticator, now), now) for _ in range(2))
    outcomes = [type(outcome).__name__ for outcome in await asyncio.gather(*logins, return_exceptions=True)]
    assert sorted(outcomes) == ["Refused", "SessionToken"]


async def test_a_right_code_with_a_wrong_passphrase_is_refused_and_stays_good(make_service):
    service, authenticator = await with_codes(make_service)
    now = MONDAY_MORNING + timedelta(minutes=5)
    with pytest.raises(Refused):
        await log_in(service, "anna@test", WRONG, at(authenticator, now), now)
    assert await log_in(service, "anna@test", PASSPHRASE, at(authenticator, now), now)


async def test_an_account_whose_secret_was_taken_away_needs_a_code_still(make_service):
    service, authenticator = await with_codes(make_service)
    now = MONDAY_MORNING + timedelta(minutes=5)
    await service.database.write(lambda conn: conn.execute(update(schema.members).values(sealed_totp=None)))
    for code in ("", at(authenticator, now)):
        with pytest.raises(Refused):
            await log_in(service, "anna@test", PASSPHRASE, code, now)


# Sessions ---------------------------------------------------------------------------------------------------------


async def resumes(service: Service, cookie: str, now: datetime) -> bool:
    try:
        await resume(service, cookie, now)
    except NoSession:
        return False
    return True


async def test_every_login_has_a_new_id_and_secret(empty_service: Service, anna: Person):
    one, other = [await log_in_as(empty_service, anna) for _ in range(2)]
    assert one.id != other.id
    assert one.secret != other.secret
    assert await resumes(empty_service, one.cookie, MONDAY_MORNING)


async def test_a_session_ends_when_idle_and_lasts_while_somebody_works(empty_service: Service, anna: Person):
    cookie = (await log_in_as(empty_service, anna)).cookie
    for minutes in (29, 58, 87):
        assert await resumes(empty_service, cookie, MONDAY_MORNING + timedelta(minutes=minutes))
    assert not await resumes(empty_service, cookie, MONDAY_MORNING + timedelta(minutes=118))


async def test_a_session_ends_in_any_case_after_its_hours(empty_service: Service, anna: Person):
    cookie = (await log_in_as(empty_service, anna)).cookie
    for minutes in range(25, 600, 25):
        assert await resumes(empty_service, cookie, MONDAY_MORNING + timedelta(minutes=minutes))
    assert not await resumes(empty_service, cookie, MONDAY_MORNING + timedelta(hours=10))


async def test_a_session_ends_at_logout_and_no_other_does(empty_service: Service, anna: Person):
    one, other = [await log_in_as(empty_service, anna) for _ in range(2)]
    await log_out(empty_service, one)
    assert not await resumes(empty_service, one.cookie, MONDAY_MORNING)
    assert await resumes(empty_service, other.cookie, MONDAY_MORNING)


async def test_whoever_is_shown_out_is_out_at_once(empty_service: Service, anna: Person):
    cookie = (await log_in_as(empty_service, anna)).cookie
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    assert not await resumes(empty_service, cookie, MONDAY_MORNING)
    with pytest.raises(Refused):
        await log_in_as(empty_service, anna)


async def test_a_cookie_that_was_changed_opens_nothing(empty_service: Service, anna: Person):
    token = await log_in_as(empty_service, anna)
    other = await log_in(empty_service, "vast@test", PASSPHRASE, "", MONDAY_MORNING)
    changed = [
        token.cookie[:-1],
        token.cookie + "A",
        "",
        "å" * 64,
        to_text(token.id + other.secret),
        to_text(token.id + bytes(32)),
        to_text(bytes(16) + token.secret),
    ]
    assert not [cookie for cookie in changed if await resumes(empty_service, cookie, MONDAY_MORNING)]


@pytest.mark.parametrize("change", ["member_id", "expires_at", "wrapped_key"])
async def test_a_session_that_was_changed_in_the_database_opens_nothing(
    empty_service: Service, anna: Person, change: str
):
    token = await log_in_as(empty_service, anna)
    other = await staff(empty_service, "admin@test", None)
    values = {"member_id": other.member, "expires_at": 2**33, "wrapped_key": b"mine"}
    await empty_service.database.write(
        lambda conn: conn.execute(update(schema.sessions).values({change: values[change]}))
    )
    assert not await resumes(empty_service, token.cookie, MONDAY_MORNING)


async def test_a_flood_of_logins_is_turned_away_before_anything_is_counted(empty_service: Service, anna: Person):
    empty_service.under_way.stretching = MOST_WAITING
    with pytest.raises(Paused):
        await log_in_as(empty_service, anna)
    empty_service.under_way.stretching = 0
    assert await log_in_as(empty_service, anna)
    assert empty_service.under_way.stretching == 0
