"""Verbs that say cheaply whether a desk's list has changed, and how many cases wait in it; knows no case by name.

Asked every few seconds by each open list, on whatever node: so it is a handful of look-ups in indexes, and no counter
that every writer would have to remember, and wait for. A desk's log grows with all that coordinators do; what the
public does makes a case new, at a time of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from intake.model import Status
from intake.store.rows import seconds
from intake.store.schema import audit, cases, grants
from triage.model import DeskName


@dataclass(frozen=True, slots=True)
class Pulse:
    """`new` cases nobody has read, `late` ones are overdue; `mark` differs when anything in the list does."""

    new: int
    late: int
    mark: tuple[int, ...]


def read_pulse(conn: Connection, desks: Sequence[DeskName], now: datetime) -> Pulse:
    """How the lists of these desks stand."""
    unread = select(func.count(), func.coalesce(func.sum(cases.c.due_at), 0)).where(
        cases.c.desk.in_(desks), cases.c.status == Status.NEW.value
    )
    late = select(func.count()).where(
        cases.c.desk.in_(desks),
        cases.c.status.in_((Status.NEW.value, Status.OPENED.value)),
        cases.c.due_at <= seconds(now),
    )
    lent = select(func.count(), func.coalesce(func.sum(grants.c.due_at), 0)).where(
        grants.c.desk.in_(desks), grants.c.closed_at.is_(None)
    )
    new, due = conn.execute(unread).one()
    logged = [conn.execute(select(func.max(audit.c.number)).where(audit.c.desk == desk)).scalar() for desk in desks]
    marks = (int(due), *conn.execute(lent).one(), *(number or 0 for number in logged))
    return Pulse(int(new), int(conn.execute(late).scalar_one()), tuple(int(mark) for mark in marks))
