"""Verbs for what must come back to somebody's eyes, and for what goes: dates and holds of a case; knows no reason."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from intake.model import CaseId, Hold, Status
from intake.store.rows import seconds
from intake.store.schema import cases
from triage.model import DeskName

_DAY = 86400


def set_follow_up(conn: Connection, case_id: CaseId, at: datetime | None) -> None:
    """When somebody is to look at the case again; None: at no certain time."""
    conn.execute(update(cases).where(cases.c.id == case_id).values(follow_up_at=None if at is None else seconds(at)))


def set_held(conn: Connection, case_id: CaseId, held: Hold | None) -> None:
    """Let the case be deleted by nobody, or again by time."""
    conn.execute(update(cases).where(cases.c.id == case_id).values(held=None if held is None else held.value))


def set_deletion(conn: Connection, case_id: CaseId, at: datetime | None) -> None:
    """The day on which the case goes; None: it stays. What the sender erased keeps the day that it has."""
    day = None if at is None else seconds(at) // _DAY * _DAY
    query = update(cases).where(cases.c.id == case_id, cases.c.erased_at.is_(None))
    conn.execute(query.values(delete_at=day))


def closed_and_gone_by(conn: Connection, desks: Collection[DeskName], by: datetime) -> int:
    """How many closed cases of these desks are deleted by then, unless somebody holds them."""
    going = (cases.c.delete_at <= seconds(by), cases.c.held.is_(None), cases.c.closed_at.is_not(None))
    return int(conn.execute(select(func.count()).where(cases.c.desk.in_(desks), *going)).scalar_one())


def schedule_silent(conn: Connection, answered_before: datetime, delete_at: datetime, limit: int) -> list[CaseId]:
    """Give a day of deletion to at most `limit` answered cases on which nothing is expected; returns which."""
    silent = (
        select(cases.c.id)
        .where(
            cases.c.status == Status.ANSWERED.value,
            cases.c.answered_at < seconds(answered_before),
            cases.c.follow_up_at.is_(None),
            cases.c.delete_at.is_(None),
        )
        .limit(limit)
    )
    day = seconds(delete_at) // _DAY * _DAY
    found = update(cases).where(cases.c.id.in_(silent)).values(delete_at=day).returning(cases.c.id)
    return [CaseId(case_id) for case_id in conn.execute(found).scalars()]
