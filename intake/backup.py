"""Backups sealed to a key that is kept elsewhere, and the way back: nobody erased or shown out returns, no text leaves.

A backup is a row of messages: what it is, then each table with its rows. It never holds the service key, without which
it cannot be restored: that is kept apart.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from sqlalchemy import Connection

from intake import addressbook, audit, mailbox, people, upkeep
from intake.audit import Act, Line
from intake.config import ConfigError
from intake.journal import read_file
from intake.model import CaseId, ContactId, MemberId
from intake.service import Service
from intake.store import cases, dump, journal, outbox
from intake.store.journal import Entry, What
from intake.store.migrate import head
from intake.vault.sealed_file import SealedWriter, read_sealed
from intake.vault.suite import PrivateKey

_AT_A_TIME = 50


class OtherVersion(Exception):
    """The backup holds the tables of another version of Hamn, which its words name."""


class JournalTooShort(Exception):
    """The journal's file ends before the backup was made: what was erased since is unknown."""


class Manifest(msgspec.Struct, frozen=True, array_like=True, tag="hamn"):
    """What a backup is: which version made it of which tables, when, and how far the journal had come."""

    version: str
    revision: str
    made_at: datetime
    journal: int


class _Rows(msgspec.Struct, frozen=True, array_like=True, tag="rows"):
    table: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: of which backup, how many rows, and how many lines of the journal were carried out again."""

    manifest: Manifest
    rows: int
    carried_out: int


async def back_up(service: Service, public_key: bytes, path: Path, now: datetime) -> int:
    """Write all that must last to a new file, as it is at one moment, while the service goes on; returns how many rows.

    Raises:
        FileExistsError: nothing is overwritten.
        OSError: the file cannot be written; nothing of it remains.
    """
    with _new_file(path) as file:
        return await service.database.read(_write, service, public_key, file, now)


async def restore(service: Service, path: Path, private: PrivateKey, now: datetime) -> Restored:
    """Fill an empty database from a backup, whole or not at all; texts that waited are held for review.

    Raises:
        NotEmpty: there are rows in the database.
        Tampered: no backup, damaged, sealed to another key, not made with this service key; or so is the journal.
        OtherVersion: its tables are not this version's.
        JournalTooShort: it does not reach as far as the backup, so it is no copy of the newest one.
        ConfigError: the journal cannot be read.
        OSError: the backup cannot be read.
    """
    manifest = _inspect(service, path, private)
    name = service.config.backup.journal_file
    entries = [] if name is None else _journal(service, name)
    if name is not None and len(entries) < manifest.journal:
        raise JournalTooShort("the journal ends before the backup was made: fetch the newest copy of it")
    rows, carried_out = await service.database.write(_restore, service, path, private, entries, now)
    await service.database.checkpoint()
    return Restored(manifest, rows, carried_out)


async def catch_up(service: Service, now: datetime) -> int:
    """Carry out what the journal's file knows and the database does not: somebody put an older copy of it back.

    Returns how many lines there were; if any, the texts that waited in that copy are held. Raises as `read_file`.
    """
    return await service.database.write(_catch_up, service, _journal_if_any(service), now)


def _journal_if_any(service: Service) -> list[Entry]:
    name = service.config.backup.journal_file
    return [] if name is None or not Path(name).exists() else _journal(service, name)


def _journal(service: Service, name: str) -> list[Entry]:
    try:
        return read_file(service.key, Path(name))
    except OSError as error:
        raise ConfigError("backup.journal_file", f"cannot be read ({error.strerror})") from None


def _write(conn: Connection, service: Service, public_key: bytes, file: BinaryIO, now: datetime) -> int:
    writer, rows = SealedWriter(file, public_key, service.key), 0
    manifest = Manifest(version("hamn"), head() or "", now, journal.last_number(conn))
    writer.write(msgspec.msgpack.encode(manifest))
    for message in _all_rows(conn):
        writer.write(msgspec.msgpack.encode(message))
        rows += len(message.rows)
    writer.finish()
    return rows


def _all_rows(conn: Connection) -> Iterator[_Rows]:
    for table in dump.tables():
        rows, columns = dump.rows_of(conn, table), dump.columns_of(table)
        while batch := list(islice(rows, _AT_A_TIME)):
            yield _Rows(str(table.name), columns, batch)


def _inspect(service: Service, path: Path, private: PrivateKey) -> Manifest:
    """Read the file to its end, so that nothing of it is used before all of it is known to be ours."""
    with path.open("rb") as file:
        messages = read_sealed(file, private, service.key)
        manifest = msgspec.msgpack.decode(next(messages), type=Manifest)
        deque(messages, maxlen=0)
    if manifest.revision != head():
        raise OtherVersion(f"made by version {manifest.version}: restore it with that version, and upgrade then")
    return manifest


def _restore(
    conn: Connection, service: Service, path: Path, private: PrivateKey, entries: Sequence[Entry], now: datetime
) -> tuple[int, int]:
    dump.require_empty(conn)
    rows = 0
    with path.open("rb") as file:
        for message in islice(read_sealed(file, private, service.key), 1, None):
            batch = msgspec.msgpack.decode(message, type=_Rows)
            dump.take_in(conn, batch.table, batch.columns, batch.rows)
            rows += len(batch.rows)
    dump.hold_outgoing(conn)
    carried_out = _carry_out_later(conn, service, entries, now)
    for desk in service.config.desks:
        audit.record(conn, service.key, desk, Line(now, Act.RESTORED, None))
    return rows, carried_out


def _catch_up(conn: Connection, service: Service, entries: Sequence[Entry], now: datetime) -> int:
    carried_out = _carry_out_later(conn, service, entries, now)
    if carried_out:
        dump.hold_outgoing(conn)
    return carried_out


def _carry_out_later(conn: Connection, service: Service, entries: Sequence[Entry], now: datetime) -> int:
    """Do again what the database does not know of, in order; returns how many lines that were."""
    later = entries[journal.last_number(conn) :]
    for entry in later:
        _carry_out(conn, service, entry, now)
    journal.put(conn, later)
    return len(later)


def _carry_out(conn: Connection, service: Service, entry: Entry, now: datetime) -> None:
    """Idempotent: whoever is gone already, or came after the backup, is not missed."""
    match entry.what:
        case What.ERASED | What.DELETED:
            case = cases.find_case(conn, service.key, CaseId(entry.subject))
            if case is not None and entry.what is What.DELETED:
                upkeep.forget_case(conn, service, case, now)
            elif case is not None:
                mailbox.forget_person(conn, service, case, entry.day)
        case What.STOPPED:
            outbox.cancel_of_contact(conn, ContactId(entry.subject))
            addressbook.mark_stopped(conn, service.key, ContactId(entry.subject), now)
        case What.DEACTIVATED:
            with suppress(people.NoInvitation):
                people.show_out(conn, service, MemberId(entry.subject), now, None)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone that has its name only once it is whole and on disk."""
    if path.exists():
        raise FileExistsError(path.name)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
