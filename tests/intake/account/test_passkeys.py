"""Passkeys instead of the authenticator's code: several, removable, each challenge once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.account.overview import own_account
from intake.account.passkeys import MOST, NotMade, add_passkey, offer_passkey, remove_passkey
from intake.login import AtWork, Refused, log_in, resume
from intake.passkeys import Shown, question, site
from intake.service import Service
from intake.vault.passkey import CHALLENGE_LIFE
from tests.authenticator import Authenticator
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, log_in_as, make_config, staff


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The verbs are tested on both databases; what is done with them is the same on one."""
    return sqlite_url


@pytest.fixture
async def anna(empty_service: Service) -> Person:
    return await staff(empty_service, "anna@test", "syd")


@pytest.fixture
async def work(empty_service: Service, anna: Person) -> AtWork:
    return await resume(empty_service, (await log_in_as(empty_service, anna)).cookie, MONDAY_MORNING)


@pytest.fixture
def strict(empty_service: Service) -> Service:
    """The same house, where a second factor is asked for."""
    return replace(empty_service, config=make_config(inbox={"url": "https://inbox.test"}))


async def make(service: Service, work: AtWork, name: str = "phone") -> Authenticator:
    device, asked = Authenticator(), await offer_passkey(service, work, MONDAY_MORNING)
    await add_passkey(
        service, work, PASSPHRASE, name, Shown(asked.challenge, device.make(asked.options)), MONDAY_MORNING
    )
    return device


def show(service: Service, device: Authenticator) -> Shown:
    asked = question(service, MONDAY_MORNING)
    return Shown(asked.challenge, device.show(asked.options))


async def test_a_passkey_logs_in_in_place_of_the_code_and_each_challenge_once(strict: Service, work: AtWork):
    device = await make(strict, work)
    shown = show(strict, device)
    token = await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=shown)
    assert (await resume(strict, token.cookie, MONDAY_MORNING)).reader.keyring == work.reader.keyring
    with pytest.raises(Refused):
        await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=shown)
    device.uses = 0
    with pytest.raises(Refused):
        await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=show(strict, device))


async def test_a_passkey_alone_opens_nothing(strict: Service, work: AtWork):
    device = await make(strict, work)
    with pytest.raises(Refused):
        await log_in(strict, "anna@test", "wrong", "", MONDAY_MORNING, shown=show(strict, device))


@pytest.mark.parametrize(
    "shown",
    [
        lambda asked, _: Shown(asked.challenge, ""),
        lambda asked, _: Shown(asked.challenge, Authenticator().show(asked.options)),
        lambda asked, device: Shown("AAAA", device.show(asked.options)),
        lambda asked, device: Shown("AQEAAABj", device.show(asked.options)),
        lambda asked, device: Shown(asked.challenge, replace(device, origin="https://evil.test").show(asked.options)),
    ],
    ids=["nothing", "another's", "no challenge of ours", "no generation of the key", "another site"],
)
async def test_what_is_no_answer_of_ones_own_passkey_is_refused(
    strict: Service, work: AtWork, shown: Callable[..., Shown]
):
    device = await make(strict, work)
    asked = question(strict, MONDAY_MORNING)
    with pytest.raises(Refused):
        await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=shown(asked, device))


async def test_an_old_challenge_is_refused(strict: Service, work: AtWork):
    shown = show(strict, await make(strict, work))
    later = MONDAY_MORNING + CHALLENGE_LIFE + timedelta(minutes=1)
    with pytest.raises(Refused):
        await log_in(strict, "anna@test", PASSPHRASE, "", later, shown=shown)


async def test_somebody_elses_passkey_does_not_stand_in(strict: Service, empty_service: Service, work: AtWork):
    await staff(empty_service, "bo@test", "syd")
    device = await make(strict, work)
    with pytest.raises(Refused):
        await log_in(strict, "bo@test", PASSPHRASE, "", MONDAY_MORNING, shown=show(strict, device))


async def test_there_may_be_several_and_a_removed_one_logs_nobody_in(strict: Service, work: AtWork):
    phone, laptop = await make(strict, work, "phone"), await make(strict, work, "laptop")
    account = await own_account(strict, work, MONDAY_MORNING)
    named = {one.name: one.id for one in account.passkeys}
    assert named.keys() == {"phone", "laptop"}
    await remove_passkey(strict, work, PASSPHRASE, named["phone"], MONDAY_MORNING)
    await remove_passkey(strict, work, PASSPHRASE, "unknown", MONDAY_MORNING)
    with pytest.raises(Refused):
        await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=show(strict, phone))
    assert await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=show(strict, laptop))


async def test_nobody_removes_anothers_passkey(strict: Service, empty_service: Service, work: AtWork):
    device = await make(strict, work)
    (own,) = (await own_account(strict, work, MONDAY_MORNING)).passkeys
    bo = await staff(empty_service, "bo@test", "syd")
    theirs = await resume(empty_service, (await log_in_as(empty_service, bo)).cookie, MONDAY_MORNING)
    await remove_passkey(strict, theirs, PASSPHRASE, own.id, MONDAY_MORNING)
    assert await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=show(strict, device))


async def test_a_passkey_is_made_once_with_the_passphrase_and_for_its_own_member(
    strict: Service, empty_service: Service, work: AtWork
):
    device, asked = Authenticator(), await offer_passkey(strict, work, MONDAY_MORNING)
    shown = Shown(asked.challenge, device.make(asked.options))
    with pytest.raises(Refused):
        await add_passkey(strict, work, "wrong", "", shown, MONDAY_MORNING)
    bo = await staff(empty_service, "bo@test", "syd")
    theirs = await resume(empty_service, (await log_in_as(empty_service, bo)).cookie, MONDAY_MORNING)
    with pytest.raises(NotMade):
        await add_passkey(strict, theirs, PASSPHRASE, "", shown, MONDAY_MORNING)
    await add_passkey(strict, work, PASSPHRASE, "", shown, MONDAY_MORNING)
    with pytest.raises(NotMade):
        await add_passkey(strict, work, PASSPHRASE, "", shown, MONDAY_MORNING)


async def test_there_is_an_end_to_passkeys(strict: Service, work: AtWork):
    for _ in range(MOST):
        await make(strict, work)
    with pytest.raises(NotMade):
        await make(strict, work)


@pytest.mark.parametrize(
    ("inbox", "domain"),
    [
        ({"url": "https://inbox.hamn.example:444"}, "inbox.hamn.example"),
        ({"url": "https://inbox.hamn.example", "passkey_domain": "hamn.example"}, "hamn.example"),
        ({"url": "http://localhost:8081"}, "localhost"),
        ({"url": "http://127.0.0.1:8081"}, None),
        ({"url": "http://[::1]:8081"}, None),
    ],
)
def test_passkeys_are_bound_to_the_configured_domain(inbox: dict[str, str], domain: str | None):
    found = site(make_config(inbox=inbox))
    assert (found and found.id) == domain


async def test_a_session_alone_removes_no_passkey(strict: Service, work: AtWork):
    device = await make(strict, work)
    (own,) = (await own_account(strict, work, MONDAY_MORNING)).passkeys
    with pytest.raises(Refused):
        await remove_passkey(strict, work, "not-the-passphrase", own.id, MONDAY_MORNING)
    assert await log_in(strict, "anna@test", PASSPHRASE, "", MONDAY_MORNING, shown=show(strict, device))
