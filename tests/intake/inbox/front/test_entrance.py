"""Logging in, staying so, and no longer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from intake.inbox.app import inbox_app
from intake.people import colleagues, deactivate
from intake.service import Service
from intake.store.schema import sessions
from intake.vault import passphrase as passphrases
from intake.vault.session import new_session_token
from tests.intake.inbox.browser import Browser, without_jar
from tests.service import PASSPHRASE, Clock, make_config

NewBrowser = Callable[[], Browser]


async def logged_in(visitor: Browser) -> bool:
    return (await visitor.get("/colleagues")).status == 200


async def open_sessions(service: Service) -> int:
    return await service.database.read(lambda conn: conn.execute(select(func.count()).select_from(sessions)).scalar())


async def test_a_login_leads_to_the_list_with_a_cookie_no_script_can_read(another_browser: NewBrowser) -> None:
    visitor = another_browser()
    answer = await visitor.log_in("nord")
    assert (answer.status, answer.location) == (303, "/")
    given = answer.headers["Set-Cookie"]
    assert all(part in given for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Max-Age" not in given
    assert await logged_in(visitor)


async def test_over_tls_the_cookie_belongs_to_this_host_alone(house: Service) -> None:
    config = make_config(inbox={"url": "https://inkorg.example", "totp": False})
    async with without_jar(TestServer(inbox_app(replace(house, config=config)))) as client:
        answer = await Browser(client).log_in("nord")
    assert answer.headers["Set-Cookie"].startswith("__Host-hamn=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("login", "typed"),
    [("nord", "wrong-lantern-quilted-otter"), ("nobody", PASSPHRASE), ("", ""), ("nord", ""), ("\ufffd", "wrong")],
)
async def test_whatever_is_wrong_the_answer_is_the_same(login: str, typed: str, another_browser: NewBrowser) -> None:
    visitor = another_browser()
    answer = await visitor.log_in(login, typed)
    assert answer.status == 403
    assert "Login or passphrase is wrong." in answer.text
    assert visitor.cookie is None
    assert answer.form("/login")["passphrase"] == ""


@pytest.mark.parametrize("login", ["nord", "nobody"])
async def test_an_unknown_login_costs_as_much_argon2_as_a_known_one(
    login: str, another_browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = []
    stretch = passphrases.hash_secret_raw

    def counted(*args: object) -> bytes:
        costs.append(args[2:])
        return stretch(*args)

    monkeypatch.setattr(passphrases, "hash_secret_raw", counted)
    await another_browser().log_in(login, "wrong-lantern-quilted-otter")
    assert costs == [(1, 64, 1, 32, passphrases.Type.ID)]


async def test_every_login_has_a_new_session_and_ends_the_browsers_former_one(
    another_browser: NewBrowser, house: Service
) -> None:
    visitor = another_browser()
    await visitor.log_in("nord")
    former = visitor.cookie
    await visitor.log_in("nord")
    assert visitor.cookie != former
    assert await logged_in(visitor)
    visitor.cookie = former
    assert not await logged_in(visitor)
    assert await open_sessions(house) == 1


async def test_a_session_that_somebody_planted_is_not_taken_over(another_browser: NewBrowser) -> None:
    planted = new_session_token().cookie
    visitor = another_browser()
    visitor.cookie = planted
    await visitor.log_in("nord")
    assert visitor.cookie != planted
    thief = another_browser()
    thief.cookie = planted
    assert not await logged_in(thief)


@pytest.mark.parametrize("cookie", ["", "x", "a" * 64, "å" * 10, "A" * 5000])
async def test_a_cookie_that_is_none_leads_to_the_login(cookie: str, another_browser: NewBrowser) -> None:
    visitor = another_browser()
    visitor.cookie = cookie
    assert (await visitor.get("/")).location == "/login?to=/"


async def test_logging_out_deletes_the_session_here_and_in_the_browser(nord: Browser, house: Service) -> None:
    kept = nord.cookie
    await nord.fill_in("/", "/logout")
    assert nord.cookie is None
    assert await open_sessions(house) == 0
    nord.cookie = kept
    assert not await logged_in(nord)


async def test_a_session_ends_when_nothing_is_done(nord: Browser, clock: Clock) -> None:
    clock.advance(minutes=29)
    assert await logged_in(nord)
    clock.advance(minutes=29)
    assert await logged_in(nord)
    clock.advance(minutes=31)
    assert not await logged_in(nord)


async def test_a_session_ends_after_its_hours_whatever_is_done(nord: Browser, clock: Clock, house: Service) -> None:
    end = clock.now + timedelta(hours=house.config.inbox.session_hours)
    while clock.advance(minutes=20) < end:
        assert await logged_in(nord)
    assert not await logged_in(nord)


async def test_deactivation_ends_every_session_at_once(nord: Browser, house: Service, clock: Clock) -> None:
    member = next(one.member.id for one in await colleagues(house, None) if one.login == "nord")
    await deactivate(house, member, clock.now)
    assert not await logged_in(nord)
    assert (await nord.log_in("nord")).status == 403


async def test_trying_one_login_in_vain_slows_that_login_only(another_browser: NewBrowser, clock: Clock) -> None:
    visitor = another_browser()
    for _ in range(5):
        assert (await visitor.log_in("nord", "wrong")).status == 403
    paused = await visitor.log_in("nord")
    assert paused.status == 429
    assert int(paused.headers["Retry-After"]) >= 1
    assert (await another_browser().log_in("mitt")).status == 303
    clock.advance(minutes=16)
    assert (await another_browser().log_in("nord")).status == 303


async def test_a_login_that_does_not_exist_is_slowed_alike(another_browser: NewBrowser) -> None:
    for login in ("nord", "nobody"):
        statuses = [(await another_browser().log_in(login, "wrong")).status for _ in range(6)]
        assert statuses == [403] * 5 + [429]


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": "a" * 80}])
async def test_a_login_needs_a_form_of_ours(form: dict[str, str], another_browser: NewBrowser) -> None:
    answer = await another_browser().post("/login", {"login": "nord", "passphrase": PASSPHRASE, **form})
    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers


async def test_yesterdays_login_form_is_shown_anew(another_browser: NewBrowser, clock: Clock) -> None:
    form = (await another_browser().get("/login")).form("/login")
    clock.advance(hours=13)
    answer = await another_browser().post("/login", {**form, "login": "nord", "passphrase": PASSPHRASE})
    assert answer.status == 403
    assert answer.form("/login")["login"] == "nord"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/cases/x", "javascript:1", "/logout"]
)
async def test_no_address_that_somebody_else_chose_follows_a_login(elsewhere: str, another_browser: NewBrowser) -> None:
    visitor = another_browser()
    answer = await visitor.fill_in("/login", "/login", login="nord", passphrase=PASSPHRASE, to=elsewhere)
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:8081"}, 303),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "http://127.0.0.1:8081.elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 303),
    ],
)
async def test_nobody_is_logged_in_from_another_site(another_browser: NewBrowser, headers: dict, status: int) -> None:
    visitor = another_browser()
    form = (await visitor.get("/login")).form("/login") | {"login": "nord", "passphrase": PASSPHRASE}
    assert (await visitor.post("/login", form, **headers)).status == status
    assert await logged_in(visitor) == (status == 303)


async def test_a_browser_tells_this_site_alone_where_a_form_comes_from(another_browser: NewBrowser) -> None:
    assert (await another_browser().get("/login")).headers["Referrer-Policy"] == "same-origin"
