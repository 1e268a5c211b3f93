"""Verbs for notes that a colleague addressed to somebody: to whom in which case, until they read it; opens nothing."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select

from intake.model import CaseId, MemberId
from intake.store.fast import insert_new
from intake.store.rows import seconds
from intake.store.schema import mentions


def add(conn: Connection, case_id: CaseId, member: MemberId, now: datetime) -> None:
    """A note in the case is for this member; several are one."""
    insert_new(conn, mentions, {"case_id": case_id, "member_id": member, "since": seconds(now)})


def of_member(conn: Connection, member: MemberId) -> frozenset[CaseId]:
    """The cases that hold a note for this member which they have not read."""
    found = conn.execute(select(mentions.c.case_id).where(mentions.c.member_id == member)).scalars()
    return frozenset(CaseId(value) for value in found)


def forget(conn: Connection, case_id: CaseId, member: MemberId) -> None:
    """They have read it."""
    conn.execute(delete(mentions).where(mentions.c.case_id == case_id, mentions.c.member_id == member))


def keep_only(conn: Connection, case_id: CaseId, readers: Collection[MemberId]) -> None:
    """Nobody else reads the case any more."""
    conn.execute(delete(mentions).where(mentions.c.case_id == case_id, mentions.c.member_id.not_in(readers)))


def forget_member(conn: Connection, member: MemberId) -> None:
    """They work here no more."""
    conn.execute(delete(mentions).where(mentions.c.member_id == member))
