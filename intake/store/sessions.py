"""Verbs for logins that go on: begin, find, list, end; opens no key."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update

from intake.model import MemberId
from intake.store.rows import moment, seconds
from intake.store.schema import sessions


@dataclass(frozen=True, slots=True)
class Session:
    """A login that goes on: the member's key under a key that only the cookie gives. The device is sealed."""

    id_hash: bytes = field(repr=False)
    member: MemberId
    wrapped_key: bytes = field(repr=False)
    sealed_device: bytes = field(repr=False)
    began_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def add(conn: Connection, session: Session) -> None:
    """Write a login down."""
    row = {
        "id_hash": session.id_hash,
        "member_id": session.member,
        "wrapped_key": session.wrapped_key,
        "sealed_device": session.sealed_device,
        "began_at": seconds(session.began_at),
        "last_seen_at": seconds(session.last_seen_at),
        "expires_at": seconds(session.expires_at),
    }
    conn.execute(sessions.insert(), row)


def find(conn: Connection, id_hash: bytes) -> Session | None:
    """The login behind a cookie, or None; whether it has ended is for the caller to say."""
    row = conn.execute(select(sessions).where(sessions.c.id_hash == id_hash)).mappings().one_or_none()
    return None if row is None else _session(row)


def of_member(conn: Connection, member: MemberId) -> list[Session]:
    """Every login of somebody's that was not ended, the one used last first."""
    query = select(sessions).where(sessions.c.member_id == member).order_by(sessions.c.last_seen_at.desc())
    return [_session(row) for row in conn.execute(query).mappings()]


def touch(conn: Connection, id_hash: bytes, now: datetime) -> None:
    """Somebody is still there."""
    conn.execute(update(sessions).where(sessions.c.id_hash == id_hash).values(last_seen_at=seconds(now)))


def end(conn: Connection, id_hash: bytes) -> None:
    """Log out."""
    conn.execute(delete(sessions).where(sessions.c.id_hash == id_hash))


def end_one_of(conn: Connection, member: MemberId, id_hash: bytes) -> bool:
    """End a login of this member's. False when there is none."""
    mine = (sessions.c.member_id == member) & (sessions.c.id_hash == id_hash)
    return conn.execute(delete(sessions).where(mine)).rowcount == 1


def end_all_of(conn: Connection, member: MemberId, but: bytes | None = None) -> int:
    """End every login of a member's, except `but`; returns how many."""
    mine = sessions.c.member_id == member
    others = mine if but is None else mine & (sessions.c.id_hash != but)
    return conn.execute(delete(sessions).where(others)).rowcount


def _session(row: RowMapping) -> Session:
    return Session(
        id_hash=row["id_hash"],
        member=MemberId(row["member_id"]),
        wrapped_key=row["wrapped_key"],
        sealed_device=row["sealed_device"],
        began_at=moment(row["began_at"]),
        last_seen_at=moment(row["last_seen_at"]),
        expires_at=moment(row["expires_at"]),
    )
