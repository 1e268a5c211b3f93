"""Verbs for people who log in: invitations, accounts, failed tries; sees only what is sealed or hashed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intake.model import Member, MemberId, MemberState, Role
from intake.store import notices
from intake.store.locks import hold
from intake.store.rows import check, moment, seconds, sign
from intake.store.schema import invitations, login_tries, members, sessions
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
    begun_by: MemberId | None = None
    """Who started the invited person over; None for an administrator's invitation."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account is unlocked with."""

    member: Member
    protected_key: bytes = field(repr=False)
    sealed_totp: bytes | None = field(repr=False)
    totp_counter: int = 0


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a login was tried in vain, whether there is such an account or not, and when last."""

    failures: int
    tried_at: datetime


def add_invitation(conn: Connection, key: ServiceKey, invitation: Invitation) -> None:
    """Write an invitation down."""
    row = {
        "token_hash": invitation.token_hash,
        "sealed_login": invitation.sealed_login,
        "role": invitation.role.value,
        "desk": invitation.desk,
        "expires_at": seconds(invitation.expires_at),
        "begun_by": invitation.begun_by,
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
    expires_at = moment(row["expires_at"])
    return Invitation(row["token_hash"], row["sealed_login"], Role(row["role"]), desk, expires_at, row["begun_by"])


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
        "joined_at": seconds(now),
        "begun_by": member.begun_by,
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
    )


def find_member(conn: Connection, key: ServiceKey, member: MemberId) -> Member | None:
    """The account, active or not, or None."""
    row = conn.execute(select(members).where(members.c.id == member)).mappings().one_or_none()
    return None if row is None else _member(key, row)


def list_members(conn: Connection, key: ServiceKey) -> list[Member]:
    """Every account, in the order in which they joined."""
    rows = conn.execute(select(members).order_by(members.c.joined_at, members.c.id)).mappings()
    return [_member(key, row) for row in rows]


def hold_tries(conn: Connection, login_index: bytes) -> None:
    """Be alone in trying this login until the transaction ends; take it before `find_tries`."""
    hold(conn, f"tries {login_index.hex()}")


def find_tries(conn: Connection, login_index: bytes) -> Tries | None:
    """The vain tries of a login since its last success, or None."""
    row = conn.execute(select(login_tries).where(login_tries.c.login_index == login_index)).one_or_none()
    return None if row is None else Tries(row.failures, moment(row.tried_at))


def count_failure(conn: Connection, login_index: bytes, now: datetime) -> None:
    """One more try in vain, of an account or of nothing: a stranger cannot tell which."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    query = insert(login_tries).values(login_index=login_index, failures=1, tried_at=seconds(now))
    again = {"failures": login_tries.c.failures + 1, "tried_at": seconds(now)}
    conn.execute(query.on_conflict_do_update(index_elements=["login_index"], set_=again))


def forget_failures(conn: Connection, login_index: bytes) -> None:
    """The right passphrase was given."""
    conn.execute(delete(login_tries).where(login_tries.c.login_index == login_index))


def forget_old_failures(conn: Connection, before: datetime) -> None:
    """Tries that lie further back no longer slow anybody down."""
    conn.execute(delete(login_tries).where(login_tries.c.tried_at < seconds(before)))


def use_code(conn: Connection, member: MemberId, totp_counter: int) -> bool:
    """Use a one-time code up. False when this one, or a later one, was used already."""
    query = update(members).where(members.c.id == member, members.c.totp_counter < totp_counter)
    return conn.execute(query.values(totp_counter=totp_counter)).rowcount == 1


def set_protected_key(conn: Connection, member: MemberId, protected_key: bytes) -> None:
    """The member's key lies under another passphrase now."""
    conn.execute(update(members).where(members.c.id == member).values(protected_key=protected_key))


def set_authenticator(conn: Connection, member: MemberId, sealed_totp: bytes, counter: int) -> None:
    """The member has another authenticator; `counter` is the code's that it has shown."""
    changed = {"sealed_totp": sealed_totp, "totp_counter": counter}
    conn.execute(update(members).where(members.c.id == member).values(**changed))


def deactivate(conn: Connection, key: ServiceKey, member: Member) -> None:
    """Let somebody log in no more, end every session of theirs, and free their login for an account made anew."""
    row = {
        "id": member.id,
        "sealed_login": member.sealed_login,
        "role": member.role.value,
        "state": MemberState.INACTIVE.value,
        "public_key": member.public_key,
        "begun_by": member.begun_by,
    }
    signed = sign(key, members, row)
    left = {"state": signed["state"], "mac": signed["mac"], "login_index": signed["mac"]}
    conn.execute(update(members).where(members.c.id == member.id).values(**left))
    conn.execute(delete(sessions).where(sessions.c.member_id == member.id))
    notices.forget_member(conn, member.id)


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
        begun_by=row["begun_by"],
    )
