"""Runs what receiving runs each time without SQLAlchemy's work for each statement; knows no table.

On SQLite straight in the driver: `exec_driver_sql`, by which PostgreSQL goes, takes half as long again (measured).
"""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select, Table
from sqlalchemy.exc import DBAPIError, StatementError

Row = Mapping[str, object]


def bulk_insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns. Values go to the driver as they are: int, str, bytes, bool, None."""
    if rows:
        _insert(connection, table, rows)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """As `bulk_insert`, leaving alone what is there under the same key."""
    if rows:
        _insert(connection, table, rows, " ON CONFLICT DO NOTHING")


def insert_new(connection: Connection, table: Table, row: Row) -> bool:
    """Insert a row unless one with the same key is there; returns whether it was inserted."""
    return _insert(connection, table, [row], " ON CONFLICT DO NOTHING") == 1


def fetch(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query that is a constant and has no parameters, as the driver gives them (on SQLite 1 is True)."""
    statement = _compiled(query, connection.dialect)
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return [tuple(row) for row in connection.exec_driver_sql(statement)]
    try:
        return driver.execute(statement).fetchall()
    except sqlite3.Error as error:
        raise _as_sqlalchemy(error, statement, connection.dialect) from error


def _insert(connection: Connection, table: Table, rows: Sequence[Row], otherwise: str = "") -> int:
    """Insert rows; returns how many, where one was given."""
    names, insert = _prepared(table, tuple(rows[0]), connection.dialect)
    statement, values = insert + otherwise, [tuple(map(row.__getitem__, names)) for row in rows]
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return connection.exec_driver_sql(statement, values).rowcount
    try:
        return driver.executemany(statement, values).rowcount
    except sqlite3.Error as error:
        raise _as_sqlalchemy(error, statement, connection.dialect) from error


def _as_sqlalchemy(error: sqlite3.Error, statement: str, dialect: Dialect) -> StatementError:
    """What SQLAlchemy would have raised in the place of the driver's error."""
    return DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True, dialect=dialect)


@lru_cache(maxsize=64)
def _compiled(query: Select[Any], dialect: Dialect) -> str:
    return str(query.compile(dialect=dialect))


@lru_cache(maxsize=256)
def _prepared(table: Table, given: tuple[str, ...], dialect: Dialect) -> tuple[tuple[str, ...], str]:
    """The columns that are given, in the table's order, and the statement that inserts them."""
    names = tuple(column.name for column in table.columns if column.name in given)
    return names, str(table.insert().compile(dialect=dialect, column_keys=list(names)))
