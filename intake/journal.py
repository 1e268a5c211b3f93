"""The journal's file: a copy, outside the database, of what a restored backup must not undo; knows ids only.

One line an entry: number, what, subject, day, MAC. A torn last line, as a crash leaves it, does not count.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from intake.logs import log
from intake.service import Service
from intake.store import journal as rows
from intake.store.journal import Entry, What
from intake.vault.errors import Tampered
from intake.vault.service_key import ServiceKey

_LOG = log(__name__)


async def copy_out(service: Service) -> None:
    """Bring the file up to the database, on disk. A file that cannot be written is reported, and tried again later.

    Called after each erasure, STOP and deactivation, before it is confirmed, and at intervals by the clock.
    """
    if (name := service.config.backup.journal_file) is None:
        return
    path = Path(name)
    try:
        last = await asyncio.to_thread(last_in_file, path)
        entries = await service.database.read(rows.after, service.key, last)
        # An empty file is written too: where there is none, a restore cannot know what was erased.
        await asyncio.to_thread(_append, path, entries)
    except OSError as error:
        _LOG.error("the journal's file cannot be written", exception=type(error).__name__)


def read_file(key: ServiceKey, path: Path) -> list[Entry]:
    """Every line of the file, in order.

    Raises:
        Tampered: a line is not ours, or one is missing before it.
        OSError: the file cannot be read.
    """
    entries = [rows.check_entry(key, _parse(line)) for line in _whole_lines(path.read_bytes())]
    if any(entry.number != number for number, entry in enumerate(entries, 1)):
        raise Tampered("a line of the journal is missing")
    return entries


def last_in_file(path: Path) -> int:
    """The number of the file's last line, 0 where there is no file. Raises `OSError`."""
    if not path.exists():
        return 0
    lines = _whole_lines(path.read_bytes())
    return _parse(lines[-1]).number if lines else 0


def _append(path: Path, entries: Sequence[Entry]) -> None:
    with _alone(path) as file:
        whole = _whole_lines(file.read())
        last = _parse(whole[-1]).number if whole else 0
        # Another process may have been faster, and a crash may have torn the last line.
        file.truncate(sum(len(line) + 1 for line in whole))
        file.seek(0, os.SEEK_END)
        file.write(b"".join(_format(entry) for entry in entries if entry.number > last))
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _whole_lines(content: bytes) -> list[bytes]:
    return content.split(b"\n")[:-1]


def _format(entry: Entry) -> bytes:
    day = entry.day.strftime("%Y-%m-%d")
    return f"{entry.number} {entry.what} {entry.subject} {day} {entry.mac.hex()}\n".encode()


def _parse(line: bytes) -> Entry:
    try:
        number, what, subject, day, mac = line.decode("ascii").split(" ")
        at = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
        return Entry(int(number), What(what), subject, at, bytes.fromhex(mac))
    except ValueError:
        raise Tampered("a line of the journal is malformed") from None
