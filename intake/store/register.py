"""Verbs for an authority's register: it outlives the case, and knows days, desk and direction; opens nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select, tuple_, update

from intake.model import CaseId, Direction
from intake.store.fast import insert_missing
from intake.store.rows import moment, moment_or_none, seconds
from intake.store.schema import cases, register, register_messages
from triage.model import DeskName

_DAY = 86400


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the register: with which desk, since when, and how it ended. Days only."""

    case: CaseId
    desk: DeskName
    received_on: datetime
    closed_on: datetime | None
    deleted_on: datetime | None
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """A message in the register: its number in the case from 0, which way it went, on which day."""

    number: int
    direction: Direction
    day: datetime


def enter(conn: Connection, case_id: CaseId, desk: DeskName, sealed: bytes, now: datetime) -> None:
    """Begin a case's row."""
    row = {"case_id": case_id, "desk": desk, "received_on": _day(now), "sealed": sealed}
    insert_missing(conn, register, [row])


def note(conn: Connection, case_id: CaseId, number: int, direction: Direction, now: datetime) -> None:
    """Add a message's row."""
    row = {"case_id": case_id, "number": number, "direction": direction.value, "day": _day(now)}
    insert_missing(conn, register_messages, [row])


def sealed_of(conn: Connection, case_id: CaseId) -> bytes | None:
    """What is sealed in a case's row, None where it has none."""
    return conn.execute(select(register.c.sealed).where(register.c.case_id == case_id)).scalar_one_or_none()


def reseal(conn: Connection, case_id: CaseId, sealed: bytes) -> None:
    """Put another sealed part in its place."""
    conn.execute(update(register).where(register.c.case_id == case_id).values(sealed=sealed))


def end(conn: Connection, case_id: CaseId, desk: DeskName, closed_at: datetime | None, now: datetime) -> None:
    """The case is deleted: keep with which desk it lay at the end, and when it was closed."""
    closed_on = None if closed_at is None else _day(closed_at)
    ended = {"desk": desk, "closed_on": closed_on, "deleted_on": _day(now)}
    conn.execute(update(register).where(register.c.case_id == case_id).values(**ended))


def page(
    conn: Connection, desks: Sequence[DeskName], before: tuple[datetime, CaseId] | None, limit: int
) -> Sequence[Row]:
    """At most `limit` rows of these desks, the newest first, behind `before`. A living case says where it lies now."""
    desk = func.coalesce(cases.c.desk, register.c.desk)
    closed_on = func.coalesce(cases.c.closed_at, register.c.closed_on)
    columns = (register.c.case_id, register.c.received_on, register.c.deleted_on, register.c.sealed)
    query = select(*columns, desk.label("at"), closed_on.label("closed"))
    query = query.join(cases, cases.c.id == register.c.case_id, isouter=True).where(desk.in_(desks))
    place = (register.c.received_on, register.c.case_id)
    if before is not None:
        query = query.where(tuple_(*place) < (seconds(before[0]), before[1]))
    rows = conn.execute(query.order_by(*(column.desc() for column in place)).limit(limit)).mappings()
    return [
        Row(
            case=CaseId(row["case_id"]),
            desk=DeskName(row["at"]),
            received_on=moment(row["received_on"]),
            closed_on=moment_or_none(row["closed"]),
            deleted_on=moment_or_none(row["deleted_on"]),
            sealed=row["sealed"],
        )
        for row in rows
    ]


def notes_of(conn: Connection, case_ids: Sequence[CaseId]) -> Mapping[CaseId, Sequence[Note]]:
    """The messages of these cases, in their order."""
    query = select(register_messages).where(register_messages.c.case_id.in_(case_ids))
    found: dict[CaseId, list[Note]] = defaultdict(list)
    for row in conn.execute(query.order_by(register_messages.c.number)).mappings():
        found[CaseId(row["case_id"])].append(Note(row["number"], Direction(row["direction"]), moment(row["day"])))
    return found


def _day(now: datetime) -> int:
    return seconds(now) // _DAY * _DAY
