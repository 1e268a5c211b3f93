"""The writer thread: what shares a commit, what fails alone, what fails together, what a caller's cancel does."""

import asyncio
import resource
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, LargeBinary, MetaData, Table, select
from sqlalchemy.exc import IntegrityError

from intake.store import writer as writer_module
from intake.store.engines import create_file, thread_engine
from intake.store.failure import Reason, StoreUnavailable
from intake.store.writer import BATCH, ENOUGH, Writer
from tests.patience import PATIENCE

metadata = MetaData()
notes = Table("notes", metadata, Column("n", Integer, primary_key=True), Column("body", LargeBinary))


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    create_file(tmp_path / "notes.db")
    thread = Writer(thread_engine(tmp_path / "notes.db"))
    await thread.do(metadata.create_all)
    thread.commits = 0
    yield thread
    await thread.close()


def add(n: int, body: bytes = b"") -> Callable[[Connection], int]:
    def work(connection: Connection) -> int:
        connection.execute(notes.insert(), {"n": n, "body": body})
        return n

    return work


async def written(writer: Writer) -> list[int]:
    return await writer.do(lambda connection: list(connection.execute(select(notes.c.n).order_by("n")).scalars()))


class Gate:
    """Work that holds the thread until opened, so that all which follows waits together."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.passed: asyncio.Task[None] | None = None

    def __call__(self, _connection: Connection) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE)


async def hold(writer: Writer) -> Gate:
    """Occupy the thread until the gate is opened."""
    gate = Gate()
    gate.passed = asyncio.create_task(writer.do(gate))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
    return gate


async def behind_gate(writer: Writer, *works: Callable[[Connection], object]) -> list[object]:
    """The outcomes of works that all waited at the same time."""
    gate = await hold(writer)
    tasks = [asyncio.create_task(writer.do(work)) for work in works]
    await asyncio.sleep(0)
    gate.opened.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_all_that_wait_share_one_commit(writer):
    assert await behind_gate(writer, *map(add, range(100))) == list(range(100))
    assert writer.commits == 2


async def test_a_batch_is_bounded(writer):
    await behind_gate(writer, *map(add, range(2 * BATCH + 1)))
    assert writer.commits == 4


async def test_a_commit_waits_until_enough_of_those_who_are_expected_have_come(writer, monkeypatch):
    monkeypatch.setattr(writer_module, "GATHERS", PATIENCE)
    with writer.expect():
        tasks = [asyncio.create_task(writer.do(add(1), patient=True))]
        await asyncio.sleep(0.01)
        assert writer.commits == 0
        tasks += [asyncio.create_task(writer.do(add(n), patient=True)) for n in range(2, ENOUGH + 1)]
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE / 2)
    assert writer.commits == 1


async def test_whoever_does_not_come_is_not_waited_for_long(writer):
    with writer.expect():
        assert await asyncio.wait_for(writer.do(add(1), patient=True), PATIENCE) == 1


async def test_who_has_no_patience_waits_for_nobody(writer, monkeypatch):
    monkeypatch.setattr(writer_module, "GATHERS", PATIENCE)
    with writer.expect():
        patient = asyncio.create_task(writer.do(add(1), patient=True))
        assert await asyncio.wait_for(writer.do(add(2)), PATIENCE / 2) == 2
        assert await patient == 1


async def test_where_nobody_is_expected_nobody_waits(writer, monkeypatch):
    monkeypatch.setattr(writer_module, "GATHERS", PATIENCE)
    with writer.expect():
        pass
    assert await asyncio.wait_for(writer.do(add(1), patient=True), PATIENCE / 2) == 1


async def test_jobs_run_in_order_of_arrival(writer):
    order: list[int] = []
    await behind_gate(writer, *(lambda _connection, n=n: order.append(n) for n in range(300)))
    assert order == list(range(300))


async def test_a_job_that_fails_takes_no_neighbour_with_it(writer):
    def half(connection: Connection) -> None:
        add(8)(connection)
        raise LookupError("mine")

    outcomes = await behind_gate(writer, add(1), half, add(1), add(2))
    assert [type(outcome) for outcome in outcomes] == [int, LookupError, IntegrityError, int]
    assert await written(writer) == [1, 2]


async def test_a_job_may_use_savepoints_of_its_own(writer):
    def work(connection: Connection) -> None:
        add(1)(connection)
        with pytest.raises(IntegrityError), connection.begin_nested():
            add(1)(connection)
        with connection.begin_nested():
            add(2)(connection)

    await writer.do(work)
    assert await written(writer) == [1, 2]


async def test_a_commit_that_fails_fails_its_batch_and_the_next_one_succeeds(writer):
    await writer.do(add(0, b"x" * 100_000))
    with files_no_larger_than(4096):
        outcomes = await behind_gate(writer, add(1), add(2))
    assert [outcome.reason for outcome in outcomes] == [Reason.BROKEN] * 2
    assert outcomes[0] is not outcomes[1]
    assert await writer.do(add(3)) == 3
    assert await written(writer) == [0, 3]


async def test_when_sqlite_gives_up_the_whole_transaction_no_neighbour_is_told_that_it_was_written(writer):
    def lose_everything(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise LookupError

    outcomes = await behind_gate(writer, add(1), lose_everything, add(2))
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    await writer.do(add(3))
    assert await written(writer) == [3]


async def test_a_job_cancelled_before_it_starts_is_skipped(writer):
    gate = await hold(writer)
    waiting = asyncio.create_task(writer.do(add(1)))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    gate.opened.set()
    assert await written(writer) == []


async def test_a_job_cancelled_after_it_started_completes(writer):
    gate = Gate()
    started = asyncio.create_task(writer.do(lambda connection: (gate(connection), add(1)(connection))))
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
    started.cancel()
    gate.opened.set()
    with pytest.raises(asyncio.CancelledError):
        await started
    assert await written(writer) == [1]


@pytest.mark.parametrize("kind", [StopIteration, KeyboardInterrupt])
async def test_no_exception_stops_the_thread(writer, kind):
    def work(_connection: Connection) -> None:
        raise kind

    with pytest.raises((RuntimeError, KeyboardInterrupt)):
        await writer.do(work)
    assert await writer.do(add(1)) == 1


async def test_too_many_waiting_jobs_are_refused(writer, monkeypatch):
    monkeypatch.setattr(writer_module, "WAITING", 2)
    outcomes = await behind_gate(writer, *map(add, range(4)))
    assert outcomes[:2] == [0, 1]
    assert [error.reason for error in outcomes[2:]] == [Reason.BUSY] * 2


async def test_closing_finishes_what_waits_and_refuses_what_comes_later(writer):
    gate = await hold(writer)
    tasks = [asyncio.create_task(writer.do(work)) for work in map(add, range(200))]
    await asyncio.sleep(0)
    closing = asyncio.create_task(writer.close())
    await asyncio.sleep(0)
    gate.opened.set()
    await closing
    assert await asyncio.gather(*tasks) == list(range(200))
    with pytest.raises(StoreUnavailable, match="closed"):
        await writer.do(add(999))
