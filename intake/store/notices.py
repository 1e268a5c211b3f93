"""Verbs for where coordinators are told that something waits: addresses, codes that prove one, what they were told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intake.model import MemberId, NoticeWay, OutgoingKind, OutgoingState
from intake.store.rows import moment, seconds
from intake.store.schema import notice_addresses, notice_codes, notice_marks, outbox

_KINDS = tuple(kind.value for kind in OutgoingKind if kind.to_member)
_OPEN = (OutgoingState.WAITING.value, OutgoingState.HELD.value)


@dataclass(frozen=True, slots=True)
class AddressRow:
    """A proven address of a member's; `chosen` is the way that they want to be told by."""

    member: MemberId
    way: NoticeWay
    chosen: bool
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeRow:
    """An address that waits to be proven: whoever reads there what `code_hash` is of, may be told there."""

    member: MemberId
    way: NoticeWay
    code_hash: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    until: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a notice: without text and address."""

    id: str
    bridge: str
    kind: OutgoingKind
    state: OutgoingState
    reason: str | None
    due_at: datetime


def addresses_of(conn: Connection, members: Sequence[MemberId]) -> list[AddressRow]:
    """The proven addresses of these members."""
    query = select(notice_addresses).where(notice_addresses.c.member_id.in_(members))
    rows = conn.execute(query.order_by(notice_addresses.c.member_id, notice_addresses.c.way)).mappings()
    return [AddressRow(MemberId(row["member_id"]), NoticeWay(row["way"]), row["chosen"], row["sealed"]) for row in rows]


def save_address(conn: Connection, address: AddressRow) -> None:
    """Write an address down in place of the one before it."""
    forget_address(conn, address.member, address.way)
    row = {
        "member_id": address.member,
        "way": address.way.value,
        "chosen": address.chosen,
        "sealed": address.sealed,
    }
    conn.execute(notice_addresses.insert(), row)


def choose(conn: Connection, member: MemberId, way: NoticeWay) -> None:
    """By this way from now on."""
    own = update(notice_addresses).where(notice_addresses.c.member_id == member)
    conn.execute(own.values(chosen=notice_addresses.c.way == way.value))


def forget_address(conn: Connection, member: MemberId, way: NoticeWay) -> None:
    """Tell them nothing more there."""
    own = (notice_addresses.c.member_id == member) & (notice_addresses.c.way == way.value)
    conn.execute(delete(notice_addresses).where(own))


def save_code(conn: Connection, code: CodeRow) -> None:
    """Wait for the proof of an address; another one by the same way waits no more."""
    drop_code(conn, code.member, code.way)
    row = {
        "member_id": code.member,
        "way": code.way.value,
        "code_hash": code.code_hash,
        "sealed": code.sealed,
        "tries": code.tries,
        "until": seconds(code.until),
    }
    conn.execute(notice_codes.insert(), row)


def codes_of(conn: Connection, member: MemberId, now: datetime) -> list[CodeRow]:
    """The addresses of a member's that wait to be proven."""
    query = select(notice_codes).where(notice_codes.c.member_id == member, notice_codes.c.until > seconds(now))
    return [_code(row) for row in conn.execute(query.order_by(notice_codes.c.way)).mappings()]


def find_code(conn: Connection, code_hashes: Sequence[bytes], way: NoticeWay, now: datetime) -> CodeRow | None:
    """Whose address is proven by a code, or None."""
    query = select(notice_codes).where(notice_codes.c.code_hash.in_(code_hashes), notice_codes.c.way == way.value)
    row = conn.execute(query.where(notice_codes.c.until > seconds(now))).mappings().first()
    return None if row is None else _code(row)


def count_try(conn: Connection, member: MemberId, way: NoticeWay) -> None:
    """A code was typed, and was wrong."""
    own = (notice_codes.c.member_id == member) & (notice_codes.c.way == way.value)
    conn.execute(update(notice_codes).where(own).values(tries=notice_codes.c.tries + 1))


