"""The real service as a process of its own, made in a folder, started, killed, started again; knows no page."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from intake.app import open_service, run
from intake.config import example, load
from intake.vault.key_file import save_service_key
from intake.vault.service_key import ServiceKey
from intake.vault.suite import PrivateKey
from tests.patience import PATIENCE
from tests.ports import free_ports
from tests.service import CHEAP, KNOWLEDGE, staff

ROOT = Path(__file__).parents[1]
STARTS_WITHIN = 180.0
"""Seconds; a start takes three when the machine is idle."""

_CONFIG = """
[service]
national_desk = "nationell"
key_file = "{folder}/service.key"
helping_processes = {helping}
{recovery}
[operator]
kind = "organisation"
[database]
url = "{database}"
[web]
public_url = "http://127.0.0.1:{ports[0]}"
listen = "127.0.0.1:{ports[0]}"
[inbox]
url = "http://127.0.0.1:{ports[1]}"
listen = "127.0.0.1:{ports[1]}"
totp = false
[ops]
listen = "127.0.0.1:{ports[2]}"
[limits]
everybody_a_minute = 0
desk_a_minute = 0
"""


class NotServing(Exception):
    """The process ended, or opened no port in time; carries what it said last."""


@dataclass(frozen=True, slots=True)
class House:
    """A folder with everything that `serve` needs, one member at every desk: `DESK@test`."""

    folder: Path
    public_port: int
    inbox_port: int
    ops_port: int

    @property
    def config_file(self) -> Path:
        return self.folder / "hamn.toml"

    @property
    def log_file(self) -> Path:
        return self.folder / "service.log"


@dataclass(frozen=True, slots=True)
class Running:
    """A process that serves."""

    house: House
    process: subprocess.Popen[bytes] = field(repr=False)

    def kill(self) -> None:
        """`kill -9`: no goodbye, nothing flushed."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self.process.terminate()
        self.process.wait()


async def make_house(folder: Path, *, database: str | None = None, recovery: bool = False, helping: int = 0) -> House:
    """Write configuration and keys into a folder, make the tables, and let one member join each desk.

    `database` is the URL of an empty database; without one it is a SQLite file in the folder.
    """
    ports = free_ports(3)
    save_service_key(folder / "service.key", ServiceKey.generate())
    config_file = folder / "hamn.toml"
    config_file.write_text(_config_text(folder, database, ports, recovery=recovery, helping=helping), encoding="utf-8")
    config = load(config_file)
    async with open_service(config) as service:
        for desk in config.desks:
            await staff(replace(service, cost=CHEAP), f"{desk}@test", desk, service.clock())
    return House(folder, *ports)


def start(house: House) -> Running:
    """Start the service and wait until a report can be sent. Raises NotServing."""
    with house.log_file.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "intake", "serve", "--config", house.config_file],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    running = Running(house, process)
    try:
        wait_for_port(process, house.public_port)
    except NotServing:
        running.kill()
        raise NotServing(house.log_file.read_text(encoding="utf-8")[-4000:]) from None
    return running


@pytest.fixture
def begin() -> Iterator[Callable[[House], Running]]:
    """Starts services; whatever still runs at the end of the test is killed."""
    begun: list[Running] = []

    def begin(house: House) -> Running:
        begun.append(start(house))
        return begun[-1]

    yield begin
    for running in begun:
        running.kill()


@asynccontextmanager
async def served_here(house: House) -> AsyncIterator[None]:
    """The house served by this process instead: it finds what a restart finds, a start's seconds earlier."""
    stop, announced = asyncio.Event(), asyncio.Event()
    async with open_service(load(house.config_file)) as service:
        serving = asyncio.create_task(run(replace(service, knowledge=KNOWLEDGE), stop, announced.set))
        await asyncio.wait_for(announced.wait(), PATIENCE)
        try:
            yield
        finally:
            stop.set()
            await serving


def wait_for_port(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when somebody listens on the port. Raises NotServing."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise NotServing


def _config_text(folder: Path, database: str | None, ports: Sequence[int], *, recovery: bool, helping: int) -> str:
    line = ""
    if recovery:
        (folder / "recovery.pub").write_text(PrivateKey.generate().public_bytes.hex(), encoding="ascii")
        line = f'recovery_key_file = "{folder}/recovery.pub"'
    url = database or f"sqlite:///{folder}/hamn.db"
    own = _CONFIG.format(folder=folder, database=url, ports=ports, recovery=line, helping=helping)
    regions_and_desks = example()[example().index("[regions.") :]
    return own + regions_and_desks
