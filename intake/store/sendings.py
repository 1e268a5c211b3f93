"""Verbs for what became of texts: providers' reports, what a desk sees, trying again; opens no text and no address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from intake.model import CaseId, ContactId, MessageId, OutgoingKind, OutgoingState
from intake.store.fast import insert_new
from intake.store.rows import moment, seconds
from intake.store.schema import cases, outbox, sent_ids
from triage.model import DeskName

_LOST = tuple(state.value for state in (OutgoingState.FAILED, OutgoingState.EXPIRED, OutgoingState.HELD))


@dataclass(frozen=True, slots=True)
class Sending:
    """How far a text has come. `delivery` is the number of `bridges.contract.Delivery`, 0 where nothing is known."""

    id: str
    case: CaseId
    message: MessageId | None
    bridge: str
    kind: OutgoingKind
    state: OutgoingState
    reason: str | None
    delivery: int
    attempts: int
    due_at: datetime
    expires_at: datetime


def remember_ids(conn: Connection, outgoing_id: str, id_hashes: Sequence[bytes], until: datetime) -> None:
    """Under these names a provider will report on the text; a report may have been faster."""
    for id_hash in id_hashes:
        row = {"id_hash": id_hash, "outbox_id": outgoing_id, "delivery": 0, "until": seconds(until)}
        if not insert_new(conn, sent_ids, row):
            known = update(sent_ids).where(sent_ids.c.id_hash == id_hash)
            conn.execute(known.values(outbox_id=outgoing_id))
    _sum_up(conn, outgoing_id)


def report(conn: Connection, id_hashes: Sequence[bytes], delivery: int, until: datetime) -> None:
    """A provider says how far a text has come: it only moves forward. The first of `id_hashes` is the newest key's."""
    known = conn.execute(select(sent_ids.c.id_hash, sent_ids.c.outbox_id).where(sent_ids.c.id_hash.in_(id_hashes)))
    row = known.first()
    if row is None:
        early = {"id_hash": id_hashes[0], "outbox_id": None, "delivery": delivery, "until": seconds(until)}
        if insert_new(conn, sent_ids, early):
            return
    id_hash = id_hashes[0] if row is None else row.id_hash
    further = update(sent_ids).where(sent_ids.c.id_hash == id_hash, sent_ids.c.delivery < delivery)
    moved = conn.execute(further.values(delivery=delivery).returning(sent_ids.c.outbox_id)).scalar_one_or_none()
    if moved is not None:
        _sum_up(conn, moved)


def forget_ids(conn: Connection, now: datetime) -> None:
    """No more reports are expected under these names."""
    conn.execute(delete(sent_ids).where(sent_ids.c.until <= seconds(now)))


def of_case(conn: Connection, case_id: CaseId, kinds: Sequence[OutgoingKind]) -> list[Sending]:
    """What went out, or was to go out, for a case, in order."""
    query = select(outbox).where(outbox.c.case_id == case_id, outbox.c.kind.in_([kind.value for kind in kinds]))
    return [_sending(row) for row in conn.execute(query.order_by(outbox.c.due_at, outbox.c.turn)).mappings()]


def sent_since(
    conn: Connection, contact: ContactId, kinds: Sequence[OutgoingKind], since: datetime | None
) -> list[datetime]:
    """When texts of these kinds went to somebody, from `since` on, or ever."""
    own = (outbox.c.contact_id == contact) & outbox.c.kind.in_([kind.value for kind in kinds])
    query = select(outbox.c.due_at).where(own, outbox.c.state == OutgoingState.SENT.value)
    if since is not None:
        query = query.where(outbox.c.due_at >= seconds(since))
    return [moment(value) for value in conn.execute(query).scalars()]


def dead_letters(conn: Connection, desks: Sequence[DeskName], limit: int) -> list[Sending]:
    """Answers of these desks that did not get through, the newest first."""
    unasked = [kind.value for kind in OutgoingKind if kind.unasked]
    query = select(outbox).join(cases, cases.c.id == outbox.c.case_id)
    query = query.where(cases.c.desk.in_(desks), outbox.c.state.in_(_LOST), outbox.c.kind.in_(unasked))
    return [_sending(row) for row in conn.execute(query.order_by(outbox.c.due_at.desc()).limit(limit)).mappings()]


def find(conn: Connection, outgoing_id: str) -> Sending | None:
    """One text's way, or None."""
    row = conn.execute(select(outbox).where(outbox.c.id == outgoing_id)).mappings().one_or_none()
    return None if row is None or row["case_id"] is None else _sending(row)


def put_aside(conn: Connection, outgoing_id: str) -> bool:
    """Another way was taken: it is no dead letter any more. False when it is none."""
    dead = update(outbox).where(outbox.c.id == outgoing_id, outbox.c.state.in_(_LOST))
    return conn.execute(dead.values(state=OutgoingState.CANCELLED.value, sealed_text=None)).rowcount == 1


def _sum_up(conn: Connection, outgoing_id: str) -> None:
    """A text of several pieces has come as far as the piece that came least far."""
    least = select(func.coalesce(func.min(sent_ids.c.delivery), 0)).where(sent_ids.c.outbox_id == outgoing_id)
    conn.execute(update(outbox).where(outbox.c.id == outgoing_id).values(delivery=least.scalar_subquery()))


def _sending(row: RowMapping) -> Sending:
    return Sending(
        id=row["id"],
        case=CaseId(row["case_id"]),
        message=None if row["message_id"] is None else MessageId(row["message_id"]),
        bridge=row["bridge"],
        kind=OutgoingKind(row["kind"]),
        state=OutgoingState(row["state"]),
        reason=row["reason"],
        delivery=row["delivery"],
        attempts=row["attempts"],
        due_at=moment(row["due_at"]),
        expires_at=moment(row["expires_at"]),
    )
