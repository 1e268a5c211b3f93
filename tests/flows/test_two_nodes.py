"""Two processes on one database, one of them killed with cases and leases in its hands: all are told, each once."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from intake.model import OutgoingState
from intake.outbox.carry import LEASE
from intake.store import nudges
from intake.store.schema import cases, outbox
from intake.vault.key_file import save_service_key
from tests.intake.nudging.town import Town, settle
from tests.patience import PATIENCE
from tests.processes import ROOT
from tests.service import MONDAY_MORNING
from triage.model import Pace
from triage.timeline import Given, Rule

AT_A_DESK = 4


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Several nodes need PostgreSQL."""
    return postgresql_url


@pytest.fixture
async def town(service) -> Town:
    """One coordinator at each desk, and acute cases at every one of them."""
    town = await settle(service)
    for desk in town.members:
        for _ in range(AT_A_DESK):
            await town.open(Pace.NOW, MONDAY_MORNING, desk)
    return town


class Nodes:
    """Starts processes; whatever still runs at the end is killed."""

    def __init__(self, url: str, key_file: Path) -> None:
        self.url, self.key_file = url, key_file
        self.running: list[subprocess.Popen[str]] = []

    def begin(self, at: datetime, hangs: str = "nowhere") -> subprocess.Popen[str]:
        """A node that waits for its `go`."""
        command = [sys.executable, "-m", "tests.flows.node", self.url, str(self.key_file), at.isoformat(), hangs]
        pipe, away = subprocess.PIPE, subprocess.DEVNULL
        node = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=away, text=True)
        self.running.append(node)
        return node


@pytest.fixture
def nodes(postgresql_url: str, tmp_path: Path, house_key) -> Iterator[Nodes]:
    save_service_key(tmp_path / "service.key", house_key)
    nodes = Nodes(postgresql_url, tmp_path / "service.key")
    yield nodes
    for node in nodes.running:
        node.kill()
        node.communicate()


def go(node: subprocess.Popen[str]) -> None:
    assert node.stdin is not None
    node.stdin.write("\n")
    node.stdin.flush()


def until(node: subprocess.Popen[str], words: str) -> None:
    """Wait until the node says so."""
    assert node.stdout is not None
    assert any(line.strip() == words for line in node.stdout), f"the node ended without: {words}"


def sent_by(node: subprocess.Popen[str]) -> list[str]:
    """The texts that a node has sent by its end."""
    said, _ = node.communicate(timeout=3 * PATIENCE)
    assert node.returncode == 0
    return [line.removeprefix("sent ") for line in said.splitlines() if line.startswith("sent ")]


async def test_whatever_a_killed_node_held_the_other_tells_once(town: Town, nodes: Nodes):
    # Within minutes of the first alarm no case rings again: what the last one finds is what the dead left.
    later = MONDAY_MORNING + LEASE + timedelta(seconds=1)
    with_cases, with_leases = [nodes.begin(MONDAY_MORNING, hangs) for hangs in ("sweeping", "carrying")]
    other = nodes.begin(later)
    go(with_cases)
    until(with_cases, "holds cases")
    go(with_leases)
    with_cases.kill()
    until(with_leases, "holds leases")
    with_leases.kill()
    go(other)
    sent = sent_by(other)
    assert len(sent) == len(set(sent)) == len(town.members)
    query = select(outbox.c.member_id, outbox.c.state)
    rows = await town.service.database.read(lambda conn: conn.execute(query).all())
    assert sorted(row.member_id for row in rows) == sorted(town.members.values())
    assert {row.state for row in rows} == {OutgoingState.SENT.value}


@pytest.mark.soak
async def test_two_nodes_that_sweep_at_once_count_each_case_once(town: Town, nodes: Nodes):
    both = [nodes.begin(MONDAY_MORNING) for _ in range(2)]
    for node in both:
        go(node)
    sent = [one for node in both for one in sent_by(node)]
    assert len(sent) == len(set(sent)) == len(town.members)
    said = await town.service.database.read(_said)
    assert len(said) == AT_A_DESK * len(town.members)
    assert {one[Rule.NEW].times for one in said} == {1}


def _said(conn: Connection) -> list[dict[Rule, Given]]:
    """What was said of each case."""
    return list(nudges.given(conn, conn.execute(select(cases.c.id)).scalars().all()).values())
