"""A coordinator's day in a real browser: take, a ready answer in Romanian, refer, follow up, hand on, close, count.

With HAMN_PICTURES=docs/coordinators/pictures it takes the handbook's pictures on the way.
"""

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Demo

pytestmark = pytest.mark.browser
DESK = {"width": 1180, "height": 860}
FRIDAY = 4
ASKS = "Bună, sunt o femeie din România. Un bărbat mi-a luat pașaportul și lucrez în fiecare noapte în Linköping."
TIP = "Jag såg en skåpbil vid lagret i Norrköping varje kväll. Några unga män bars ut och verkade rädda."
WHY = "Hon ringer själv från vårdcentralen"


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """A desk's screen, in Swedish."""
    context = browser.new_context(viewport=DESK, locale="sv-SE", timezone_id="Europe/Stockholm")
    yield context.new_page()
    context.close()


def tell(page: Page, demo: Demo, text: str, kind: str, lang: str = "sv") -> None:
    report = {"text": text, "kind": kind, "county": "05", "lang": lang}
    assert page.request.post(f"{demo.public}/api/v1/reports", data=report).status == 201


def log_in(page: Page, demo: Demo, login: str) -> None:
    page.goto(f"{demo.inbox}/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=passphrase]", demo.passphrases[login])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def search(page: Page, demo: Demo, words: str) -> None:
    page.goto(f"{demo.inbox}/search")
    page.fill("#wanted", words)
    page.locator("form[action='/search'] button").click()
    assert words not in page.url


def open_found(page: Page, demo: Demo, words: str) -> str:
    search(page, demo, words)
    page.locator(".hits a").first.click()
    expect(page.locator("main")).to_contain_text(words)
    return page.url


def unfold(page: Page, action: str) -> None:
    """Open the fold that a form lies in."""
    form = page.locator(f"form[action$='{action}']").last
    fold = form.locator("xpath=ancestor::details[1]")
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    form.scroll_into_view_if_needed()


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    if folder := os.environ.get("HAMN_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


def send(page: Page, action: str) -> None:
    page.locator(f"form[action$='{action}']").last.locator("button").last.click()
    page.wait_for_load_state()


def next_friday() -> date:
    today = date.today()  # noqa: DTZ011 (the demo runs by this machine's clock)
    return today + timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)


def answer_in_romanian(page: Page) -> None:
    page.select_option("#ready", "ro/safe")
    page.locator("button[formaction$='/ready']").first.click()
    expect(page.locator("#text")).to_have_value(re.compile("^Nu vrem să scriem"))
    picture(page, "fardigt-svar")
    page.locator(".answer form > button").last.click()
    expect(page.locator(".turn.from_desk").last).to_contain_text("Nu vrem să scriem")


def refer_with_consent(page: Page) -> None:
    unfold(page, "/referral")
    page.fill("#partner", "Socialtjänsten")
    page.check("form[action$='/referral'] input[value=consent]")
    page.fill("#passed-on", "Var hon befinner sig och att hon behöver boende")
    page.locator("#passed-on").scroll_into_view_if_needed()
    picture(page, "hanvisning")
    send(page, "/referral")
    expect(page.locator("#file")).to_contain_text("Personen har samtyckt")


def follow_up_on_friday(page: Page) -> None:
    unfold(page, "/later")
    page.fill("#back-day", next_friday().isoformat())
    page.fill("#back-why", WHY)
    picture(page, "uppfoljning")
    send(page, "/later")
    expect(page.locator("#later")).to_contain_text(WHY)


def hand_on(page: Page, demo: Demo) -> None:
    open_found(page, demo, "skåpbil vid lagret")
    unfold(page, "/hand-on")
    page.select_option("#to-desk", "syd")
    page.fill("#reason", "Bilen är registrerad i Malmö.")
    picture(page, "lamna-over")
    page.locator("form[action$='/hand-on'] button[value=move]").click()
    page.wait_for_load_state()
    search(page, demo, "skåpbil vid lagret")
    expect(page.locator(".hits a")).to_have_count(0)


def close_with_two_persons(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("details.confirm summary").click()
    page.locator("a[href*='/closing']").click()
    page.select_option("#outcome", "referred")
    page.select_option("#p0-age", "adult")
    page.select_option("#p0-gender", "woman_girl")
    page.select_option("#p0-form", "trafficking")
    page.select_option("#p0-origin", "RO")
    page.check("input[name=p0-sexual]")
    page.locator("button[name=more]").click()
    page.select_option("#p1-age", "child")
    expect(page.locator("#p0-origin")).to_have_value("RO")
    picture(page, "avsluta", whole=True)
    page.locator("form.closing > button").click()
    page.wait_for_url(lambda url: "/cases/" not in url)


def test_a_coordinators_day(desk: Page, demo: Demo) -> None:
    tell(desk, demo, ASKS, "help", "ro")
    tell(desk, demo, TIP, "tip")
    log_in(desk, demo, "ost@demo")
    picture(desk, "lista")
    address = open_found(desk, demo, "luat pașaportul")
    desk.locator("form[action$='/take'] button").click()
    expect(desk.locator("form[action$='/take']")).to_have_count(0)
    picture(desk, "arende")
    answer_in_romanian(desk)
    refer_with_consent(desk)
    follow_up_on_friday(desk)
    hand_on(desk, demo)
    close_with_two_persons(desk, address)
    desk.goto(f"{demo.inbox}/numbers")
    expect(desk.locator("svg.picture")).to_have_count(2)
    picture(desk, "manadens-bild")
    desk.goto(f"{address}/closing")
    expect(desk.locator("main")).to_contain_text("2 personer i ärendet är redan räknade")


def test_the_national_desk_looks_at_the_year(desk: Page, demo: Demo) -> None:
    log_in(desk, demo, "nationell@demo")
    desk.goto(f"{demo.inbox}/numbers/published")
    expect(desk.locator("svg.map")).to_be_visible()
    desk.goto(f"{demo.inbox}/numbers/survey")
    desk.locator("main form.row button").click()
    expect(desk.locator("table.numbers")).to_be_visible()
    picture(desk, "kartlaggning")
