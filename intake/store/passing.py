"""Verbs for what is kept for minutes or days only: ids seen, parts, fragments, waiting answers, tallies, polling."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, or_, select, update

from intake.model import CaseId, ContactId, MessageId
from intake.store.fast import bulk_insert, insert_new
from intake.store.locks import hold
from intake.store.rows import moment, seconds
from intake.store.schema import fragments, parts, polls, seen, tallies, waiting


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of an SMS whose others may still come; sealed."""

    group: bytes = field(repr=False)
    number: int
    total: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed text that waits beside its message: a fragment for triage, or an answer for its reader."""

    message: MessageId
    contact: ContactId
    case: CaseId
    position: int
    sealed: bytes = field(repr=False)
    written_at: datetime


def is_new(conn: Connection, id_hashes: Sequence[bytes], now: datetime) -> bool:
    """Whether a provider's id comes for the first time; `id_hashes` under every key, the newest first."""
    if len(id_hashes) > 1 and conn.execute(select(seen.c.id_hash).where(seen.c.id_hash.in_(id_hashes[1:]))).first():
        return False
    return insert_new(conn, seen, {"id_hash": id_hashes[0], "seen_at": seconds(now)})


def add_part(conn: Connection, piece: Piece, until: datetime) -> bool:
    """Keep a part. False when this number of the group is there already."""
    hold(conn, f"parts {piece.group.hex()}")
    row = {"group_hash": piece.group, "number": piece.number, "total": piece.total, "sealed": piece.sealed}
    return insert_new(conn, parts, row | {"until": seconds(until)})


def parts_of(conn: Connection, group: bytes) -> list[Piece]:
    """What has come of a group, in order."""
    rows = conn.execute(select(parts).where(parts.c.group_hash == group).order_by(parts.c.number)).mappings()
    return [_piece(row) for row in rows]


def take_parts(conn: Connection, group: bytes) -> list[Piece]:
    """Take a group out, in order; empty when somebody else was first."""
    rows = conn.execute(delete(parts).where(parts.c.group_hash == group).returning(parts)).mappings()
    return sorted((_piece(row) for row in rows), key=lambda piece: piece.number)


def late_groups(conn: Connection, now: datetime, limit: int) -> list[bytes]:
    """Groups whose time to be completed is over."""
    query = select(parts.c.group_hash).where(parts.c.until <= seconds(now)).distinct().limit(limit)
    return list(conn.execute(query).scalars())


def add_fragment(conn: Connection, kept: Kept, until: datetime) -> None:
    """Keep a text for triage to read together with what follows."""
    bulk_insert(conn, fragments, [_kept_row(kept) | {"until": seconds(until)}])


def fragments_of(conn: Connection, contact: ContactId, now: datetime) -> list[Kept]:
    """What a contact has written in the last minutes, in order."""
    query = select(fragments).where(fragments.c.contact_id == contact, fragments.c.until > seconds(now))
    return [_kept(row) for row in conn.execute(query.order_by(fragments.c.position)).mappings()]


def forget_fragments(conn: Connection, contact: ContactId) -> None:
    """What follows is another message."""
    conn.execute(delete(fragments).where(fragments.c.contact_id == contact))


def add_waiting(conn: Connection, kept: Kept, until: datetime) -> None:
    """Keep an answer until its reader comes for it."""
    bulk_insert(conn, waiting, [_kept_row(kept) | {"until": seconds(until)}])


def waiting_of(conn: Connection, contact: ContactId, now: datetime) -> list[Kept]:
    """The answers that wait for a contact, in order."""
    query = select(waiting).where(waiting.c.contact_id == contact, waiting.c.until > seconds(now))
    return [_kept(row) for row in conn.execute(query.order_by(waiting.c.position)).mappings()]


def waiting_in_case(conn: Connection, case_id: CaseId) -> frozenset[MessageId]:
    """The answers of a case that nobody has come for yet."""
    query = select(waiting.c.message_id).where(waiting.c.case_id == case_id)
    return frozenset(MessageId(value) for value in conn.execute(query).scalars())


def take_waiting(conn: Connection, contact: ContactId, now: datetime) -> list[Kept]:
    """Take out the answers that wait for a contact, in order."""
    rows = conn.execute(delete(waiting).where(waiting.c.contact_id == contact).returning(waiting)).mappings()
    found = [_kept(row) for row in rows if row["until"] > seconds(now)]
    return sorted(found, key=lambda kept: kept.position)


def end_waiting(conn: Connection, message: MessageId) -> None:
    """Its reader has it."""
    conn.execute(delete(waiting).where(waiting.c.message_id == message))


def tally(conn: Connection, name_hash: bytes, most: int, now: datetime, until: datetime) -> bool:
    """Count one more under a name, at most `most` until the count ends. False when there were so many already."""
    conn.execute(delete(tallies).where(tallies.c.name_hash == name_hash, tallies.c.until <= seconds(now)))
    insert_new(conn, tallies, {"name_hash": name_hash, "number": 0, "until": seconds(until)})
    room = update(tallies).where(tallies.c.name_hash == name_hash, tallies.c.number < most)
    return conn.execute(room.values(number=tallies.c.number + 1)).rowcount == 1


def lease_poll(conn: Connection, bridge: str, node: str, now: datetime, lease: timedelta) -> tuple[bool, int | None]:
    """Whether this node may ask for a bridge's messages until the lease ends, and from which update on."""
    insert_new(conn, polls, {"bridge": bridge, "leased_until": 0})
    free = or_(polls.c.leased_by == node, polls.c.leased_until <= seconds(now))
    claim = update(polls).where(polls.c.bridge == bridge, free)
    row = conn.execute(
        claim.values(leased_by=node, leased_until=seconds(now + lease)).returning(polls.c.next_update)
    ).one_or_none()
    return (False, None) if row is None else (True, row.next_update)


def note_poll(conn: Connection, bridge: str, node: str, next_update: int | None) -> None:
    """What came before `next_update` is on disk."""
    held = update(polls).where(polls.c.bridge == bridge, polls.c.leased_by == node)
    conn.execute(held.values(next_update=next_update))


def end_poll(conn: Connection, bridge: str, node: str) -> None:
    """Let another node ask at once."""
    held = update(polls).where(polls.c.bridge == bridge, polls.c.leased_by == node)
    conn.execute(held.values(leased_by=None, leased_until=0))


def forget_passed(conn: Connection, now: datetime, seen_before: datetime) -> int:
    """Delete what has had its time; returns how many answers nobody came for."""
    conn.execute(delete(seen).where(seen.c.seen_at < seconds(seen_before)))
    conn.execute(delete(fragments).where(fragments.c.until <= seconds(now)))
    conn.execute(delete(tallies).where(tallies.c.until <= seconds(now)))
    return conn.execute(delete(waiting).where(waiting.c.until <= seconds(now))).rowcount


def _piece(row: RowMapping) -> Piece:
    return Piece(row["group_hash"], row["number"], row["total"], row["sealed"])


def _kept_row(kept: Kept) -> dict[str, object]:
    return {
        "message_id": kept.message,
        "contact_id": kept.contact,
        "case_id": kept.case,
        "position": kept.position,
        "sealed": kept.sealed,
        "written_at": seconds(kept.written_at),
    }


def _kept(row: RowMapping) -> Kept:
    return Kept(
        MessageId(row["message_id"]),
        ContactId(row["contact_id"]),
        CaseId(row["case_id"]),
        row["position"],
        row["sealed"],
        moment(row["written_at"]),
    )
