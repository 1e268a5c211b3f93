"""Verbs for sealed messages and cards: append, read a conversation, read the cards of a list; opens none."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, exists, func, select, true

from intake.model import CaseId, Context, Direction, Envelope, MessageId, Recipient, RecipientKind, Wrap
from intake.store.fast import bulk_insert
from intake.store.rows import check, moment, seconds, sign
from intake.store.schema import envelopes, wraps
from intake.vault.service_key import ServiceKey
from triage.model import DeskName

_LABELS = (Direction.CARD, Direction.CORRECTION)
_ITS_WRAPS = (wraps.c.message_id == envelopes.c.message_id) & (wraps.c.direction == envelopes.c.direction)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a conversation: its places from `first` on, before `end` where one is said."""

    first: int = 0
    end: int | None = None


WHOLE = Stretch()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands, whose it is and when it came; nothing of what it says."""

    position: int
    direction: Direction
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """An envelope where it lies: its place in the conversation, counted from 0, and when it came."""

    envelope: Envelope
    position: int
    sent_at: datetime


def add(conn: Connection, key: ServiceKey, *stored: Stored) -> None:
    """Write envelopes with their wraps down."""
    bulk_insert(conn, envelopes, [_envelope_row(key, one) for one in stored])
    bulk_insert(conn, wraps, [row for one in stored for row in _wrap_rows(key, one.envelope)])


def of_case(
    conn: Connection,
    key: ServiceKey,
    case_id: CaseId,
    directions: Sequence[Direction],
    kind: RecipientKind,
    stretch: Stretch = WHOLE,
) -> list[Stored]:
    """What a case holds of these directions, in order, with the wraps for this kind of recipient."""
    place = envelopes.c.position
    within = (place >= stretch.first) & (true() if stretch.end is None else place < stretch.end)
    return _read(conn, key, _in_case(case_id, directions) & within, kind)


def places(
    conn: Connection,
    case_id: CaseId,
    directions: Sequence[Direction],
    most: int,
    *,
    before: int | None = None,
    kind: RecipientKind | None = None,
) -> list[Place]:
    """The last `most` places of a conversation before `before`, the newest first; with `kind`, of what it can open."""
    place = envelopes.c.position
    query = select(place, envelopes.c.direction, envelopes.c.sent_at).where(_in_case(case_id, directions))
    if before is not None:
        query = query.where(place < before)
    if kind is not None:
        query = query.where(exists().where(_ITS_WRAPS, wraps.c.kind == kind.value))
    rows = conn.execute(query.order_by(place.desc()).limit(most))
    return [Place(row.position, Direction(row.direction), moment(row.sent_at)) for row in rows]


def last_of(
    conn: Connection,
    case_id: CaseId,
    directions: Sequence[Direction],
    most: int | None,
    before: int | None,
    kind: RecipientKind | None = None,
) -> Stretch:
    """Where the last `most` messages before `before` stand; all of the conversation where `most` is None."""
    if most is None:
        return WHOLE
    shown = places(conn, case_id, directions, most + 1, before=before, kind=kind)
    return Stretch(shown[most - 1].position if len(shown) > most else 0, before)


def first_since(conn: Connection, case_id: CaseId, direction: Direction, since: datetime | None) -> int | None:
    """Where the first message of this direction stands that came at `since` or later; None where there is none."""
    if since is None:
        return None
    later = _in_case(case_id, [direction]) & (envelopes.c.sent_at >= seconds(since))
    return conn.execute(select(func.min(envelopes.c.position)).where(later)).scalar()


def holds(conn: Connection, case_id: CaseId, directions: Sequence[Direction]) -> bool:
    """Whether a case holds anything of these directions, whoever it is sealed to."""
    return conn.execute(select(exists().where(_in_case(case_id, directions)))).scalar_one()


def cards_of(conn: Connection, key: ServiceKey, case_ids: Sequence[CaseId]) -> dict[CaseId, list[Stored]]:
    """The cards of several cases, in the order in which they were written, and corrections, with the desks' wraps."""
    asked = envelopes.c.case_id.in_(case_ids) & envelopes.c.direction.in_([label.value for label in _LABELS])
    cards: dict[CaseId, list[Stored]] = defaultdict(list)
    for stored in _read(conn, key, asked, RecipientKind.DESK):
        cards[stored.envelope.context.case].append(stored)
    return cards


def lacking(conn: Connection, case_id: CaseId, directions: Sequence[Direction], to: Recipient) -> list[Context]:
    """The parts of a case that no wrap opens to this key, in order."""
    its_key = (wraps.c.kind == to.kind.value) & (wraps.c.recipient == to.id) & (wraps.c.generation == to.generation)
    query = select(envelopes.c.message_id, envelopes.c.direction).where(
        _in_case(case_id, directions), ~exists().where(_ITS_WRAPS, its_key)
    )
    rows = conn.execute(query.order_by(envelopes.c.position))
    return [Context(case_id, MessageId(row.message_id), Direction(row.direction)) for row in rows]


def these(conn: Connection, key: ServiceKey, contexts: Collection[Context], kind: RecipientKind) -> list[Envelope]:
    """These parts, in order, with the wraps for this kind of recipient; those that are gone are left out."""
    if not contexts:
        return []
    wanted = frozenset(contexts)
    found = _read(conn, key, envelopes.c.message_id.in_({one.message for one in wanted}), kind)
    return [one.envelope for one in found if one.envelope.context in wanted]


