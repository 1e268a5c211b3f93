"""Verbs for who is away and who is told instead; never why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from intake.model import MemberId
from intake.store.rows import moment, seconds
from intake.store.schema import absences


@dataclass(frozen=True, slots=True)
class Absence:
    """A member is away from `since` until `until`; `deputy` None: the others of their desk are told."""

    member: MemberId
    since: datetime
    until: datetime
    deputy: MemberId | None = None


def save(conn: Connection, absence: Absence) -> None:
    """Write it down in place of the member's absence before it."""
    end(conn, absence.member)
    row = {
        "member_id": absence.member,
        "since": seconds(absence.since),
        "until": seconds(absence.until),
        "deputy_id": absence.deputy,
    }
    conn.execute(absences.insert(), row)


def end(conn: Connection, member: MemberId) -> None:
    """They are back, or will not go."""
    conn.execute(delete(absences).where(absences.c.member_id == member))


def find(conn: Connection, member: MemberId) -> Absence | None:
    """A member's absence, also one that is still to come, or None."""
    row = conn.execute(select(absences).where(absences.c.member_id == member)).mappings().one_or_none()
    if row is None:
        return None
    return Absence(MemberId(row["member_id"]), moment(row["since"]), moment(row["until"]), row["deputy_id"])


def away(conn: Connection, now: datetime) -> dict[MemberId, MemberId | None]:
    """Who is away at this moment, each with their deputy."""
    at = seconds(now)
    query = select(absences.c.member_id, absences.c.deputy_id).where(absences.c.since <= at, absences.c.until > at)
    return {MemberId(row.member_id): row.deputy_id for row in conn.execute(query)}


def forget_past(conn: Connection, now: datetime) -> int:
    """When somebody was away is nobody's business afterwards; returns how many."""
    return conn.execute(delete(absences).where(absences.c.until <= seconds(now))).rowcount
