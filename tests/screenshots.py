"""Takes the pictures of docs/screenshots: every public page in three languages, light and dark, and the inbox."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ARGUMENTS, PHONE, ROOT, Demo, find_chromium, running_demo

FOLDER = ROOT / "docs" / "screenshots"
LANGUAGES = ("sv", "en", "ar")
NAMES = ("", "tip", "help", "buyer", "professional", "mailbox", "support", "privacy", "accessibility")
INBOX = (
    "/",
    "/closed",
    "/undelivered",
    "/colleagues",
    "/account",
    "/duty",
    "/notices",
    "/search",
    "/numbers",
    "/numbers/published",
)
SIGHTS = ((1100, "wide", "sv-SE"), (PHONE["width"], "phone", "sv-SE"), (PHONE["width"], "phone-en", "en-GB"))
"""How the inbox is looked at: how wide, under which name, in which language."""
LARGEST = 22_500
"""Bytes of one picture; a page that would be larger is drawn coarser."""
DESK = "ost@demo"
WRITTEN = "Jag tror att någon hålls kvar på hotellet vid stationen."


def main() -> None:
    """Start the demo, walk through it, write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, running_demo(Path(folder)) as demo, _chromium() as browser:
        for scheme in ("light", "dark"):
            for name, page in _public(browser, demo, scheme):
                _keep(page, f"public-{name}-{scheme}")
            for name, page in _inbox(browser, demo, scheme):
                _keep(page, f"inbox-{name}-{scheme}")


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


def _public(browser: Browser, demo: Demo, scheme: str) -> Iterator[tuple[str, Page]]:
    page = browser.new_context(viewport=PHONE, color_scheme=scheme, locale="sv-SE").new_page()
    page.goto(demo.public)
    yield "start", page
    for tag in LANGUAGES:
        for name in NAMES:
            page.goto(f"{demo.public}/{tag}/{name}")
            yield f"{name or 'home'}-{tag}", page
        yield from _written(page, demo, tag)
    page.context.close()


def _written(page: Page, demo: Demo, tag: str) -> Iterator[tuple[str, Page]]:
    """From an error to the receipt, the mailbox and the question before erasing."""
    page.goto(f"{demo.public}/{tag}/help")
    page.locator("button[name=send]").click()
    yield f"error-{tag}", page
    page.locator("#text").fill(WRITTEN)
    page.locator("#files").set_input_files([{"name": "bild.heic", "mimeType": "image/heic", "buffer": b"none"}])
    page.locator("button[name=send]").click()
    receipt = page.locator(".receipt").inner_text()
    yield f"receipt-{tag}", page
    page.goto(f"{demo.public}/{tag}/mailbox")
    page.locator("#receipt").fill(receipt)
    page.locator("button[value=open]").click()
    page.locator(".messages").wait_for()
    yield f"conversation-{tag}", page
    page.locator("button[value=ask-erase]").click()
    yield f"erase-{tag}", page


def _inbox(browser: Browser, demo: Demo, scheme: str) -> Iterator[tuple[str, Page]]:
    for width, label, lang in SIGHTS if scheme == "light" else SIGHTS[:2]:
        context = browser.new_context(viewport={"width": width, "height": 760}, color_scheme=scheme, locale=lang)
        page = context.new_page()
        page.goto(f"{demo.inbox}/login")
        yield f"login-{label}", page
        page.fill("input[name=login]", DESK)
        page.fill("input[name=passphrase]", demo.passphrases[DESK])
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/login" not in address)
        for path in INBOX:
            page.goto(demo.inbox + path)
            yield f"{path.strip('/').replace('/', '-') or 'list'}-{label}", page
        page.goto(demo.inbox)
        page.locator(".cases a").first.click()
        page.locator(".talk").wait_for()
        yield f"case-{label}", page
        page.goto(f"{page.url}/closing")
        yield f"closing-{label}", page
        context.close()


def _keep(page: Page, name: str) -> None:
    """Write what is on the page, whole, as WebP."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, 2200)))
    for quality in (60, 40, 20, 12, 5):
        target = io.BytesIO()
        picture.save(target, "WEBP", quality=quality, method=4)
        if target.tell() <= LARGEST:
            break
    (FOLDER / f"{name}.webp").write_bytes(target.getvalue())


if __name__ == "__main__":
    main()