def wear_out_code(conn: Connection, member: MemberId, way: NoticeWay, tries: int) -> None:
    """A code that waits proves nothing any more: as if it had been typed wrongly so many times."""
    own = (notice_codes.c.member_id == member) & (notice_codes.c.way == way.value)
    conn.execute(update(notice_codes).where(own).values(tries=tries))


def drop_code(conn: Connection, member: MemberId, way: NoticeWay) -> None:
    """The address is proven, or is not to be any more."""
    own = (notice_codes.c.member_id == member) & (notice_codes.c.way == way.value)
    conn.execute(delete(notice_codes).where(own))


def told_since(conn: Connection, member: MemberId, what: str, since: datetime) -> bool:
    """Whether they were told this after `since`, and have not looked yet."""
    query = select(notice_marks.c.told_at).where(notice_marks.c.member_id == member, notice_marks.c.what == what)
    return conn.execute(query.where(notice_marks.c.told_at > seconds(since))).first() is not None


def mark_told(conn: Connection, member: MemberId, what: str, now: datetime) -> None:
    """They are told this now."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    query = insert(notice_marks).values(member_id=member, what=what, told_at=seconds(now))
    again = {"told_at": seconds(now)}
    conn.execute(query.on_conflict_do_update(index_elements=["member_id", "what"], set_=again))


def is_marked(conn: Connection, member: MemberId) -> bool:
    """Whether they were told anything since they looked last."""
    return conn.execute(select(notice_marks.c.what).where(notice_marks.c.member_id == member)).first() is not None


def unmark(conn: Connection, member: MemberId) -> None:
    """They have looked: what comes now is news."""
    conn.execute(delete(notice_marks).where(notice_marks.c.member_id == member))


def waits(conn: Connection, member: MemberId, template: str, kind: OutgoingKind, now: datetime) -> bool:
    """Whether a notice of this kind is on its way to them already."""
    query = select(outbox.c.id).where(outbox.c.member_id == member, outbox.c.kind == kind.value)
    query = query.where(outbox.c.template == template, outbox.c.state == OutgoingState.WAITING.value)
    return conn.execute(query.where(outbox.c.expires_at > seconds(now)).limit(1)).first() is not None


def last_told(conn: Connection, member: MemberId, limit: int) -> list[Told]:
    """What became of a member's notices, the newest first."""
    query = select(outbox).where(outbox.c.member_id == member).order_by(outbox.c.due_at.desc()).limit(limit)
    return [_told(row) for row in conn.execute(query).mappings()]


def forget_member(conn: Connection, member: MemberId) -> None:
    """They work here no more: no address, no code, and nothing more on its way to them."""
    for table in (notice_addresses, notice_codes, notice_marks):
        conn.execute(delete(table).where(table.c.member_id == member))
    conn.execute(delete(outbox).where(outbox.c.member_id == member))


def forget_passed(conn: Connection, now: datetime, before: datetime) -> None:
    """Forget codes that nobody used, and notices that ended before `before`."""
    conn.execute(delete(notice_codes).where(notice_codes.c.until <= seconds(now)))
    over = outbox.c.kind.in_(_KINDS) & outbox.c.state.not_in(_OPEN) & (outbox.c.expires_at < seconds(before))
    conn.execute(delete(outbox).where(over))


def _code(row: RowMapping) -> CodeRow:
    way = NoticeWay(row["way"])
    return CodeRow(MemberId(row["member_id"]), way, row["code_hash"], row["sealed"], moment(row["until"]), row["tries"])


def _told(row: RowMapping) -> Told:
    return Told(
        id=row["id"],
        bridge=row["bridge"],
        kind=OutgoingKind(row["kind"]),
        state=OutgoingState(row["state"]),
        reason=row["reason"],
        due_at=moment(row["due_at"]),
    )
