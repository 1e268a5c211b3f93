"""How fast reports are received, by how many senders, at what price; rows (a), (b), (c) and (g)."""

import asyncio
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import Behind
from benchmarks.processes import Run, Server, bare, resident_bytes, send, serving
from benchmarks.rows import Row
from tests.processes import House, make_house

SENDERS = (1, 8, 32, 128)
_MEBIBYTE = 2**20
_HELPING = 2
"""As the service decides on two cores."""
_URGENT: Mapping[str, str] = {"kind": "help", "county": "24"}
_SERVICE = "service"
_SAID = {
    Behind.NOTHING: "bare aiohttp",
    Behind.COMMIT_EACH: "one bare durable insert, a commit each",
    Behind.GROUP_COMMIT: "one bare durable insert, group-committed",
}


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: seconds a run, runs of which the median counts, reports for the memory row."""

    seconds: float
    runs: int
    reports: int


def measure(folder: Path, effort: Effort) -> list[Row]:
    """All rows, from houses made in the folder."""
    plain, guarded = folder / "plain", folder / "guarded"
    plain.mkdir(parents=True)
    guarded.mkdir()
    house = asyncio.run(make_house(plain, helping=_HELPING))
    rows = _rates(house, folder, effort) + _memory(house, effort)
    return rows + _with_more_wraps(house, asyncio.run(make_house(guarded, recovery=True, helping=_HELPING)), effort)


def _rates(house: House, folder: Path, effort: Effort) -> list[Row]:
    rows = []
    with ExitStack() as stack:
        servers = [stack.enter_context(bare(behind, folder)) for behind in Behind]
        servers.append(stack.enter_context(serving(house, _SERVICE)))
        for senders in SENDERS:
            rows += _compared(_in_turn(servers, senders, effort), senders)
    return rows


def _in_turn(servers: Sequence[Server], senders: int, effort: Effort) -> dict[str, Run]:
    """The median run of each server. They take turns, so that a slow minute of the machine falls on all."""
    runs: dict[str, list[Run]] = {server.name: [] for server in servers}
    for _ in range(effort.runs):
        for server in servers:
            runs[server.name].append(_flawless(send(server, senders, effort.seconds)))
    return {name: sorted(found, key=lambda run: run.load.rate)[len(found) // 2] for name, found in runs.items()}


def _flawless(run: Run) -> Run:
    if run.load.refused:
        raise RuntimeError(f"answers other than 201: {run.load.refused}")
    return run


def _compared(runs: Mapping[str, Run], senders: int) -> list[Row]:
    own, who = runs[_SERVICE], f"{senders} sender{'s' if senders > 1 else ''}"
    rows = [
        Row("a", f"accepted, {who}", own.load.rate, "1/s", _SAID[behind], runs[behind].load.rate) for behind in Behind
    ]
    grouped = runs[Behind.GROUP_COMMIT].load
    for mark in ("p50", "p95", "p99"):
        ours, theirs = getattr(own.load, mark), getattr(grouped, mark)
        rows.append(Row("b", f"{mark}, {who}", ours, "ms", _SAID[Behind.GROUP_COMMIT], theirs))
    nothing = runs[Behind.NOTHING]
    price = 1e6 * own.cpu_each, 1e6 * nothing.cpu_each
    rows.append(Row("c", f"CPU of one report, {who}", price[0], "µs", _SAID[Behind.NOTHING], price[1]))
    return rows


def _memory(house: House, effort: Effort) -> list[Row]:
    with serving(house, _SERVICE) as server:
        send(server, 32, seconds=60, most=min(1000, effort.reports))
        before = resident_bytes(server.process)
        send(server, 32, seconds=3600, most=effort.reports)
        after = resident_bytes(server.process)
    what = f"memory after {effort.reports:,} more reports"
    return [Row("c", what, after / _MEBIBYTE, "MiB", "after the first 1,000", before / _MEBIBYTE)]


def _with_more_wraps(plain: House, guarded: House, effort: Effort) -> list[Row]:
    """Reports that cannot wait go to the desk's deputies too, and where it is configured to the recovery key."""
    rates: dict[str, list[float]] = {"plain": [], "deputy": [], "both": []}
    with serving(plain, "plain") as usual, serving(guarded, "guarded") as keeping:
        for _ in range(effort.runs):
            rates["plain"].append(send(usual, 32, effort.seconds).load.rate)
            rates["deputy"].append(send(usual, 32, effort.seconds, extra=_URGENT).load.rate)
            rates["both"].append(send(keeping, 32, effort.seconds, extra=_URGENT).load.rate)
    plain_rate, deputy, both = (statistics.median(found) for found in rates.values())
    return [
        Row("g", "accepted, 32 senders, with a deputy's wraps", deputy, "1/s", "without", plain_rate),
        Row("g", "accepted, 32 senders, with deputy and recovery wraps", both, "1/s", "without", plain_rate),
    ]
