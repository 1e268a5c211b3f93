"""The demo starts from nothing, says its logins and `ready`, keeps what it has, and begins anew when told."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from re import findall

import pytest
from aiohttp import ClientSession

from intake.__main__ import main
from intake.demo import start as demo
from intake.demo.start import run_demo
from intake.listener import PortBusy
from intake.service import Service
from tests.intake.inbox.browser import Browser
from tests.patience import PATIENCE
from tests.ports import free_ports
from tests.service import CHEAP, KNOWLEDGE

LOGINS = {
    "nord@demo",
    "mitt@demo",
    "stockholm-barn@demo",
    "stockholm-vuxna@demo",
    "bergslagen@demo",
    "ost@demo",
    "vast@demo",
    "syd@demo",
    "nationell@demo",
    "admin@demo",
}
PORTS = 4
"""How many the demo takes, in a row."""


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read from disk is read once, and a passphrase costs next to nothing."""
    monkeypatch.setattr("intake.app.load_knowledge", lambda: KNOWLEDGE)
    monkeypatch.setattr("intake.app.Service", partial(Service, cost=CHEAP))


@asynccontextmanager
async def running(folder: Path, port: int, said: Callable[[], str], *, fresh: bool = False) -> AsyncIterator[dict]:
    """The demo until the block ends; its logins."""
    stop = asyncio.Event()
    started = asyncio.create_task(run_demo(folder, port, fresh=fresh, limits=True, stop=stop))
    heard = ""
    async with asyncio.timeout(3 * PATIENCE):
        while not heard.endswith("\nready\n"):
            done, _ = await asyncio.wait([started], timeout=0.05)
            assert not done, started.exception()
            heard += said()
    logins = json.loads((folder / "logins.json").read_text(encoding="utf-8"))
    assert all(login["passphrase"] in heard for login in logins["logins"])
    try:
        yield logins
    finally:
        stop.set()
        await started


async def statuses(port: int) -> list[int]:
    found = []
    async with ClientSession() as session:
        for place in (f"{port}/sv/", f"{port + 1}/login", f"{port + 2}/readyz"):
            async with session.get(f"http://127.0.0.1:{place}") as answer:
                found.append(answer.status)
    return found


async def listed_by(logins: dict, login: str) -> list[str]:
    """What somebody sees who logs in as the terminal says."""
    (found,) = [one for one in logins["logins"] if one["login"] == login]
    async with ClientSession(base_url=logins["inbox"]) as session:
        browser = Browser(session)
        assert (await browser.log_in(login, found["passphrase"])).status == 303
        return (await browser.get("/")).cases


async def pictures_of(logins: dict, login: str) -> list[str]:
    """The kinds of the pictures that somebody's cases show, each blurred until it is asked for."""
    (found,) = [one for one in logins["logins"] if one["login"] == login]
    async with ClientSession(base_url=logins["inbox"]) as session:
        browser = Browser(session)
        await browser.log_in(login, found["passphrase"])
        pages = [await browser.get(f"/cases/{case}") for case in (await browser.get("/")).cases]
        veiled = [path for page in pages for path in findall(r'class="veiled" src="([^"]+)"', page.text)]
        answers = [await session.get(path, headers={"Cookie": f"hamn={browser.cookie}"}) for path in veiled]
        return [f"{answer.status} {answer.content_type}" for answer in answers]


async def test_the_demo_serves_keeps_and_begins_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder, port = tmp_path / "demo", free_ports(PORTS)[0]

    def said() -> str:
        return capsys.readouterr().out

    async with running(folder, port, said) as first:
        assert (first["public"], first["inbox"]) == (f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}")
        assert {one["login"] for one in first["logins"]} == LOGINS
        at_desks = {one["desk"]: one["login"] for one in first["logins"]}
        assert at_desks == {login.removesuffix("@demo"): login for login in LOGINS - {"admin@demo"}} | {
            None: "admin@demo"
        }
        assert await statuses(port) == [200, 200, 200]
        seen = {login: await listed_by(first, login) for login in sorted(LOGINS)}
        assert sum(map(len, seen.values())) >= 10
        assert seen["admin@demo"] == []
        assert seen["syd@demo"]
        assert await pictures_of(first, "ost@demo") == ["200 image/jpeg"]
    assert oct((folder / "logins.json").stat().st_mode)[-3:] == "600"

    async with running(folder, port, said) as second:
        assert second == first
        assert await listed_by(second, "syd@demo") == seen["syd@demo"]

    async with running(folder, port, said, fresh=True) as third:
        assert {one["passphrase"] for one in third["logins"]}.isdisjoint(one["passphrase"] for one in first["logins"])


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_busy_port_is_one_sentence(
    which: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    async def nothing_to_tell(*_: object) -> list:
        return []

    async def has_key(*_: object) -> bool:
        return True

    monkeypatch.setattr("intake.__main__.FOLDER", tmp_path / "demo")
    monkeypatch.setattr("intake.__main__.configure_logs", lambda: None)
    monkeypatch.setattr(demo, "_people", nothing_to_tell)
    monkeypatch.setattr(demo, "_tell_stories", nothing_to_tell)
    monkeypatch.setattr("intake.app._national_desk_has_key", has_key)
    port = free_ports(PORTS)[0]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + which))
        taken.listen()
        assert main(["demo", "--port", str(port)]) == 1
    assert f"port {port + which} on 127.0.0.1 is busy" in capsys.readouterr().err


async def test_a_busy_port_is_an_error_with_its_number(tmp_path: Path):
    port = free_ports(PORTS)[0]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 2))
        taken.listen()
        with pytest.raises(PortBusy) as busy:
            await run_demo(tmp_path / "demo", port, fresh=False, limits=True, stop=asyncio.Event())
    assert busy.value.port == port + 2


def test_what_was_begun_and_not_finished_is_begun_anew(tmp_path: Path):
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "hamn.db").write_text("half a beginning")
    demo._prepare(folder, folder / "service.key", fresh=False)
    assert (folder / "service.key").exists()
    assert not (folder / "hamn.db").exists()
