"""Starts what is measured and reads from the system what it used (Linux only: /proc); knows no figure's meaning."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bare import Behind
from benchmarks.load import Measured
from tests.ports import free_ports
from tests.processes import ROOT, House, start, wait_for_port

_TICKS = os.sysconf("SC_CLK_TCK")
_STILL = 0.05
"""CPU seconds in a second of somebody who only waits."""
_NO_EXTRA: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes reports, and the process whose work it is."""

    name: str
    port: int
    process: int


@dataclass(frozen=True, slots=True)
class Run:
    """What the senders saw, and what one accepted report cost the server (CPU seconds)."""

    load: Measured
    server_cpu: float = field(repr=False)

    @property
    def cpu_each(self) -> float:
        """CPU seconds of the server for one report, warm-up included on both sides."""
        return self.server_cpu / self.load.sent


@contextmanager
def serving(house: House, name: str) -> Iterator[Server]:
    """The real service over a folder, with all that it reads at its start read."""
    running = start(house)
    try:
        _settle(running.process.pid)
        yield Server(name, house.public_port, running.process.pid)
    finally:
        running.stop()


def _settle(process: int) -> None:
    """Wait until a process and those that it started do nothing any more."""
    used, before = cpu_seconds(process), -1.0
    while used - before > _STILL:
        time.sleep(1)
        used, before = cpu_seconds(process), used


@contextmanager
def bare(behind: Behind, folder: Path) -> Iterator[Server]:
    """A baseline."""
    (port,) = free_ports(1)
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.bare", behind, str(port), folder], cwd=ROOT)
    try:
        wait_for_port(process, port)
        yield Server(behind, port, process.pid)
    finally:
        process.kill()
        process.wait()


def send(
    server: Server,
    senders: int,
    seconds: float,
    *,
    most: int | None = None,
    extra: Mapping[str, str] = _NO_EXTRA,
) -> Run:
    """Let the load generator send to a server for some time, or until `most` reports are accepted."""
    command = [sys.executable, "-m", "benchmarks.load", str(server.port), "--senders", str(senders)]
    command += ["--seconds", str(seconds), "--extra", json.dumps(extra)]
    command += [] if most is None else ["--most", str(most)]
    before = cpu_seconds(server.process)
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    return Run(Measured(**json.loads(output)), cpu_seconds(server.process) - before)


def cpu_seconds(process: int) -> float:
    """What a process and those that it started have used so far, all threads, in user and kernel mode."""
    # Fields 14 and 15 of proc(5)'s stat; the second may hold spaces, so count from behind its bracket.
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in _family(process)]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / _TICKS


def resident_bytes(process: int) -> int:
    """The memory that a process and those that it started hold now; what they share counts twice."""
    return sum(map(_resident, _family(process)))


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def _family(process: int) -> list[int]:
    """The process, and those that its threads started."""
    children = [path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children")]
    return [process, *(int(child) for some in children for child in some)]
