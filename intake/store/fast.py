"""Runs what receiving runs each time without SQLAlchemy's work for each statement; knows no table."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select, Table


def bulk_insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all name the same columns. Values go to the driver as they are: int, str, bytes, bool, None.

    A receipt's six rows in four tables cost 0.2 ms of the writer this way, 0.46 ms with `table.insert()` (measured).
    """
    if not rows:
        return
    names = _columns(table, rows[0])
    statement = _insert(table, names, connection.dialect)
    connection.exec_driver_sql(statement, [tuple(row[name] for name in names) for row in rows])


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """As `bulk_insert`, leaving alone what is there under the same key."""
    if rows:
        names = _columns(table, rows[0])
        statement = _insert(table, names, connection.dialect) + " ON CONFLICT DO NOTHING"
        connection.exec_driver_sql(statement, [tuple(row[name] for name in names) for row in rows])


def insert_new(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row unless one with the same key is there; returns whether it was inserted."""
    names = _columns(table, row)
    statement = _insert(table, names, connection.dialect) + " ON CONFLICT DO NOTHING"
    return connection.exec_driver_sql(statement, tuple(row[name] for name in names)).rowcount == 1


def fetch(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query that is a constant and has no parameters, as the driver gives them (on SQLite 1 is True)."""
    return [tuple(row) for row in connection.exec_driver_sql(_compiled(query, connection.dialect))]


def _columns(table: Table, row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name in row)


@lru_cache(maxsize=64)
def _compiled(query: Select[Any], dialect: Dialect) -> str:
    return str(query.compile(dialect=dialect))


@lru_cache(maxsize=256)
def _insert(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    return str(table.insert().compile(dialect=dialect, column_keys=list(names)))
