"""The register as registrars read it and give it out: their own authority's rows, as a page or as CSV; no content."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.model import CaseId, Direction, MemberId
from intake.service import Service
from intake.store import register
from intake.store.register import Note
from intake.vault.register import Particulars, open_particulars
from triage.model import DeskName

SECRECY = "OSL 26 kap. 1 §"
"""The secrecy mark of what comes to social services; the ground is for the authority's lawyer to confirm."""
SENDER = "anonym"
COLUMNS = (
    *("reference", "message", "direction", "date", "sender", "secrecy"),
    *("desk", "channel", "kind", "received", "closed", "deleted", "transferred"),
)
_AT_ONCE = 200
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """A case as the register has it, with its messages."""

    case: CaseId
    desk: DeskName
    received_on: datetime
    closed_on: datetime | None
    deleted_on: datetime | None
    particulars: Particulars
    messages: Sequence[Note]

    @property
    def reference(self) -> str:
        """What the case is called: it begins as the case's page calls it."""
        return self.case[:_SHOWN]


def desks_in_sight(service: Service, own: Sequence[DeskName]) -> list[DeskName]:
    """The desks of the authorities that somebody of these desks belongs to."""
    desks = service.config.desks
    authorities = {desks[desk].authority for desk in own if desk in desks}
    return [name for name, desk in desks.items() if desk.authority in authorities]


async def entries(
    service: Service, desks: Sequence[DeskName], before: tuple[datetime, CaseId] | None, limit: int
) -> Sequence[Entry]:
    """At most `limit` entries of these desks, the newest first, behind `before`."""
    return await service.database.read(_entries, service, desks, before, limit)


async def export(service: Service, desks: Sequence[DeskName], member: MemberId, now: datetime) -> str:
    """All of it as CSV, a row a message; that it was given out is logged at each desk."""
    await service.database.write(_log_export, service, desks, member, now)
    written = io.StringIO()
    lines = csv.writer(written, dialect="excel", lineterminator="\r\n")
    lines.writerow(COLUMNS)
    before: tuple[datetime, CaseId] | None = None
    while found := await entries(service, desks, before, _AT_ONCE):
        lines.writerows(row for entry in found for row in _rows(entry))
        before = (found[-1].received_on, found[-1].case)
    return written.getvalue()


def _entries(
    conn: Connection, service: Service, desks: Sequence[DeskName], before: tuple[datetime, CaseId] | None, limit: int
) -> Sequence[Entry]:
    rows = register.page(conn, desks, before, limit)
    notes = register.notes_of(conn, [row.case for row in rows])
    return [
        Entry(
            row.case,
            row.desk,
            row.received_on,
            row.closed_on,
            row.deleted_on,
            open_particulars(service.key, row.case, row.sealed),
            notes.get(row.case, ()),
        )
        for row in rows
    ]


def _log_export(conn: Connection, service: Service, desks: Sequence[DeskName], member: MemberId, now: datetime) -> None:
    for desk in sorted(desks):
        audit.record(conn, service.key, desk, Line(now, Act.REGISTER_EXPORTED, member))


def _rows(entry: Entry) -> Iterator[tuple[str, ...]]:
    told = entry.particulars
    ends = (_date(entry.received_on), _date(entry.closed_on), _date(entry.deleted_on), _plain(told.transferred or ""))
    for message in entry.messages:
        way = "in" if message.direction is Direction.FROM_PERSON else "out"
        number = f"{entry.reference}-{message.number + 1}"
        yield (
            *(entry.reference, number, way, _date(message.day), SENDER, SECRECY),
            *(entry.desk, told.channel.value, told.kind.value, *ends),
        )


def _date(day: datetime | None) -> str:
    return "" if day is None else f"{day:%Y-%m-%d}"


def _plain(typed: str) -> str:
    """What somebody typed, so that no spreadsheet takes it for a formula."""
    return f"'{typed}" if typed[:1] in ("=", "+", "-", "@", "\t", "\r") else typed