def labels_sealed_to(conn: Connection, case_id: CaseId) -> frozenset[tuple[MessageId, DeskName]]:
    """The cards and corrections of a case, each with every desk that has a wrap of it."""
    query = select(wraps.c.message_id, wraps.c.recipient).join(envelopes, _ITS_WRAPS)
    query = query.where(_in_case(case_id, _LABELS), wraps.c.kind == RecipientKind.DESK.value)
    return frozenset((MessageId(row.message_id), DeskName(row.recipient)) for row in conn.execute(query))


def delete_messages(conn: Connection, messages: Sequence[MessageId]) -> None:
    """Take messages with their cards out, to seal them anew."""
    conn.execute(delete(wraps).where(wraps.c.message_id.in_(messages)))
    conn.execute(delete(envelopes).where(envelopes.c.message_id.in_(messages)))


def delete_copies(conn: Connection, case_id: CaseId) -> None:
    """Delete what was sealed to a mailbox alone, with that mailbox."""
    _delete_all(conn, case_id, Direction.COPY)


def delete_correction(conn: Connection, case_id: CaseId) -> None:
    """Take a case's correction out, to write the next one, which holds it too."""
    _delete_all(conn, case_id, Direction.CORRECTION)


def delete_wraps(conn: Connection, case_id: CaseId, kind: RecipientKind) -> None:
    """Take the case from a kind of recipient for good (the sender's mailbox, when they erase)."""
    conn.execute(delete(wraps).where(wraps.c.case_id == case_id, wraps.c.kind == kind.value))


def add_wraps(conn: Connection, key: ServiceKey, added: Iterable[tuple[Context, Wrap]]) -> None:
    """Let one more recipient open envelopes that lie there."""
    bulk_insert(conn, wraps, [_wrap_row(key, context, wrap) for context, wrap in added])


def take_from_desks(conn: Connection, case_id: CaseId, kept: Collection[DeskName]) -> None:
    """Take the case from every desk but these, for good."""
    desks = (wraps.c.kind == RecipientKind.DESK.value) & wraps.c.recipient.not_in(kept)
    conn.execute(delete(wraps).where(wraps.c.case_id == case_id, desks))


def _delete_all(conn: Connection, case_id: CaseId, direction: Direction) -> None:
    # The wraps say so too: only SQLite and PostgreSQL know what hangs on a case, not on an envelope.
    for table in (wraps, envelopes):
        conn.execute(delete(table).where(table.c.case_id == case_id, table.c.direction == direction.value))


def _in_case(case_id: CaseId, directions: Sequence[Direction]) -> ColumnElement[bool]:
    wanted = [direction.value for direction in directions]
    return (envelopes.c.case_id == case_id) & envelopes.c.direction.in_(wanted)


def _read(conn: Connection, key: ServiceKey, asked: ColumnElement[bool], kind: RecipientKind) -> list[Stored]:
    query = select(envelopes).where(asked).order_by(envelopes.c.position)
    rows = [check(key, envelopes, row) for row in conn.execute(query).mappings()]
    held = _wraps_of(conn, key, asked, kind)
    return [_stored(row, held[row["message_id"], row["direction"]]) for row in rows]


def _wraps_of(
    conn: Connection, key: ServiceKey, asked: ColumnElement[bool], kind: RecipientKind
) -> dict[tuple[str, str], list[Wrap]]:
    query = select(wraps).join(envelopes, _ITS_WRAPS).where(asked, wraps.c.kind == kind.value)
    held: dict[tuple[str, str], list[Wrap]] = defaultdict(list)
    for row in conn.execute(query).mappings():
        check(key, wraps, row)
        wrap = Wrap(RecipientKind(row["kind"]), row["recipient"], row["generation"], row["sealed"])
        held[row["message_id"], row["direction"]].append(wrap)
    return held


def _stored(row: RowMapping, held: Iterable[Wrap]) -> Stored:
    context = Context(CaseId(row["case_id"]), MessageId(row["message_id"]), Direction(row["direction"]))
    return Stored(Envelope(context, row["body"], tuple(held)), row["position"], moment(row["sent_at"]))


def _envelope_row(key: ServiceKey, stored: Stored) -> dict[str, object]:
    context = stored.envelope.context
    row = {
        "message_id": context.message,
        "direction": context.direction.value,
        "case_id": context.case,
        "position": stored.position,
        "sent_at": seconds(stored.sent_at),
        "body": stored.envelope.body,
    }
    return sign(key, envelopes, row)


def _wrap_rows(key: ServiceKey, envelope: Envelope) -> list[dict[str, object]]:
    return [_wrap_row(key, envelope.context, wrap) for wrap in envelope.wraps]


def _wrap_row(key: ServiceKey, context: Context, wrap: Wrap) -> dict[str, object]:
    row = {
        "message_id": context.message,
        "direction": context.direction.value,
        "case_id": context.case,
        "kind": wrap.kind.value,
        "recipient": wrap.recipient,
        "generation": wrap.generation,
        "sealed": wrap.sealed,
    }
    return sign(key, wraps, row)
