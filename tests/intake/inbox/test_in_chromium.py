"""The inbox in a real Chromium: by keyboard alone, without script, on a phone, for everybody's eyes."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser import PHONE, Demo

pytestmark = pytest.mark.browser
DESK = "ost@demo"


def log_in(page: Page, demo: Demo, login: str = DESK) -> None:
    page.goto(f"{demo.inbox}/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=passphrase]", demo.passphrases[login])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def visit_every_page(page: Page, demo: Demo) -> Iterator[str]:
    """Go to each kind of page in turn; its name."""
    for path in ("/login", "/join"):
        page.goto(demo.inbox + path)
        yield path
    log_in(page, demo)
    yield "/"
    page.locator(".cases a").first.click()
    yield "case"
    page.goto(f"{page.url}/closing")
    yield "closing"
    page.goto(page.url.replace("/closing", "/interpreter"))
    yield "interpreter"
    page.locator("main form button").click()
    yield "interpreter's copy"
    page.goto(f"{demo.inbox}/?urgency=high")
    yield "narrowed"
    for path in (
        "/closed",
        "/colleagues",
        "/account",
        "/search",
        "/numbers",
        "/numbers/published",
        "/numbers/survey",
        "/nothing",
    ):
        page.goto(demo.inbox + path)
        yield path
    page.context.clear_cookies()
    log_in(page, demo, "admin@demo")
    yield "administrator"
    page.fill("#invited", "somebody@example")
    page.select_option("#desk", "ost")
    page.locator("form:has(#invited) button").click()
    yield "invited"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(scheme: str, browser: Browser, demo: Demo) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, locale="sv-SE", bypass_csp=True)
    page = context.new_page()
    for name in visit_every_page(page, demo):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found] == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    context.close()


def test_no_page_calls_anybody_else_or_breaks_its_own_rules(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    page, asked, complaints = context.new_page(), [], []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "warning" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    assert list(visit_every_page(page, demo))[-1] == "invited"
    assert [url for url in asked if not url.startswith((demo.inbox, "data:"))] == []
    assert complaints == []
    context.close()


def test_a_case_is_found_opened_and_answered_by_keyboard_alone(page: Page, demo: Demo) -> None:
    log_in(page, demo)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.href") == first
    page.keyboard.press("Enter")
    page.wait_for_url(first)
    page.keyboard.press("r")
    page.keyboard.type("Tack. jk? Vi hör av oss.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.from_desk").last).to_contain_text("Tack. jk? Vi hör av oss.")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")


def test_without_script_a_case_is_taken_and_closed_with_one_confirmation(bare_page: Page, demo: Demo) -> None:
    log_in(bare_page, demo, "mitt@demo")
    bare_page.locator(".cases a").first.click()
    address = bare_page.url
    bare_page.locator("form[action$='/take'] button").click()
    expect(bare_page.locator("aside form[action$='/take']")).to_have_count(0)
    bare_page.locator("details.confirm summary").click()
    bare_page.locator("form[action$='/close'] button").click()
    bare_page.goto(f"{demo.inbox}/closed")
    assert address.removeprefix(demo.inbox) in bare_page.content()


def test_after_logging_out_nothing_comes_back_by_the_back_key(page: Page, demo: Demo) -> None:
    log_in(page, demo)
    page.locator(".cases a").first.click()
    told = page.locator(".text").first.inner_text()
    page.locator("form[action='/logout'] button").click()
    page.wait_for_url("**/login")
    page.go_back()
    assert told not in page.content()


def test_a_new_case_comes_into_an_open_list_by_itself_and_leaves_the_keyboard_where_it_was(
    page: Page, demo: Demo
) -> None:
    log_in(page, demo, "vast@demo")
    before = page.locator(".cases a").count()
    page.keyboard.press("j")
    chosen = page.evaluate("document.activeElement.href")
    told = {"text": "Jag såg något konstigt i porten.", "municipality": "1480", "county": "14"}
    assert page.request.post(f"{demo.public}/api/v1/reports", data=told).status == 201
    expect(page.locator(".cases a")).to_have_count(before + 1, timeout=15_000)
    expect(page.locator("#waiting")).not_to_be_empty()
    assert page.evaluate("document.activeElement.href") == chosen
