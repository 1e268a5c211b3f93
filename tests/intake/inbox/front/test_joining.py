"""From an invitation to an account."""

from base64 import b32decode
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

import pytest
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from intake.inbox.app import inbox_app
from intake.inbox.front.joining import qr_code, spelled_secret
from intake.model import Role
from intake.people import invite
from intake.service import Service
from tests.intake.inbox.browser import Answer, Browser, without_jar
from tests.service import MONDAY_MORNING, PASSPHRASE, Clock, make_config
from triage.model import DeskName

NewBrowser = Callable[[], Browser]


@pytest.fixture
async def code(house: Service) -> str:
    return await invite(house, "new@nord.example", Role.COORDINATOR, DeskName("nord"), MONDAY_MORNING)


async def begin(visitor: Browser, code: str) -> Answer:
    return await visitor.fill_in("/join", "/join", invitation=code)


async def finish(visitor: Browser, page: Answer, passphrase: str = PASSPHRASE, **more: str) -> Answer:
    form = page.form("/join/finish") | {"passphrase": passphrase, "again": passphrase} | more
    return await visitor.post("/join/finish", form)


async def test_somebody_invited_joins_and_logs_in(another_browser: NewBrowser, code: str) -> None:
    visitor = another_browser()
    page = await begin(visitor, code)
    assert "new@nord.example" in page.text
    assert "Regionkoordinator Nord" in page.text
    joined = await finish(visitor, page)
    assert joined.location == "/login?joined"
    assert (await visitor.log_in("new@nord.example")).status == 303


async def test_a_code_may_be_typed_in_groups_and_capitals(another_browser: NewBrowser, code: str) -> None:
    grouped = " ".join(code.upper()[start : start + 4] for start in range(0, len(code), 4))
    assert (await begin(another_browser(), f" {grouped} ")).status == 200


async def test_who_has_joined_sees_no_case_until_a_colleague_lets_them_in(
    another_browser: NewBrowser, code: str, nord: Browser, case: str
) -> None:
    newcomer = another_browser()
    await finish(newcomer, await begin(newcomer, code))
    await newcomer.log_in("new@nord.example")
    assert (await newcomer.get("/")).cases == []
    assert (await newcomer.get(f"/cases/{case}")).status == 404
    for act in ("answer", "take", "close"):
        mark = (await newcomer.get("/")).form("/logout")
        assert (await newcomer.post(f"/cases/{case}/{act}", mark | {"text": "Hej", "seen": "1"})).status == 404


@pytest.mark.parametrize("typed", ["", "a" * 24, "\x00", "å"])
async def test_an_unknown_code_is_refused(typed: str, another_browser: NewBrowser, house: Service) -> None:
    answer = await begin(another_browser(), typed)
    assert answer.status == 403
    assert "no such invitation" in answer.text


async def test_a_code_works_once_and_for_its_days(another_browser: NewBrowser, code: str) -> None:
    page = await begin(another_browser(), code)
    await finish(another_browser(), page)
    assert (await begin(another_browser(), code)).status == 403
    assert (await finish(another_browser(), page)).status == 403


async def test_an_old_code_works_no_more(another_browser: NewBrowser, code: str, clock: Clock) -> None:
    clock.advance(days=8)
    assert (await begin(another_browser(), code)).status == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"passphrase": "short", "again": "short"}, "too short"),
        ({"passphrase": "password1234", "again": "password1234"}, "can be guessed"),
        ({"passphrase": "x" * 201, "again": "x" * 201}, "too long"),
        ({"again": "another"}, "not the same"),
    ],
)
async def test_what_is_wrong_with_a_passphrase_is_said_and_it_is_not_repeated(
    fields: dict[str, str], said: str, another_browser: NewBrowser, code: str
) -> None:
    visitor = another_browser()
    page = await finish(visitor, await begin(visitor, code), **fields)
    assert page.status == 422
    assert said in page.text
    assert page.form("/join/finish")["passphrase"] == ""
    assert (await finish(visitor, page)).status == 303


async def test_a_login_that_is_taken_cannot_be_joined_again(another_browser: NewBrowser, house: Service) -> None:
    code = await invite(house, "NORD", Role.COORDINATOR, DeskName("nord"), MONDAY_MORNING)
    visitor = another_browser()
    answer = await finish(visitor, await begin(visitor, code))
    assert answer.status == 409
    assert "already" in answer.text


async def test_with_one_time_codes_the_secret_stays_until_it_fits(house: Service, code: str) -> None:
    config = make_config(inbox={"url": "http://127.0.0.1:8081"})
    async with without_jar(TestServer(inbox_app(replace(house, config=config)))) as client:
        visitor = Browser(client)
        page = await begin(visitor, code)
        wrong = await finish(visitor, page, code="000000")
        assert wrong.status == 422
        assert picture(wrong) == picture(page)
        secret = page.text.partition('<p class="code">')[2].partition("</p>")[0]
        generator = TOTP(b32decode(secret.replace(" ", "")), 6, SHA1(), 30)
        typed = generator.generate(int(MONDAY_MORNING.timestamp())).decode()
        assert (await finish(visitor, wrong, code=typed)).status == 303


async def test_a_stranger_cannot_send_in_somebody_elses_form(another_browser: NewBrowser, code: str) -> None:
    assert (await another_browser().post("/join", {"invitation": code})).status == 403
    assert (await another_browser().post("/join/finish", {"ticket": "x", "passphrase": PASSPHRASE})).status == 403


def test_the_picture_is_dark_on_light_and_the_secret_in_groups() -> None:
    uri = "otpauth://totp/Hamn:a?secret=ABCDEFGH&issuer=Hamn"
    assert unquote(qr_code(uri)).startswith("data:image/svg+xml")
    assert spelled_secret(uri) == "ABCD EFGH"


def picture(page: Answer) -> str:
    return page.text.partition('class="qr" src="')[2].partition('"')[0]
