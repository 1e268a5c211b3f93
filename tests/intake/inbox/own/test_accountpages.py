"""One's own account, as a page: what is changed, what is said when it is not, and who is logged out."""

from base64 import b32decode
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from html import unescape
from re import findall

import pytest
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from intake.inbox.app import inbox_app
from intake.inbox.browsers import device_of
from intake.service import Service
from intake.vault.device import Browser as Family
from intake.vault.device import Device, System
from tests.authenticator import Authenticator
from tests.intake.inbox.browser import Answer, Browser, without_jar
from tests.service import MONDAY_MORNING, PASSPHRASE, make_config

NewBrowser = Callable[[], Browser]
NEW = "tiled-harbour-seven-anchors"
ANDROID = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
async def strict(house: Service, nord: Browser) -> AsyncIterator[Browser]:
    """The coordinator of Nord, logged in, at an inbox that asks for a second factor."""
    config = make_config(inbox={"url": "http://localhost:8081"})
    async with without_jar(TestServer(inbox_app(replace(house, config=config)))) as client:
        yield Browser(client, cookie=nord.cookie)


async def change(visitor: Browser, **fields: str) -> Answer:
    typed = {"current": PASSPHRASE, "passphrase": NEW, "again": NEW}
    return await visitor.fill_in("/account", "/account/passphrase", **typed | fields)


async def is_in(visitor: Browser) -> bool:
    return (await visitor.get("/account")).status == 200


async def test_a_changed_passphrase_logs_out_everywhere_else(nord: Browser, another_browser: NewBrowser) -> None:
    phone = another_browser()
    await phone.log_in("nord")
    former = nord.cookie
    assert (await change(nord)).location == "/account?changed"
    assert "logged out" in (await nord.get("/account?changed")).words
    assert nord.cookie != former
    assert not await is_in(phone)
    assert (await another_browser().log_in("nord")).status == 403
    assert (await another_browser().log_in("nord", NEW)).status == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": ""}, "present passphrase"),
        ({"current": "wrong"}, "present passphrase is wrong"),
        ({"again": "other"}, "not the same"),
        ({"passphrase": "short", "again": "short"}, "too short"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_changed(nord: Browser, fields: dict[str, str], said: str) -> None:
    answer = await change(nord, **fields)
    assert answer.status == 422
    assert said in answer.words
    assert await is_in(nord)


async def test_a_session_of_another_device_is_seen_and_ended(nord: Browser, another_browser: NewBrowser) -> None:
    phone = another_browser()
    phone.headers["User-Agent"] = ANDROID
    await phone.log_in("nord")
    page = await nord.get("/account")
    assert "Firefox, Android" in page.words
    assert ANDROID not in page.text
    await nord.post("/account/sessions/end", page.form("/account/sessions/end"))
    assert not await is_in(phone)
    assert await is_in(nord)


async def test_all_other_sessions_end_at_once(nord: Browser, another_browser: NewBrowser) -> None:
    others = [another_browser() for _ in range(2)]
    for other in others:
        await other.log_in("nord")
    await nord.fill_in("/account", "/account/sessions/end-others")
    assert [await is_in(visitor) for visitor in (nord, *others)] == [True, False, False]


async def test_an_id_that_somebody_else_set_is_never_a_session(nord: Browser, another_browser: NewBrowser) -> None:
    victim, stolen = another_browser(), "A" * 64
    victim.cookie = stolen
    await victim.log_in("nord")
    assert victim.cookie not in (stolen, nord.cookie)
    attacker = another_browser()
    attacker.cookie = stolen
    assert not await is_in(attacker)


async def test_a_passkey_is_made_and_logs_in(strict: Browser) -> None:
    phone = Authenticator("localhost", "http://localhost:8081")
    page = await strict.get("/account")
    made = page.form("/account/passkeys/add") | {
        "current": PASSPHRASE,
        "name": "phone",
        "answer": phone.make(options(page)),
    }
    assert (await strict.post("/account/passkeys/add", made)).location == "/account"
    assert "phone" in (await strict.get("/account")).words
    entrance = await strict.get("/login")
    form = entrance.form("/login") | {
        "login": "nord",
        "passphrase": PASSPHRASE,
        "answer": phone.show(options(entrance)),
    }
    former = strict.cookie
    assert (await strict.post("/login", form)).status == 303
    assert strict.cookie != former
    assert (await strict.post("/login", form)).status == 403


async def test_another_authenticator_is_read_shown_and_taken(strict: Browser) -> None:
    page = await strict.get("/account/authenticator")
    secret = findall(r'<p class="code">([A-Z2-7 ]+)</p>', page.text)[0].replace(" ", "")
    code = TOTP(b32decode(secret), 6, SHA1(), 30).generate(int(MONDAY_MORNING.timestamp())).decode()
    form = page.form("/account/authenticator") | {"current": PASSPHRASE}
    for typed, said in (({"code": "x"}, "does not fit"), ({"code": code, "current": ""}, "present passphrase")):
        again = await strict.post("/account/authenticator", form | typed)
        assert (again.status, said in again.words) == (422, True)
        assert secret in again.text.replace(" ", "")
    assert (await strict.post("/account/authenticator", form | {"code": code})).location == "/account?changed"


async def test_where_no_second_factor_is_asked_for_none_is_offered(nord: Browser) -> None:
    assert "authenticator" not in (await nord.get("/account")).text
    assert (await nord.get("/account/authenticator")).status == 404
    assert "passkey" not in (await nord.get("/login")).text


async def test_the_pages_may_ask_the_device_for_a_passkey_and_for_nothing_else(nord: Browser) -> None:
    policy = (await nord.get("/account")).headers["Permissions-Policy"]
    assert "publickey-credentials-get" not in policy
    assert "camera=()" in policy


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (ANDROID, Device(Family.FIREFOX, System.ANDROID)),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", Device(Family.EDGE, System.WINDOWS)),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0 Safari/537.36", Device(Family.CHROME, System.LINUX)),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            Device(Family.SAFARI, System.IOS),
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19.0 Safari/605.1", Device(Family.SAFARI, System.MAC)),
        ("<script>", Device()),
        ("", Device()),
    ],
)
def test_a_device_is_known_by_its_family_only(said: str, expected: Device) -> None:
    assert device_of(said) == expected


def options(page: Answer) -> str:
    return unescape(findall(r'data-options="([^"]+)"', page.text)[0])
