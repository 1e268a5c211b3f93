"""Fixtures: a real Chromium, and the demo running as a process of its own, as its users meet it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from tests.patience import PATIENCE
from tests.ports import free_ports

ROOT = Path(__file__).parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
A_MOMENT = 20
"""Milliseconds between two looks."""


@dataclass(frozen=True)
class Demo:
    """The running demo: where its pages are, and everybody's passphrase."""

    public: str
    inbox: str
    passphrases: dict[str, str]
    phones: str = ""


def find_chromium() -> str | None:
    """A Chromium on this machine; else Debian's package when root; else None, for the runner's own download."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-core"]
        subprocess.run(
            install, check=False, stdout=subprocess.DEVNULL, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        )
        found = shutil.which("chromium")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: their runner keeps a loop in this thread, and under it no asynchronous test starts."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The runner, patient with a machine that has other work."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium with its back/forward cache on. Where there is none to be had, browser tests are skipped by name."""
    path = find_chromium()
    if path is None:
        download = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(download, check=False, stdout=subprocess.DEVNULL).returncode:
            pytest.skip("no Chromium on this machine, and none could be installed")
    running = playwright.chromium.launch(
        executable_path=path, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield running
    running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone's page with JavaScript, in Swedish."""
    context = browser.new_context(viewport=PHONE, locale="sv-SE", timezone_id="Europe/Stockholm")
    yield context.new_page()
    context.close()


@pytest.fixture
def bare_page(browser: Browser) -> Iterator[Page]:
    """A phone's page without JavaScript, in Swedish."""
    context = browser.new_context(viewport=PHONE, locale="sv-SE", java_script_enabled=False)
    yield context.new_page()
    context.close()


def travel(page: Page, steps: int) -> None:
    """Goes this many steps forth (back where negative), as the keys do, until another page is there.

    A page out of the back/forward cache loads itself again at once: the driver's own waiting breaks there.
    """
    page.evaluate("document.documentElement.dataset.left = 'yes'")
    history = _history(page)
    there = history["entries"][history["currentIndex"] + steps]
    page.context.new_cdp_session(page).send("Page.navigateToHistoryEntry", {"entryId": there["id"]})
    page.locator("html:not([data-left])").wait_for()


def addresses(page: Page) -> list[str]:
    """All that the page's history holds, the oldest first."""
    return [entry["url"] for entry in _history(page)["entries"]]


def _history(page: Page) -> dict[str, Any]:
    """While one page gives way to another neither is the active one, and there is nothing to ask."""
    while True:
        try:
            return page.context.new_cdp_session(page).send("Page.getNavigationHistory")
        except Error as refused:
            if "active page" not in refused.message:
                raise
        page.wait_for_timeout(A_MOMENT)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, fresh, as a process of its own."""
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """The demo in this folder, until the end of the block."""
    port = free_ports(4)[0]
    errors = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "intake", "demo", "--port", str(port)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "ready":
            break
    else:
        raise RuntimeError("the demo did not start")
    told = json.loads((folder / "var/demo/logins.json").read_text())
    passphrases = {login["login"]: login["passphrase"] for login in told["logins"]}
    yield Demo(told["public"], told["inbox"], passphrases, told["phones"])
    process.terminate()
    process.wait(PATIENCE)
