"""Verbs for notes that a colleague addressed to somebody: to whom in which case, until they read it; opens nothing."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from intake.model import CaseId, MemberId
from intake.store.fast import insert_new
from intake.store.rows import seconds
from intake.store.schema import mentions


def add(conn: Connection, case_id: CaseId, member: MemberId, now: datetime) -> None:
    """A note in the case is for this member; several are one, as old as the newest of them."""
    if not insert_new(conn, mentions, {"case_id": case_id, "member_id": member, "since": seconds(now)}):
        older = _of(case_id, member, now)
        conn.execute(update(mentions).where(*older).values(since=seconds(now)))


def of_member(conn: Connection, member: MemberId) -> frozenset[CaseId]:
    """The cases that hold a note for this member which they have not read."""
    found = conn.execute(select(mentions.c.case_id).where(mentions.c.member_id == member)).scalars()
    return frozenset(CaseId(value) for value in found)


def forget(conn: Connection, case_id: CaseId, member: MemberId, read_at: datetime) -> None:
    """They have read the case as it was at `read_at`: what was written in that second or later may be unseen."""
    conn.execute(delete(mentions).where(*_of(case_id, member, read_at)))


def keep_only(conn: Connection, case_id: CaseId, readers: Collection[MemberId]) -> None:
    """Nobody else reads the case any more."""
    conn.execute(delete(mentions).where(mentions.c.case_id == case_id, mentions.c.member_id.not_in(readers)))


def forget_member(conn: Connection, member: MemberId) -> None:
    """They work here no more."""
    conn.execute(delete(mentions).where(mentions.c.member_id == member))


def _of(case_id: CaseId, member: MemberId, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (mentions.c.case_id == case_id, mentions.c.member_id == member, mentions.c.since < seconds(before))
