"""The inbox in a real Chromium: by keyboard alone, without script, on a phone, for everybody's eyes."""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from bridges.segments import segments
from tests.browser import PHONE, Demo, travel
from tests.intake.inbox.walking import LOOKS, log_in, visit_every_page

pytestmark = pytest.mark.browser


WALKS = [("axe", "sv-SE", "light")]
WHOLE = [(look, lang, scheme) for look in LOOKS for lang in ("sv-SE", "en-GB") for scheme in ("light", "dark")]


def walk(browser: Browser, demo: Demo, look: str, lang: str, scheme: str) -> list[str]:
    """Look at every page on a phone; their names."""
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, locale=lang, bypass_csp=True)
    page, seen = context.new_page(), []
    for name in visit_every_page(page, demo):
        LOOKS[look](page, name)
        seen.append(name)
    context.close()
    return seen


@pytest.mark.parametrize(("look", "lang", "scheme"), WALKS)
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    look: str, lang: str, scheme: str, browser: Browser, demo: Demo
) -> None:
    assert walk(browser, demo, look, lang, scheme)[-1] == "register"


@pytest.mark.soak
@pytest.mark.parametrize(("look", "lang", "scheme"), [one for one in WHOLE if one not in WALKS])
def test_every_page_can_be_read_enlarged_and_used_by_keys_in_both_languages(
    look: str, lang: str, scheme: str, browser: Browser, demo: Demo
) -> None:
    assert walk(browser, demo, look, lang, scheme)[-1] == "register"


@pytest.mark.parametrize("look", LOOKS)
def test_a_case_and_the_list_can_be_read_in_the_dark_enlarged_and_by_keys(
    look: str, browser: Browser, demo: Demo
) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme="dark", locale="en-GB", bypass_csp=True)
    page = context.new_page()
    log_in(page, demo)
    LOOKS[look](page, "list")
    page.locator(".cases a").first.click()
    LOOKS[look](page, "case")
    context.close()


TEXTS = ["", "Hej", "x" * 161, "€" * 81, "[" * 154, "ș" * 71, "😀" * 34, "a" * 152 + "€" * 80, "ș" * 66 + "😀" * 40]


def test_the_script_counts_sms_as_the_server_does(page: Page, demo: Demo) -> None:
    page.goto(demo.phones)
    page.fill("#sms-text", "Jag är i Luleå och behöver hjälp.")
    page.press("#sms-text", "Enter")
    expect(page.locator("#sms")).to_contain_text("Meddelandet kom fram")
    log_in(page, demo, "nord@demo")
    page.locator(".cases a", has_text="Luleå").first.click()
    for text in TEXTS:
        page.fill("#text", text)
        expect(page.locator("#sending output")).to_have_text(str(segments(text).parts))
    page.fill("#text", "")


def test_no_page_calls_anybody_else_or_breaks_its_own_rules(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    page, asked, complaints = context.new_page(), [], []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "warning" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    assert list(visit_every_page(page, demo))[-1] == "register"
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
    expect(bare_page.locator("form[action$='/take']")).to_have_count(0)
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
    travel(page, -1)
    expect(page).to_have_url(re.compile("/login"))
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
    expect(page.locator(".cases a")).to_have_count(before + 1)
    expect(page.locator("#waiting")).not_to_be_empty()
    assert page.evaluate("document.activeElement.href") == chosen
