"""Opens the store and runs verbs in it, on SQLite or PostgreSQL alike; knows no verb and no table."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Concatenate, Literal, ParamSpec, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from intake.store.engines import PATIENCE, async_engine, sqlite_path, thread_engine
from intake.store.failure import cleanly, sqlstate
from intake.store.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 5
"""So often a write that PostgreSQL rolled back for another's sake is tried."""
_ROLLED_BACK = ("40001", "40P01")
_RETRY_AFTER = 0.02
_CHECKPOINT_PATIENCE_MS = 250


class Database:
    """The store. A verb is a synchronous function of a Connection; it runs whole or not at all.

    Whatever a verb returns must be complete: the connection is gone by then, and an iterator over it is dead.
    """

    def __init__(self, engine: AsyncEngine, writer: Writer | None) -> None:
        self._engine = engine
        self._snapshots = engine
        self._writer = writer
        if writer is None:
            self._snapshots = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @classmethod
    async def open(cls, url: str, *, pool_size: int = 10) -> Self:
        """Open `sqlite:///path/to/file.db` or `postgresql://user@host/db`, which must exist (see `migrate.upgrade`).

        Raises StoreUnavailable when it cannot be reached, ValueError when it is no such URL.
        """
        engine = async_engine(url, pool_size=pool_size)
        path = sqlite_path(url)
        database = cls(engine, None if path is None else Writer(thread_engine(path)))
        try:
            await database.ping()
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which of the two databases this is."""
        return "postgresql" if self._writer is None else "sqlite"

    async def read(self, verb: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb that only reads, in one snapshot.

        Raises StoreUnavailable, or what the verb raises without its causes.
        """
        with cleanly():
            async with self._snapshots.connect() as connection:
                return await connection.run_sync(verb, *args, **kwargs)

    async def write(self, verb: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb in a transaction; it is on disk when this returns, and nothing of it remains when this raises.

        The verb may run more than once, so it must do nothing but SQL. Raises as `read`.
        """
        return await self._write(_bound(verb, *args, **kwargs), patient=False)

    async def write_together(
        self, verb: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, but it may wait some milliseconds for others that are expected, to share one commit with them."""
        return await self._write(_bound(verb, *args, **kwargs), patient=True)

    def expecting_write(self) -> AbstractContextManager[None]:
        """Around long work that ends in a `write_together`: others of those may wait for it."""
        return nullcontext() if self._writer is None else self._writer.expect()

    async def checkpoint(self) -> bool:
        """Empty SQLite's log, where erased rows still lie. False when a reader held it: ask again later."""
        return True if self._writer is None else await self._writer.do(_truncate_log, alone=True)

    async def ping(self) -> None:
        """Raises StoreUnavailable unless the store answers, the writer included."""
        await self.read(_select_one)
        if self._writer is not None:
            await self._writer.do(_select_one, alone=True)

    async def close(self) -> None:
        """Finish the writes that wait and let go of every connection."""
        if self._writer is not None:
            await self._writer.close()
        await self._engine.dispose()

    async def _write(self, work: Callable[[Connection], T], *, patient: bool) -> T:
        if self._writer is not None:
            return await self._writer.do(work, patient=patient)
        with cleanly():
            return await self._insist(work)

    async def _insist(self, verb: Callable[[Connection], T]) -> T:
        """In a transaction of its own, and again where it was rolled back for another's sake."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._transact(verb)
            except DBAPIError as error:
                if sqlstate(error) not in _ROLLED_BACK:
                    raise
            await asyncio.sleep(_RETRY_AFTER)
        return await self._transact(verb)

    async def _transact(self, verb: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(verb)


def _bound(
    verb: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> Callable[[Connection], T]:
    return lambda connection: verb(connection, *args, **kwargs)


def _select_one(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT 1")


def _truncate_log(connection: Connection) -> bool:
    # Nobody can write meanwhile, so do not wait long for a reader.
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_CHECKPOINT_PATIENCE_MS}")
    try:
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
    return not busy
