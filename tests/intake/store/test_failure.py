"""Errors that leave the store: the reason is right, and no value that was written or asked for is in them."""

import sqlite3
import traceback
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from intake.store.database import Database
from intake.store.failure import Reason, cleaned, reason_for
from intake.store.fast import bulk_insert, fetch

CANARY = "".join(["kan", "arie", "fågel"])

metadata = MetaData()
people = Table(
    "people",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("age", Integer, nullable=False),
)


EVERYBODY = select(people.c.name)


class FromServer(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(CANARY)
        self.sqlstate = sqlstate


def from_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(CANARY)
    error.sqlite_errorcode = code
    return error


REASONS = {
    "disk full": (from_sqlite(sqlite3.SQLITE_FULL), Reason.FULL),
    "fsync failed": (from_sqlite(sqlite3.SQLITE_IOERR_FSYNC), Reason.BROKEN),
    "directory read-only": (from_sqlite(sqlite3.SQLITE_READONLY_DIRECTORY), Reason.READ_ONLY),
    "snapshot too old": (from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Reason.LOCKED),
    "cannot open": (from_sqlite(sqlite3.SQLITE_CANTOPEN_ISDIR), Reason.UNREACHABLE),
    "no such table": (from_sqlite(sqlite3.SQLITE_ERROR), None),
    "server disk full": (FromServer("53100"), Reason.FULL),
    "too many connections": (FromServer("53300"), Reason.BUSY),
    "shutdown by an administrator": (FromServer("57P01"), Reason.UNREACHABLE),
    "still starting": (FromServer("57P03"), Reason.UNREACHABLE),
    "statement cancelled": (FromServer("57014"), None),
    "connection failure": (FromServer("08006"), Reason.UNREACHABLE),
    "read-only transaction": (FromServer("25006"), Reason.READ_ONLY),
    "wrong password": (FromServer("28P01"), Reason.REFUSED),
    "lock timeout": (FromServer("55P03"), Reason.LOCKED),
    "unique violation": (FromServer("23505"), None),
    "nobody listens": (ConnectionRefusedError(), Reason.UNREACHABLE),
    "no connection free": (PoolTimeout(), Reason.BUSY),
    "a mistake of ours": (KeyError("x"), None),
}


@pytest.mark.parametrize(("error", "reason"), REASONS.values(), ids=REASONS)
def test_each_outage_has_its_reason(error, reason):
    assert reason_for(error) is reason
    if isinstance(error, FromServer | sqlite3.Error):
        assert reason_for(DBAPIError(CANARY, {}, error)) is reason


def test_an_error_without_reason_is_told_by_its_name_alone():
    error = cleaned(DBAPIError(f"SELECT {CANARY}", {"x": CANARY}, from_sqlite(sqlite3.SQLITE_ERROR)))
    assert CANARY not in told(error)


def twice(connection: Connection) -> None:
    for _ in range(2):
        connection.execute(people.insert(), {"name": CANARY, "age": 1})


def without_age(connection: Connection) -> None:
    connection.execute(people.insert(), {"name": CANARY, "age": None})


def of_the_wrong_type(connection: Connection) -> None:
    connection.execute(people.insert(), {"name": CANARY, "age": [CANARY]})


def asked_with_the_wrong_type(connection: Connection) -> None:
    connection.execute(select(people).where(people.c.age == {CANARY: CANARY}))


def twice_at_once(connection: Connection) -> None:
    bulk_insert(connection, people, [{"name": CANARY, "age": 1}] * 2)


def of_the_wrong_type_at_once(connection: Connection) -> None:
    bulk_insert(connection, people, [{"name": CANARY, "age": [CANARY]}])


def told_as_its_own(connection: Connection) -> None:
    try:
        twice(connection)
    except IntegrityError as error:
        raise LookupError("known already") from error


def told_while_handling(connection: Connection) -> None:
    try:
        twice(connection)
    except IntegrityError:
        raise LookupError("known already")  # noqa: B904 - the chain that Python makes by itself is the point


LEAKS = {
    "the key of another row": (twice, IntegrityError),
    "the failing row": (without_age, IntegrityError),
    "an argument": (of_the_wrong_type, StatementError),
    "the key of another row, without SQLAlchemy": (twice_at_once, IntegrityError),
    "an argument, without SQLAlchemy": (of_the_wrong_type_at_once, StatementError),
    "a condition": (asked_with_the_wrong_type, StatementError),
    "the cause of a verb's own error": (told_as_its_own, LookupError),
    "the context of a verb's own error": (told_while_handling, LookupError),
}


@pytest.mark.parametrize(("verb", "kind"), LEAKS.values(), ids=LEAKS)
async def test_no_error_quotes(database: Database, verb, kind):
    await database.write(metadata.create_all)
    with pytest.raises(kind) as caught:
        await database.write(verb)
    assert CANARY not in told(caught.value)
    if verb is asked_with_the_wrong_type:
        with pytest.raises(kind) as caught:
            await database.read(verb)
        assert CANARY not in told(caught.value)


@pytest.mark.parametrize("verb", [twice, twice_at_once])
async def test_a_refused_row_names_the_table_and_the_kind_of_constraint(database: Database, verb):
    await database.write(metadata.create_all)
    with pytest.raises(IntegrityError, match=r"(?i)unique.*people"):
        await database.write(verb)


@pytest.mark.parametrize("verb", [lambda connection: connection.execute(EVERYBODY), lambda c: fetch(c, EVERYBODY)])
async def test_a_missing_table_is_named(database: Database, verb):
    with pytest.raises(DBAPIError, match="people"):
        await database.write(verb)


def told(error: BaseException) -> str:
    """All that a log, a debugger or an error page could find in an error and in those behind it."""
    return "".join(traceback.format_exception(error)) + "".join(
        f"{each!s} {each!r} {vars(each)!r} {each.args!r}" for each in chain(error)
    )


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        yield from chain(error.__cause__)
        error = error.__context__
