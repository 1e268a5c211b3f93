"""The whole way in a real browser: write, keep the receipt, be answered, read the answer with nothing else."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Demo

pytestmark = pytest.mark.browser
TEXT = "I huset mittemot vår skola i Kiruna bor fyra män som aldrig får gå ut. En bil hämtar dem före sex."
ANSWER = "Tack. Vet du vilka dagar bilen kommer?"
RECEIPT = re.compile(r"\d{4}(\s+\d{4}){6}")


def test_somebody_writes_and_reads_the_answer_with_the_receipt_alone(demo: Demo, bare_page: Page) -> None:
    bare_page.goto(f"{demo.public}/sv/tip")
    bare_page.fill("textarea[name=text]", TEXT)
    bare_page.locator("form:has(textarea) button").last.click()
    receipt = RECEIPT.search(bare_page.inner_text("main"))
    assert receipt is not None

    bare_page.goto(f"{demo.inbox}/login")
    bare_page.fill("input[name=login]", "nord@demo")
    bare_page.fill("input[name=passphrase]", demo.passphrases["nord@demo"])
    bare_page.locator("form:has(input[name=passphrase]) button").click()
    bare_page.locator("main a", has_text="Kiruna").first.click()
    expect(bare_page.locator("main")).to_contain_text("En bil hämtar dem före sex.")
    bare_page.fill(".answer textarea[name=text]", ANSWER)
    bare_page.locator(".answer form button").last.click()
    expect(bare_page.locator("main")).to_contain_text(ANSWER)

    bare_page.context.clear_cookies()
    bare_page.goto(f"{demo.public}/sv/mailbox")
    bare_page.fill("input[name=receipt]", receipt.group())
    bare_page.locator("form:has(input[name=receipt]) button").click()
    expect(bare_page.locator("main")).to_contain_text(ANSWER)
    assert bare_page.context.cookies(demo.public) == []
