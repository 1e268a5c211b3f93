"""One service a database file: SQLite has one writer, and two would each keep limits and locks of their own."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from intake.store.engines import sqlite_path


class Occupied(Exception):
    """Another process serves this database."""

    def __init__(self) -> None:
        super().__init__("database.url: another hamn serves this database already; stop it first")


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Be the only one who serves an SQLite file, until the block or the process ends. Nothing to do on PostgreSQL.

    The lock lies in a file of its own: to open and close the database beside SQLite would drop SQLite's own locks.
    Raises `Occupied`.
    """
    if (path := sqlite_path(url)) is None:
        yield
        return
    handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.geteuid() == 0:
            # Else a command of root's would leave a file that the service's own user cannot open.
            folder = path.parent.stat()
            os.fchown(handle, folder.st_uid, folder.st_gid)
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Occupied from None
