"""Verbs for the journal: what must not come back with a restored backup, numbered and signed; knows no file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, select

from intake.store.fast import bulk_insert
from intake.store.locks import hold
from intake.store.rows import check, moment, seconds, sign
from intake.store.schema import journal
from intake.vault.row_mac import check_row_mac
from intake.vault.service_key import ServiceKey

_DAY = timedelta(days=1) // timedelta(seconds=1)


class What(StrEnum):
    """What is for good, whatever an older copy of the database says."""

    ERASED = "erased"
    """The sender of a case destroyed their side."""
    DELETED = "deleted"
    """A case's time had come."""
    STOPPED = "stopped"
    """A contact wants no more texts."""
    DEACTIVATED = "deactivated"
    """A member was shown out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what befell the case, contact or member of this id, on which day; `mac` shows that it is ours."""

    number: int
    what: What
    subject: str
    day: datetime
    mac: bytes = field(repr=False)


def add(conn: Connection, key: ServiceKey, what: What, subject: str, now: datetime) -> None:
    """Write one more line down, in the transaction of its cause."""
    hold(conn, "journal")
    day = seconds(now) // _DAY * _DAY
    row = {"number": last_number(conn) + 1, "what": what.value, "subject": subject, "day": day}
    bulk_insert(conn, journal, [sign(key, journal, row)])


def last_number(conn: Connection) -> int:
    """The number of the newest line, 0 when there is none."""
    return int(conn.execute(select(func.coalesce(func.max(journal.c.number), 0))).scalar_one())


def after(conn: Connection, key: ServiceKey, number: int) -> list[Entry]:
    """The lines that follow the one of this number, in order. Raises `Tampered`."""
    query = select(journal).where(journal.c.number > number).order_by(journal.c.number)
    rows = [check(key, journal, row) for row in conn.execute(query).mappings()]
    return [Entry(r["number"], What(r["what"]), r["subject"], moment(r["day"]), r["mac"]) for r in rows]


def put(conn: Connection, entries: Iterable[Entry]) -> None:
    """Take lines over as they are, from the file."""
    bulk_insert(conn, journal, [{**_signed(entry), "mac": entry.mac} for entry in entries])


def check_entry(key: ServiceKey, entry: Entry) -> Entry:
    """Return the line. Raises `Tampered` when it is not what was written here."""
    check_row_mac(key, entry.mac, journal.name, *_signed(entry).values())
    return entry


def _signed(entry: Entry) -> dict[str, int | str]:
    return {
        "number": entry.number,
        "what": entry.what.value,
        "subject": entry.subject,
        "day": seconds(entry.day),
    }
