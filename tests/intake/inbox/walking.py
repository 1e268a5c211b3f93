"""A walk through every page of the inbox in a real Chromium, and what is looked at on each: script, width, keys."""

from collections.abc import Callable, Iterator, Mapping
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import Demo
from tests.service import PASSPHRASE

DESK = "ost@demo"
_TWICE = "document.documentElement.style.fontSize = '200%'"
_UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
_FROM_THE_TOP = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
"""Where a field took the focus by itself the Tab key would else begin behind it."""
_FITS = "document.documentElement.scrollWidth <= innerWidth"
_STOPS = """() => {
    const groups = new Set();
    const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    return [...document.querySelectorAll(all)].filter((one) => {
        if (one.disabled || one.tabIndex < 0 || one.type === "hidden") return false;
        if (!one.checkVisibility({ visibilityProperty: true })) return false;
        const group = one.type === "radio" && one.form.action + one.name;
        if (!group) return true;
        const first = !groups.has(group);
        groups.add(group);
        return first;
    }).length;
}"""
"""How many places the Tab key stops at: a group of radio buttons is one."""
_STOP = """() => {
    const here = document.activeElement;
    if (!here || here === document.body || here.dataset.walked) return null;
    const box = here.getBoundingClientRect(), look = getComputedStyle(here);
    here.dataset.walked = "1";
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const marked = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
    return { name: here.outerHTML.slice(0, 80), seen, marked };
}"""
"""Where the focus is: whether it is in sight, and whether one sees that it is there; null where it was before."""


def log_in(page: Page, demo: Demo, login: str = DESK, passphrase: str = "") -> None:
    page.goto(f"{demo.inbox}/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=passphrase]", passphrase or demo.passphrases[login])
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
        "/undelivered",
        "/colleagues",
        "/account",
        "/duty",
        "/notices",
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
    login = f"{uuid4().hex}@demo"
    code = _invite(page, login)
    yield "invited"
    page.context.clear_cookies()
    page.goto(f"{demo.inbox}/join")
    page.fill("#invitation", code)
    page.locator("main button").click()
    yield "joining"
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#again", PASSPHRASE)
    page.locator("main button").click()
    log_in(page, demo, login, PASSPHRASE)
    page.goto(f"{demo.inbox}/register")
    yield "register"


def look_with_axe(page: Page, name: str) -> None:
    """No rule of accessibility is broken, whatever is unfolded, and nothing is wider than the page."""
    page.evaluate(_UNFOLD)
    assert [one["id"] for one in Axe().run(page).response["violations"]] == [], name
    assert page.evaluate(_FITS), name


def look_enlarged(page: Page, name: str) -> None:
    """With letters of twice the size all of it still fits the width."""
    page.evaluate(_TWICE)
    page.evaluate(_UNFOLD)
    assert page.evaluate(_FITS), name


def walk_by_keys(page: Page, name: str) -> None:
    """The Tab key comes to everything that can be used, each time in sight and marked."""
    page.evaluate(_UNFOLD)
    page.evaluate(_FROM_THE_TOP)
    wanted, stops = page.evaluate(_STOPS), []
    for _ in range(4 * wanted):  # a date has several places inside
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        stops += [stop] if stop else []
        if len(stops) == wanted:
            break
    assert [stop["name"] for stop in stops if not stop["seen"] or not stop["marked"]] == [], name
    assert len(stops) == wanted, (name, stops[-1:])


Look = Callable[[Page, str], None]
LOOKS: Mapping[str, Look] = {"axe": look_with_axe, "enlarged": look_enlarged, "keys": walk_by_keys}


def _invite(page: Page, login: str) -> str:
    """The code of a registrar's invitation, on the page that shows it."""
    page.fill("#invited", login)
    page.select_option("#desk", "ost")
    page.select_option("#role", "registrar")
    page.locator("form:has(#invited) button").click()
    return page.locator("p.code.big").inner_text()
