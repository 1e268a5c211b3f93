"""A passkey in a real Chromium with an authenticator of its own: made, logged in with, removed, and then refused."""

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from aiohttp.test_utils import TestServer
from playwright.sync_api import Browser, Page, expect

from intake.inbox.app import inbox_app
from intake.login import log_in
from intake.store.database import Database
from intake.store.migrate import upgrade
from intake.vault.service_key import ServiceKey
from tests.browser import PHONE
from tests.patience import PATIENCE
from tests.service import MONDAY_MORNING, PASSPHRASE, Clock, make_config, service_on, staff

pytestmark = pytest.mark.browser
LOGIN = "ost@test"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A phone that knows its owner."""


async def serve(file: Path, told: "Future[tuple[str, str]]", done: Event) -> None:
    """The inbox with a second factor at ``localhost`` (an address can have no passkeys), and somebody's session."""
    await upgrade(f"sqlite:///{file}")
    database = await Database.open(f"sqlite:///{file}")
    with ThreadPoolExecutor(2) as stretcher, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://localhost:{listening.getsockname()[1]}"
        service = service_on(database, ServiceKey.generate(), stretcher, Clock())
        await staff(service, LOGIN, "ost")
        token = await log_in(service, LOGIN, PASSPHRASE, "", MONDAY_MORNING)
        strict = replace(service, config=make_config(inbox={"url": address}))
        async with TestServer(inbox_app(strict), socket_factory=lambda *_: listening):
            told.set_result((address, token.cookie))
            await asyncio.to_thread(done.wait)
    await database.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where the inbox is, and the cookie of a session; served beside this thread, whose loop the browser keeps."""
    told, done = Future[tuple[str, str]](), Event()
    with ThreadPoolExecutor(1) as beside:
        served = beside.submit(lambda: asyncio.run(serve(tmp_path / "hamn.db", told, done)))
        served.add_done_callback(lambda ended: told.done() or told.set_exception(ended.exception() or EOFError()))
        yield told.result(PATIENCE)
        done.set()
        served.result(PATIENCE)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone that makes passkeys."""
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    page = context.new_page()
    control = context.new_cdp_session(page)
    control.send("WebAuthn.enable")
    control.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    context.close()


def log_in_by_passkey(page: Page, address: str) -> None:
    page.goto(f"{address}/login")
    page.fill("#login", LOGIN)
    page.fill("#passphrase", PASSPHRASE)
    page.locator("form[data-passkey] button.second").click()


def test_a_passkey_is_made_logged_in_with_and_removed(inbox: tuple[str, str], phone: Page) -> None:
    address, cookie = inbox
    phone.context.add_cookies([{"name": "hamn", "value": cookie, "url": address}])
    phone.goto(f"{address}/account")
    phone.fill("#name", "work phone")
    phone.fill("#current-too", PASSPHRASE)
    phone.locator("form[data-passkey] button").click()
    expect(phone.locator(".people").last).to_contain_text("work phone")

    phone.locator("form[action='/logout'] button").click()
    log_in_by_passkey(phone, address)
    expect(phone.locator("h1")).to_have_text("Cases")

    phone.goto(f"{address}/account")
    phone.locator("form[action$='/remove'] input[name=current]").fill(PASSPHRASE)
    phone.locator("form[action$='/remove'] button").click()
    expect(phone.locator("main")).not_to_contain_text("work phone")
    phone.locator("form[action='/logout'] button").click()
    log_in_by_passkey(phone, address)
    expect(phone.locator("[role=alert]")).to_contain_text("wrong")
