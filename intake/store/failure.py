"""Turns what a driver says into what may leave the store: a closed reason or a constraint's name, never a value."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

T = TypeVar("T")


class Reason(StrEnum):
    """Why the store could not be used."""

    FULL = "full"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    BUSY = "busy"
    CLOSED = "closed"


class StoreUnavailable(Exception):
    """Nothing is known to be written; the caller may ask again. Carries a reason, no SQL and no parameter.

    One doubt remains, as with every server: a connection lost while PostgreSQL commits may have committed.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Failed:
    """The outcome of work that raised."""

    error: BaseException


# Primary result codes, https://sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_BUSY: Reason.LOCKED,
    sqlite3.SQLITE_LOCKED: Reason.LOCKED,
    sqlite3.SQLITE_READONLY: Reason.READ_ONLY,
    sqlite3.SQLITE_FULL: Reason.FULL,
    sqlite3.SQLITE_IOERR: Reason.BROKEN,
    sqlite3.SQLITE_NOMEM: Reason.BROKEN,
    sqlite3.SQLITE_CORRUPT: Reason.BROKEN,
    sqlite3.SQLITE_NOTADB: Reason.BROKEN,
    sqlite3.SQLITE_PROTOCOL: Reason.LOCKED,
    sqlite3.SQLITE_CANTOPEN: Reason.UNREACHABLE,
}

# SQLSTATE, whole or by class, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "08": Reason.UNREACHABLE,
    "25006": Reason.READ_ONLY,
    "28": Reason.REFUSED,
    "3D": Reason.REFUSED,
    "40001": Reason.LOCKED,
    "40P01": Reason.LOCKED,
    "53100": Reason.FULL,
    "53200": Reason.BROKEN,
    "53300": Reason.BUSY,
    "55P03": Reason.LOCKED,
    "57P": Reason.UNREACHABLE,
    "58": Reason.BROKEN,
    "XX": Reason.BROKEN,
}

# What SQLite builds from the schema alone. Everything else it says may quote a value.
_FROM_THE_SCHEMA = re.compile(
    r"(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed|no such (table|column): |table \S+ has no"
)


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five characters for the error, or the empty string."""
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def reason_for(error: BaseException) -> Reason | None:
    """Why the store is unavailable, or None if the error is about the statement and not about the store."""
    if isinstance(error, PoolTimeout):
        return Reason.BUSY
    driver = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(driver, sqlite3.Error):
        return _SQLITE.get(getattr(driver, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(driver, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return Reason.UNREACHABLE
    state = sqlstate(error)
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:3]) or _POSTGRESQL.get(state[:2])


def cleaned(error: BaseException) -> BaseException:
    """The error that may leave the store in place of `error`, which is emptied of all it knows about rows.

    The type and the traceback stay. The chain goes: PostgreSQL quotes keys and whole rows in DETAIL, drivers quote
    arguments, and a verb's own error may have one of those behind it.
    """
    reason = reason_for(error)
    error.__cause__ = error.__context__ = None
    if isinstance(error, StatementError):
        error.args = (_described(error.orig),)
        error.statement = error.params = error.orig = None
        error.detail = []
    return error if reason is None else StoreUnavailable(reason)


def _described(driver: BaseException | None) -> str:
    if isinstance(driver, sqlite3.Error):
        said = str(driver)
        return said if _FROM_THE_SCHEMA.match(said) else getattr(driver, "sqlite_errorname", type(driver).__name__)
    server = driver.__cause__ if driver is not None and driver.__cause__ is not None else driver
    # Class 42 is about the statement's own words, and ours hold placeholders only.
    said = str(getattr(server, "message", "")) if sqlstate(server or Exception()).startswith("42") else ""
    names = (getattr(server, name, None) for name in ("sqlstate", "table_name", "column_name", "constraint_name"))
    return " ".join([type(server).__name__, *filter(None, names), said]).strip()


@contextmanager
def cleanly() -> Iterator[None]:
    """Let nothing but cleaned errors out of the block."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - raised again, cleaned
        raise cleaned(error) from None


def attempt(work: Callable[[], T]) -> T | Failed:
    """What the work returns, or its error, cleaned: for a thread, where nobody above could catch it."""
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - carried to the caller's task, which raises it
        return Failed(cleaned(error))
