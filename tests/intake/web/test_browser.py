"""The public pages in a real Chromium: accessible in every language, and left without a trace in the Back button."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import A_MOMENT, Demo, addresses, travel
from tests.intake.inbox.walking import LOOKS, look_enlarged, walk_by_keys
from tests.intake.parser.samples import PICTURES

NAMES = ("", "tip", "help", "buyer", "professional", "mailbox", "support", "privacy", "accessibility")
NARROW = {"width": 320, "height": 700}
SETTLED = 700
"""Milliseconds in which a page that came out of the back/forward cache could still show what it held."""
TYPED = "Something that nobody else may read"

pytestmark = pytest.mark.browser


def _faults(page: Page) -> list[str]:
    found = [f"{page.url} {fault['id']}" for fault in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{page.url} is wider than the phone")
    return found


def _faults_at(page: Page, demo: Demo, path: str) -> list[str]:
    page.goto(f"{demo.public}/{path}")
    return _faults(page)


def _languages(page: Page, demo: Demo) -> list[str]:
    page.goto(demo.public)
    return re.findall(r'href="/([\w-]+)/" lang=', page.content())


@pytest.fixture
def alone(browser: Browser) -> Iterator[Callable[[bool], Page]]:
    """Phones that reach nothing but this machine: the neutral site at the end of the way out fails to load."""
    contexts = []

    def page(javascript: bool) -> Page:
        nowhere = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}
        contexts.append(browser.new_context(viewport=NARROW, java_script_enabled=javascript, proxy=nowhere))
        return contexts[-1].new_page()

    yield page
    for context in contexts:
        context.close()


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    """A narrow phone. The pages' own policy keeps axe out; it is tested by itself (tests/intake/pages)."""
    context = browser.new_context(viewport=NARROW, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_in_a_language_of_each_direction_and_script(narrow: Page, demo: Demo):
    pages = [f"sv/{name}" for name in NAMES] + [f"{tag}/{name}" for tag in ("ar", "th") for name in ("help", "mailbox")]
    assert [fault for page in pages for fault in _faults_at(narrow, demo, page)] == []


@pytest.mark.soak
def test_axe_finds_nothing_on_any_page_in_any_language_on_a_narrow_phone(narrow: Page, demo: Demo):
    pages = [f"{tag}/{name}" for tag in _languages(narrow, demo) for name in NAMES]
    assert [fault for page in pages for fault in _faults_at(narrow, demo, page)] == []


def test_axe_finds_nothing_in_the_dark(narrow: Page, demo: Demo):
    narrow.emulate_media(color_scheme="dark")
    assert [fault for name in ("", "help", "mailbox") for fault in _faults_at(narrow, demo, f"sv/{name}")] == []


def test_axe_finds_nothing_on_the_way_from_an_error_to_the_mailbox(narrow: Page, demo: Demo):
    narrow.goto(f"{demo.public}/sv/help")
    narrow.locator("#place").fill("mal")
    narrow.locator("#place").press("Enter")
    narrow.locator("button[name=send]").click()
    faults = _faults(narrow)
    narrow.locator("#text").fill(TYPED)
    narrow.locator("button[name=send]").click()
    receipt = narrow.locator(".receipt").inner_text()
    faults += _faults(narrow)
    narrow.goto(f"{demo.public}/sv/mailbox")
    narrow.locator("#receipt").fill(receipt)
    narrow.locator("button[value=open]").click()
    narrow.locator(".messages").wait_for()
    faults += _faults(narrow)
    narrow.locator("button[value=ask-erase]").click()
    assert faults + _faults(narrow) == []


def test_text_of_twice_the_size_still_fits(page: Page, demo: Demo):
    page.set_viewport_size(NARROW)
    for name in NAMES:
        page.goto(f"{demo.public}/sv/{name}")
        page.evaluate("document.documentElement.style.setProperty('font-size', '225%')")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], name


def test_a_form_and_its_answer_in_arabic_can_be_read_enlarged_and_used_by_keys(narrow: Page, demo: Demo):
    for name in _answered(narrow, demo, "ar"):
        walk_by_keys(narrow, name)
        look_enlarged(narrow, name)
        if name == "receipt":
            return


@pytest.mark.soak
@pytest.mark.parametrize(("look", "scheme"), [*((look, "light") for look in LOOKS), ("axe", "dark")])
@pytest.mark.parametrize("tag", ["sv", "en", "ar"])
def test_every_page_can_be_read_enlarged_and_used_by_keys_and_axe_finds_nothing(
    look: str, scheme: Literal["light", "dark"], tag: str, narrow: Page, demo: Demo
):
    narrow.emulate_media(color_scheme=scheme)
    seen = []
    for name in chain(_opened(narrow, demo, tag), _answered(narrow, demo, tag)):
        LOOKS[look](narrow, name)
        seen.append(name)
    assert seen[-1] == "erased"


def _opened(page: Page, demo: Demo, tag: str) -> Iterator[str]:
    """Go to every page that is only opened; its address."""
    for path in ("", *(f"{tag}/{name}" for name in (*NAMES, "nowhere"))):
        page.goto(f"{demo.public}/{path}")
        yield path


