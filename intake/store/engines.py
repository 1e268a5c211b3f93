"""Opens engines as the house wants them: durable, leaving no remnants, quiet about parameters; knows no table."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

PATIENCE = 5.0
"""Seconds to wait for a lock, a connection or a server before the store counts as unavailable."""

_PRAGMAS = (
    f"busy_timeout = {PATIENCE * 1000:.0f}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "trusted_schema = OFF",
)

# A report changes 18 pages all over the indexes. 16 MB hold what the next one needs, and of 4,000 pages in the log most
# are copied into the file once and not four times: a tenth of the writer's time at 15,000 cases (measured). What was
# erased does not wait for that: see `Database.checkpoint`.
_WRITERS_PRAGMAS = ("cache_size = -16000", "wal_autocheckpoint = 4000")

# The server's own defaults may be weaker than what the service promises.
_SETTINGS = {
    "application_name": "hamn",
    "synchronous_commit": "on",
    "lock_timeout": f"{PATIENCE:.0f}s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}


def sqlite_path(url: str) -> Path | None:
    """The database file that the URL names, or None for PostgreSQL. Raises ValueError for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return None
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise ValueError("the database must be a file of SQLite or PostgreSQL")
    return Path(str(parsed.database))


def create_file(path: Path) -> None:
    """Make an empty database that only its owner may read, unless there is one already.

    It appears under its name only when it is complete. To open and close a database that is in use, other than through
    SQLite, would drop this process's locks on it (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    if path.exists():
        return
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    os.close(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(new)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        with suppress(FileExistsError):
            path.hardlink_to(new)
    finally:
        new.unlink()


def async_engine(url: str, *, pool_size: int, migrates: bool = False) -> AsyncEngine:
    """The engine for tasks: for everything on PostgreSQL; on SQLite for reading, unless it migrates."""
    if (path := sqlite_path(url)) is None:
        return _postgresql_engine(url, pool_size)
    engine = create_async_engine(
        _file_url("sqlite+aiosqlite", path),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,
    )
    _prepare_sqlite(engine.sync_engine, *_PRAGMAS, f"query_only = {not migrates}")
    # One snapshot for all statements of a read; without it each SELECT sees a moment of its own.
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def thread_engine(path: Path) -> Engine:
    """The engine for a thread that begins and commits by itself, on SQLite."""
    engine = create_engine(_file_url("sqlite+pysqlite", path), poolclass=NullPool, hide_parameters=True)
    _prepare_sqlite(engine, *_PRAGMAS, *_WRITERS_PRAGMAS)
    return engine


def _file_url(driver: str, path: Path) -> URL:
    # mode=rw: a missing file is an error, not a new empty database.
    return URL.create(driver, database=f"file:{quote(str(path))}", query={"mode": "rw", "uri": "true"})


def _postgresql_engine(url: str, pool_size: int) -> AsyncEngine:
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    if "sslmode" in parsed.query:
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": parsed.query["sslmode"]})
    engine = create_async_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,
        connect_args={"server_settings": _SETTINGS, "timeout": PATIENCE},
    )
    event.listen(engine.sync_engine, "checkout", _refuse_lost)
    return engine


def _prepare_sqlite(engine: Engine, *pragmas: str) -> None:
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions of its own accord: savepoints and snapshots need ours.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", prepare)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _refuse_lost(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Let the pool replace a connection that the server has closed; costs no round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
