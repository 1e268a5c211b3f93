"""Verbs that count, for the operator: numbers of rows, never of whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from intake.model import OutgoingKind, OutgoingState, Status
from intake.store.rows import moment_or_none, seconds
from intake.store.schema import cases, outbox
from triage.model import DeskName, Pace


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many cases nobody has opened in time, by pace, and since when the first of them is due."""

    by_pace: Mapping[Pace, int]
    oldest_due_at: datetime | None


def cases_by_status(conn: Connection) -> dict[tuple[Status, Pace], int]:
    """How many cases there are of each status and pace."""
    rows = conn.execute(select(cases.c.status, cases.c.pace, func.count()).group_by(cases.c.status, cases.c.pace))
    found = {(Status(status), Pace(pace)): number for status, pace, number in rows}
    return {(status, pace): found.get((status, pace), 0) for status in Status for pace in Pace}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a desk's open cases nobody has opened, and how many nobody has answered."""

    unopened: int
    unanswered: int


def waiting_at(conn: Connection, desk: DeskName) -> Waiting:
    """What waits at a desk now."""
    open_ones = select(func.count()).where(cases.c.desk == desk, cases.c.closed_at.is_(None))
    unopened = open_ones.where(cases.c.status == Status.NEW.value)
    unanswered = open_ones.where(cases.c.status.in_((Status.NEW.value, Status.OPENED.value)))
    return Waiting(conn.execute(unopened).scalar_one(), conn.execute(unanswered).scalar_one())


def overdue(conn: Connection, now: datetime) -> Overdue:
    """What should have been opened by now and was not."""
    late = select(cases.c.pace, func.count(), func.min(cases.c.due_at)).group_by(cases.c.pace)
    late = late.where(cases.c.status == Status.NEW.value, cases.c.closed_at.is_(None), cases.c.due_at <= seconds(now))
    rows = conn.execute(late).all()
    found = {Pace(pace): number for pace, number, _ in rows}
    oldest = moment_or_none(min((first for _, _, first in rows), default=None))
    return Overdue({pace: found.get(pace, 0) for pace in Pace}, oldest)


def texts_by_state(conn: Connection) -> dict[OutgoingState, int]:
    """How many texts to persons there are in each state."""
    rows = conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    found = {OutgoingState(state): number for state, number in rows}
    return {state: found.get(state, 0) for state in OutgoingState}


def texts_of_no_known_kind(conn: Connection) -> int:
    """How many texts wait that this version cannot send: another promised them."""
    unknown = outbox.c.kind.not_in([kind.value for kind in OutgoingKind])
    query = select(func.count()).where(unknown, outbox.c.state == OutgoingState.WAITING.value)
    return conn.execute(query).scalar_one()


def newest_at(conn: Connection) -> datetime | None:
    """When the newest case came, None when there is none."""
    return moment_or_none(conn.execute(select(func.max(cases.c.received_at))).scalar_one())
