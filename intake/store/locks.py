"""Locks that PostgreSQL needs where SQLite's one writer is lock enough; knows no table.

Each is held until the transaction ends. Take it before reading: a statement that waited for a row lock still sees the
rows of the moment it began, so it would miss the row that was written meanwhile.
"""

from sqlalchemy import Connection, func, select

_OURS = 0x48616D6E


def hold(conn: Connection, name: str) -> None:
    """Be alone with whatever the name stands for."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_OURS, func.hashtext(name))))


def share(conn: Connection, name: str) -> None:
    """Let others share it too, and nobody hold it."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock_shared(_OURS, func.hashtext(name))))
