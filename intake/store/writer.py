"""The one thread that writes to SQLite: all that wait share one commit and one fsync; knows no table."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine

from intake.store.failure import Failed, Reason, StoreUnavailable, attempt

T = TypeVar("T")

BATCH = 128
"""So many jobs share a commit at the most; bounds how long the first of them waits for the last."""
ENOUGH, GATHERS = 4, 0.02
"""While reports are under way a commit waits until it has so many jobs, at the most so many seconds: four of them cost
the writer a third less together than each by itself (measured), and they come some milliseconds apart."""
WAITING = 10_000
"""So many jobs may wait; one more is refused as busy, before memory runs out."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Work for the thread. `alone`: after the others' commit, outside any transaction.

    `patient`: it may wait for others of its kind, to share a commit with them.
    """

    work: Callable[[Connection], object]
    answer: "asyncio.Future[object]"
    alone: bool
    patient: bool


class Writer:
    """Runs jobs in order of arrival, each in its savepoint, and answers when the commit is on disk.

    A job that fails is rolled back by itself. A commit that fails fails its batch, and the next batch starts on a new
    connection. A job whose caller gave up before it started is skipped; once started it completes.
    """

    def __init__(self, engine: Engine) -> None:
        self.commits = 0
        self._engine = engine
        self._connection: Connection | None = None
        self._expected = 0
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[Connection], T], *, alone: bool = False, patient: bool = False) -> T:
        """Run the work in the thread and return its value once it is on disk; raises what it raised."""
        if self._closed:
            raise StoreUnavailable(Reason.CLOSED)
        if self._queue.qsize() >= WAITING:
            raise StoreUnavailable(Reason.BUSY)
        job = _Job(work, self._loop.create_future(), alone, patient)
        self._queue.put(job)
        outcome = await job.answer
        if isinstance(outcome, Failed):
            raise outcome.error
        return cast("T", outcome)

    @contextmanager
    def expect(self) -> Iterator[None]:
        """Whoever is inside will bring a job in a moment; those patient ones that are here already wait for it."""
        self._expected += 1
        try:
            yield
        finally:
            self._expected -= 1

    async def close(self) -> None:
        """Finish what waits, then end the thread."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        while batch := self._next_batch():
            grouped = [job for job in batch if not job.alone]
            alone = [job for job in batch if job.alone]
            outcomes = self._write(grouped) if grouped else []
            outcomes += [attempt(partial(self._run_alone, job)) for job in alone]
            self._loop.call_soon_threadsafe(_settle, grouped + alone, outcomes)
        self._disconnect()

    def _next_batch(self) -> list[_Job]:
        """Wait for a job, then take whatever else waits or is about to come; empty when the writer is to end."""
        batch: list[_Job] = []
        job = self._queue.get()
        until = time.monotonic() + GATHERS
        while job is not None:
            batch.append(job)
            if len(batch) == BATCH:
                return batch
            gathers = self._expected and len(batch) < ENOUGH and all(one.patient for one in batch)
            try:
                job = self._queue.get(timeout=max(0.0, until - time.monotonic()) if gathers else 0.0)
            except Empty:
                return batch
        if batch:
            self._queue.put(None)  # the end is for the next round
        return batch

    def _write(self, jobs: Sequence[_Job]) -> list[object]:
        outcomes = attempt(partial(self._commit, jobs))
        if not isinstance(outcomes, Failed):
            return outcomes
        self._disconnect()
        reason = outcomes.error.reason if isinstance(outcomes.error, StoreUnavailable) else Reason.BROKEN
        # One exception each: tasks that raise the same one would write into each other's traceback.
        return [Failed(StoreUnavailable(reason)) for _ in jobs]

    def _commit(self, jobs: Sequence[_Job]) -> list[object]:
        connection = self._connect()
        driver = _driver(connection)
        driver.execute("BEGIN IMMEDIATE")
        outcomes = [_run(job, connection, driver) for job in jobs]
        driver.execute("COMMIT")
        self.commits += 1
        return outcomes

    def _run_alone(self, job: _Job) -> object:
        return None if job.answer.cancelled() else job.work(self._connect())

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _driver(connection: Connection) -> sqlite3.Connection:
    # Straight to the driver: through SQLAlchemy the frame of a job costs a fifth of all speed (measured).
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _run(job: _Job, connection: Connection, driver: sqlite3.Connection) -> object:
    if job.answer.cancelled():
        return None
    driver.execute("SAVEPOINT job")
    outcome = attempt(partial(job.work, connection))
    if isinstance(outcome, Failed):
        _undo(outcome, driver)
    driver.execute("RELEASE job")
    return outcome


def _undo(failed: Failed, driver: sqlite3.Connection) -> None:
    # After a full disk or an I/O error SQLite may have rolled back everything, the neighbours' work too.
    # Going on would commit the rest statement by statement.
    if not driver.in_transaction:
        raise failed.error
    driver.execute("ROLLBACK TO job")


def _settle(jobs: Sequence[_Job], outcomes: Sequence[object]) -> None:
    for job, outcome in zip(jobs, outcomes, strict=True):
        if not job.answer.done():
            job.answer.set_result(outcome)
