"""Verbs for people who log in: invitations, accounts, failed tries, sessions; sees only what is sealed or hashed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update

from intake.model import Member, MemberId, MemberState, Role
from intake.store.rows import check, moment, moment_or_none, seconds, sign
from intake.store.schema import invitations, members, sessions
from intake.vault.service_key import ServiceKey
from triage.model import DeskName


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited to what; found by the hash of a single-use token."""

    token_hash: bytes = field(repr=False)
    sealed_login: bytes = field(repr=False)
    role: Role
    desk: DeskName | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account is unlocked with, and how often it was tried in vain."""

    member: Member
    protected_key: bytes = field(repr=False)
    sealed_totp: bytes | None = field(repr=False)
    totp_counter: int
    failures: int
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """A login that goes on: the member's key under a key that only the cookie gives."""

    id_hash: bytes = field(repr=False)
    member: MemberId
    wrapped_key: bytes = field(repr=False)
    last_seen_at: datetime
    expires_at: datetime


def add_invitation(conn: Connection, key: ServiceKey, invitation: Invitation) -> None:
    """Write an invitation down."""
    row = {
        "token_hash": invitation.token_hash,
        "sealed_login": invitation.sealed_login,
        "role": invitation.role.value,
        "desk": invitation.desk,
        "expires_at": seconds(invitation.expires_at),
    }
    conn.execute(invitations.insert(), sign(key, invitations, row))


def find_invitation(
    conn: Connection, key: ServiceKey, token_hashes: Sequence[bytes], now: datetime
) -> Invitation | None:
    """The invitation that a token stands for, or None when it is unknown, used or too old."""
    query = select(invitations).where(
        invitations.c.token_hash.in_(token_hashes), invitations.c.expires_at > seconds(now)
    )
    row = conn.execute(query).mappings().one_or_none()
    if row is None:
        return None
    check(key, invitations, row)
    desk = None if row["desk"] is None else DeskName(row["desk"])
    return Invitation(row["token_hash"], row["sealed_login"], Role(row["role"]), desk, moment(row["expires_at"]))


def take_invitation(conn: Connection, token_hash: bytes) -> bool:
    """Use the invitation up. False when somebody else was first."""
    return conn.execute(delete(invitations).where(invitations.c.token_hash == token_hash)).rowcount == 1


def add_member(conn: Connection, key: ServiceKey, credentials: Credentials, login_index: bytes, now: datetime) -> None:
    """Write an account down. Raises `IntegrityError` when the login is taken."""
    member = credentials.member
    row = {
        "id": member.id,
        "login_index": login_index,
        "sealed_login": member.sealed_login,
        "role": member.role.value,
        "state": member.state.value,
        "public_key": member.public_key,
        "protected_key": credentials.protected_key,
        "sealed_totp": credentials.sealed_totp,
        "totp_counter": credentials.totp_counter,
        "failures": credentials.failures,
        "joined_at": seconds(now),
    }
    conn.execute(members.insert(), sign(key, members, row))


def find_credentials(conn: Connection, key: ServiceKey, login_indexes: Sequence[bytes]) -> Credentials | None:
    """The active account of a login, or None."""
    row = conn.execute(select(members).where(members.c.login_index.in_(login_indexes))).mappings().one_or_none()
    if row is None or row["state"] != MemberState.ACTIVE.value:
        return None
    return Credentials(
        member=_member(key, row),
        protected_key=row["protected_key"],
        sealed_totp=row["sealed_totp"],
        totp_counter=row["totp_counter"],
        failures=row["failures"],
        paused_until=moment_or_none(row["paused_until"]),
    )


def find_member(conn: Connection, key: ServiceKey, member: MemberId) -> Member | None:
    """The account, active or not, or None."""
    row = conn.execute(select(members).where(members.c.id == member)).mappings().one_or_none()
    return None if row is None else _member(key, row)


def list_members(conn: Connection, key: ServiceKey) -> list[Member]:
    """Every account, in the order in which they joined."""
    rows = conn.execute(select(members).order_by(members.c.joined_at, members.c.id)).mappings()
    return [_member(key, row) for row in rows]


def count_failure(conn: Connection, member: MemberId, paused_until: datetime | None) -> None:
    """One more try in vain; after some, the account takes none until `paused_until`."""
    paused = None if paused_until is None else seconds(paused_until)
    query = update(members).where(members.c.id == member)
    conn.execute(query.values(failures=members.c.failures + 1, paused_until=paused))


def settle_login(conn: Connection, member: MemberId, totp_counter: int) -> bool:
    """The right passphrase and code: forget failures. False when this code, or a later one, was used already."""
    query = (
        update(members)
        .where(members.c.id == member, members.c.totp_counter < totp_counter)
        .values(failures=0, paused_until=None, totp_counter=totp_counter)
    )
    return conn.execute(query).rowcount == 1


def forget_failures(conn: Connection, member: MemberId) -> None:
    """As `settle_login`, where no code is asked for (the demo)."""
    conn.execute(update(members).where(members.c.id == member).values(failures=0, paused_until=None))


def deactivate(conn: Connection, key: ServiceKey, member: Member) -> None:
    """Let somebody log in no more and end every session of theirs."""
    row = {
        "id": member.id,
        "role": member.role.value,
        "state": MemberState.INACTIVE.value,
        "public_key": member.public_key,
    }
    signed = sign(key, members, row)
    query = update(members).where(members.c.id == member.id)
    conn.execute(query.values(state=signed["state"], mac=signed["mac"]))
    conn.execute(delete(sessions).where(sessions.c.member_id == member.id))


def add_session(conn: Connection, session: Session) -> None:
    """Write a login down."""
    row = {
        "id_hash": session.id_hash,
        "member_id": session.member,
        "wrapped_key": session.wrapped_key,
        "last_seen_at": seconds(session.last_seen_at),
        "expires_at": seconds(session.expires_at),
    }
    conn.execute(sessions.insert(), row)


def find_session(conn: Connection, id_hash: bytes) -> Session | None:
    """The login behind a cookie, or None; whether it has ended is for the caller to say."""
    row = conn.execute(select(sessions).where(sessions.c.id_hash == id_hash)).mappings().one_or_none()
    if row is None:
        return None
    return Session(
        row["id_hash"], row["member_id"], row["wrapped_key"], moment(row["last_seen_at"]), moment(row["expires_at"])
    )


def touch_session(conn: Connection, id_hash: bytes, now: datetime) -> None:
    """Somebody is still there."""
    conn.execute(update(sessions).where(sessions.c.id_hash == id_hash).values(last_seen_at=seconds(now)))


def end_session(conn: Connection, id_hash: bytes) -> None:
    """Log out."""
    conn.execute(delete(sessions).where(sessions.c.id_hash == id_hash))


def end_old_sessions(conn: Connection, now: datetime, idle_since: datetime) -> int:
    """Delete sessions that have ended, by time or by idleness; returns how many. Old invitations go too."""
    conn.execute(delete(invitations).where(invitations.c.expires_at <= seconds(now)))
    ended = (sessions.c.expires_at <= seconds(now)) | (sessions.c.last_seen_at <= seconds(idle_since))
    return conn.execute(delete(sessions).where(ended)).rowcount


def _member(key: ServiceKey, row: RowMapping) -> Member:
    check(key, members, row)
    return Member(
        id=MemberId(row["id"]),
        sealed_login=row["sealed_login"],
        role=Role(row["role"]),
        public_key=row["public_key"],
        state=MemberState(row["state"]),
    )