def _answered(page: Page, demo: Demo, tag: str) -> Iterator[str]:
    """From a form with a fault in it to the erased mailbox; each page's name."""
    page.goto(f"{demo.public}/{tag}/help")
    page.locator("#place").fill("mal")
    page.locator("#place").press("Enter")
    page.locator("input[name=chosen]").first.wait_for()
    yield "search"
    page.locator("button[name=send]").click()
    page.locator("#text-error").wait_for()
    yield "fault"
    page.locator("#text").fill(TYPED)
    page.locator("button[name=send]").click()
    receipt = page.locator(".receipt").inner_text()
    yield "receipt"
    page.locator("button[value=keep]").click()
    page.locator("main a[href$=mailbox]").wait_for()
    yield "kept"
    page.goto(f"{demo.public}/{tag}/mailbox")
    page.locator("#receipt").fill(receipt)
    page.locator("button[value=open]").click()
    page.locator(".messages").wait_for()
    yield "conversation"
    page.locator("button[value=ask-erase]").click()
    page.locator("button[value=erase]").wait_for()
    yield "erase"
    page.locator("button[value=erase]").click()
    page.locator("button").wait_for(state="detached")
    yield "erased"


def test_the_exit_is_the_first_stop_of_the_tab_key_big_enough_and_always_in_sight(page: Page, demo: Demo):
    page.goto(f"{demo.public}/sv/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "exit"
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    box = page.locator("#exit").bounding_box()
    assert box["height"] >= 44
    assert box["y"] == 0
    assert page.evaluate("document.elementFromPoint(innerWidth / 2, 20).id") == "exit"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_after_leaving_the_back_button_shows_nothing_that_was_typed(
    javascript: bool, alone: Callable[[bool], Page], demo: Demo
):
    page = alone(javascript)
    page.goto(f"{demo.public}/en/")
    page.goto(f"{demo.public}/en/help")
    page.locator("#text").fill(TYPED)
    _leave(page)
    travel(page, -1)
    page.wait_for_timeout(SETTLED)
    shown = page.evaluate("[document.body.innerText, ...[...document.querySelectorAll('textarea')].map(t => t.value)]")
    assert TYPED not in "".join(shown)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_who_sends_and_leaves_is_followed_by_no_page_that_can_be_sent_again(
    javascript: bool, alone: Callable[[bool], Page], demo: Demo
):
    page = alone(javascript)
    _send_something(page, demo)
    _leave(page)
    assert addresses(page)[1:-1] == [f"{demo.public}/en/help"]
    travel(page, -1)
    expect(page.locator("#text")).to_have_value("")


def test_back_from_the_number_shows_an_empty_form_without_javascript_too(bare_page: Page, demo: Demo):
    page = bare_page
    _send_something(page, demo)
    page.wait_for_load_state()
    travel(page, -1)
    expect(page.locator("#text")).to_have_value("")


def test_a_number_is_there_when_loaded_again_and_neither_back_nor_forward_asks_to_send_it(page: Page, demo: Demo):
    receipt = _send_something(page, demo)
    page.reload()
    assert page.locator(".receipt").inner_text() == receipt
    page.locator("header a[href$=support]").click()
    page.wait_for_url("**/support")
    travel(page, -1)
    expect(page.locator("#text")).to_have_value("")
    page.locator("#text").fill(TYPED)
    page.locator("button[name=send]").click()
    page.locator(".receipt").wait_for()
    travel(page, -1)
    travel(page, 1)
    expect(page.locator(".receipt")).to_have_count(0)
    expect(page.locator("#text")).to_have_value("")


def _leave(page: Page) -> None:
    """Press the exit, and wait until the neutral site, which cannot be reached, is the newest of the history."""
    with page.expect_event("requestfailed", lambda request: "smhi" in request.url):
        page.locator("#exit").click()
    while "smhi" not in addresses(page)[-1]:
        page.wait_for_timeout(A_MOMENT)


def _send_something(page: Page, demo: Demo) -> str:
    page.goto(f"{demo.public}/en/help")
    page.locator("#text").fill(TYPED)
    page.locator("button[name=send]").click()
    return page.locator(".receipt").inner_text()


def test_shift_three_times_leaves(alone: Callable[[bool], Page], demo: Demo):
    page = alone(True)
    page.goto(f"{demo.public}/en/help")
    page.locator("#text").fill(TYPED)
    with page.expect_event("requestfailed", lambda request: "smhi" in request.url):
        for _ in range(3):
            page.keyboard.press("Shift")


def test_writing_with_capitals_does_not_leave(page: Page, demo: Demo):
    page.goto(f"{demo.public}/en/help")
    page.locator("#text").press_sequentially("SOS HELP ME")
    assert page.locator("#text").input_value() == "SOS HELP ME"


def test_no_page_asks_anything_of_another_site(page: Page, demo: Demo):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in NAMES:
        page.goto(f"{demo.public}/sv/{name}")
    assert [url for url in asked if not url.startswith((demo.public, "data:"))] == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_text_and_a_picture_are_sent_and_found_again_by_keyboard_alone(
    javascript: bool, alone: Callable[[bool], Page], demo: Demo
):
    page = alone(javascript)
    page.goto(f"{demo.public}/en/help")
    _tab_to(page, "text")
    page.keyboard.type("Words by keyboard")
    page.locator("#files").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PICTURES["jpeg"]}])
    _tab_to(page, "send")
    page.keyboard.press("Enter")
    receipt = page.locator(".receipt").inner_text()
    assert "Files that we have received: 1" in page.locator("main").inner_text()
    page.goto(f"{demo.public}/en/mailbox")
    _tab_to(page, "receipt")
    page.keyboard.insert_text(receipt)
    page.keyboard.press("Enter")
    assert "Words by keyboard" in page.locator(".messages").inner_text()


def test_the_number_can_be_copied_where_scripts_run(page: Page, demo: Demo):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{demo.public}/en/tip")
    page.locator("#text").fill("Copied")
    page.locator("button[name=send]").click()
    page.locator("#copy").click()
    page.get_by_text("The number has been copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == re.sub(r"\D", "", page.locator(".receipt").inner_text())


def _tab_to(page: Page, name: str) -> None:
    """Press the tab key until the field or button of this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(name)
