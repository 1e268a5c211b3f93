"""The demo's phones in a real browser: a text in, the desk's answer, the answer out, over real hooks and signatures."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import Demo

pytestmark = pytest.mark.browser
TEXT = "Jag är i Gällivare och han har tagit mitt pass. Jag vågar inte ringa 😀"
ANSWER = "Tack för att du skrev. Är du i säkerhet just nu?"


def write(page: Page, way: str, text: str) -> None:
    page.fill(f"#{way}-text", text)
    page.press(f"#{way}-text", "Enter")


def log_in(page: Page, demo: Demo, login: str) -> None:
    page.goto(f"{demo.inbox}/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=passphrase]", demo.passphrases[login])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def test_a_text_comes_in_is_answered_and_the_answer_goes_out(demo: Demo, page: Page) -> None:
    page.goto(demo.phones)
    write(page, "sms", TEXT)
    expect(page.locator("#sms")).to_contain_text("Meddelandet kom fram")
    write(page, "sms", "JA")
    expect(page.locator("#sms li")).to_have_count(3)
    desk = page.context.new_page()
    log_in(desk, demo, "nord@demo")
    desk.locator(".cases a", has_text="Gällivare").first.click()
    expect(desk.locator("main")).to_contain_text("han har tagit mitt pass")
    desk.fill("textarea[name=text]", ANSWER)
    desk.locator("form:has(textarea[name=text]) button").last.click()
    expect(desk.locator("main")).to_contain_text(ANSWER)
    expect(page.locator("#sms")).to_contain_text("något nytt till dig")
    expect(page.locator("#sms")).not_to_contain_text(ANSWER)
    write(page, "sms", "ALLT")
    expect(page.locator("#sms")).to_contain_text(ANSWER)


def test_the_chat_is_played_by_its_buttons(demo: Demo, page: Page) -> None:
    page.goto(demo.phones)
    write(page, "chat", "/start")
    page.locator("#chat button", has_text="Svenska").last.click()
    page.locator("#chat button", has_text="Jag behöver hjälp").last.click()
    page.locator("#chat button", has_text="Dela min plats").last.click()
    expect(page.locator("#chat")).to_contain_text("Skriv med egna ord")


def test_a_coordinator_is_told_on_the_second_phone(demo: Demo, page: Page) -> None:
    page.goto(demo.phones)
    desk = page.context.new_page()
    log_in(desk, demo, "syd@demo")
    desk.goto(f"{demo.inbox}/notices")
    desk.locator("form[action='/notices/test'] button").click()
    expect(page.locator("#duty")).to_contain_text("Regionkoordinator Syd")
    expect(page.locator("#duty")).to_contain_text("Det här är ett prov")


def test_the_page_is_for_everybodys_eyes_and_no_wider_than_a_phone(demo: Demo, page: Page) -> None:
    page.goto(demo.phones)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context = page.context.browser.new_context(bypass_csp=True)
    open_page = context.new_page()
    open_page.goto(demo.phones)
    assert Axe().run(open_page).response["violations"] == []
    context.close()
