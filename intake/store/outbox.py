"""Verbs for texts on their way out: enqueue, claim by lease, settle, put back; opens neither address nor text."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, Update, delete, func, or_, select, update

from intake.model import CaseId, ContactId, MemberId, MessageId, Outgoing, OutgoingKind, OutgoingState
from intake.store.rows import moment, seconds
from intake.store.schema import outbox

_WAITING = OutgoingState.WAITING.value
_KINDS = tuple(kind.value for kind in OutgoingKind)
_AT_REST = {"sealed_text": None, "sealed_address": None, "leased_by": None, "leased_until": None}


def enqueue(
    conn: Connection,
    outgoing: Outgoing,
    due_at: datetime,
    state: OutgoingState = OutgoingState.WAITING,
    reason: str | None = None,
) -> None:
    """Promise a text, in the transaction of its cause; HELD, with a reason, it waits to be released."""
    row = {
        "id": outgoing.id,
        "send_id": outgoing.send_id,
        "contact_id": outgoing.contact,
        "case_id": outgoing.case,
        "message_id": outgoing.message,
        "member_id": outgoing.member,
        "bridge": outgoing.bridge,
        "kind": outgoing.kind.value,
        "state": state.value,
        "reason": reason,
        "template": outgoing.template,
        "sealed_address": outgoing.sealed_address,
        "sealed_text": outgoing.sealed_text,
        "attempts": outgoing.attempts,
        "pieces": outgoing.pieces,
        "delivery": 0,
        "turn": outgoing.turn,
        "due_at": seconds(due_at),
        "expires_at": seconds(outgoing.expires_at),
    }
    conn.execute(outbox.insert(), row)


def next_turn(conn: Connection, contact: ContactId) -> int:
    """The place of a contact's next text; the caller holds the contact."""
    query = select(func.coalesce(func.max(outbox.c.turn), -1) + 1).where(outbox.c.contact_id == contact)
    return int(conn.execute(query).scalar_one())


def claim_due(conn: Connection, bridge: str, node: str, now: datetime, lease: timedelta, limit: int) -> list[Outgoing]:
    """Take at most `limit` due texts of a bridge until the lease ends; two nodes never hold the same one.

    Of a contact's texts of one kind only the first that waits is taken: a chat that must wait waits in order. What is
    of no kind that this version has is left to the version that promised it.
    """
    earlier = outbox.alias("earlier")
    overtakes = (
        select(earlier.c.id)
        .where(earlier.c.contact_id == outbox.c.contact_id, earlier.c.turn < outbox.c.turn)
        .where(earlier.c.kind == outbox.c.kind, earlier.c.state == _WAITING)
        .where(earlier.c.expires_at > seconds(now))
        .exists()
    )
    # MATERIALIZED: inlined, the subquery may run again within the statement and claim more than `limit`.
    due = (
        select(outbox.c.id)
        .where(outbox.c.bridge == bridge, outbox.c.state == _WAITING, outbox.c.due_at <= seconds(now))
        .where(outbox.c.expires_at > seconds(now), outbox.c.kind.in_(_KINDS), _is_free(now), ~overtakes)
        .order_by(outbox.c.due_at, outbox.c.turn)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    claim = (
        update(outbox)
        .where(outbox.c.id.in_(select(due.c.id)))
        .values(leased_by=node, leased_until=seconds(now + lease), attempts=outbox.c.attempts + 1)
        .returning(outbox)
    )
    return [outgoing_of(row) for row in conn.execute(claim).mappings()]


def settle(conn: Connection, outgoing_id: str, node: str, state: OutgoingState, reason: str | None = None) -> bool:
    """It has come to an end: erase the text. False when this node's lease was lost to another.

    What was cancelled in this node's hands has an end already, unless it was too late: what is sent is SENT.
    """
    query = _in_hand(outgoing_id, node) if state is OutgoingState.SENT else _held(outgoing_id, node)
    return conn.execute(query.values(state=state.value, reason=reason, **_AT_REST)).rowcount == 1


def put_back(
    conn: Connection, outgoing_id: str, node: str, due_at: datetime, reason: str | None = None, pieces: int = 0
) -> bool:
    """Try again at `due_at`; `pieces` more were sent. False when this node's lease was lost to another."""
    values = {"due_at": seconds(due_at), "reason": reason, "leased_by": None, "leased_until": None}
    return conn.execute(_held(outgoing_id, node).values(pieces=outbox.c.pieces + pieces, **values)).rowcount == 1


def hold(conn: Connection, outgoing_id: str, node: str, reason: str) -> bool:
    """It may not go any more: keep it for the coordinator. False when this node's lease was lost to another."""
    values = {"state": OutgoingState.HELD.value, "reason": reason, "leased_by": None, "leased_until": None}
    return conn.execute(_held(outgoing_id, node).values(**values)).rowcount == 1


def expire(conn: Connection, now: datetime) -> list[Outgoing]:
    """End what nobody holds and is too late to be safe, and erase its text; returns what that was."""
    states = (_WAITING, OutgoingState.HELD.value)
    late = update(outbox).where(outbox.c.state.in_(states), outbox.c.expires_at <= seconds(now), _is_free(now))
    ended = late.values(state=OutgoingState.EXPIRED.value, **_AT_REST).returning(outbox)
    return [outgoing_of(row) for row in conn.execute(ended).mappings() if row["kind"] in _KINDS]


def forget_prompts(conn: Connection, before: datetime) -> int:
    """Answers to what somebody just wrote are nobody's business any more; returns how many."""
    over = (outbox.c.kind == OutgoingKind.PROMPT.value) & (outbox.c.expires_at < seconds(before))
    return conn.execute(delete(outbox).where(over, outbox.c.state != _WAITING)).rowcount


def release(conn: Connection, contact: ContactId, reason: str, now: datetime) -> int:
    """What was held for this reason may go: returns how many."""
    held = (outbox.c.contact_id == contact) & (outbox.c.state == OutgoingState.HELD.value) & (outbox.c.reason == reason)
    return conn.execute(update(outbox).where(held).values(state=_WAITING, reason=None, due_at=seconds(now))).rowcount


def bring_forward(conn: Connection, contact: ContactId, kind: OutgoingKind, now: datetime) -> None:
    """Ask anew whether what waits of this kind may go."""
    waiting = (outbox.c.contact_id == contact) & (outbox.c.kind == kind.value) & (outbox.c.state == _WAITING)
    conn.execute(update(outbox).where(waiting, outbox.c.due_at > seconds(now)).values(due_at=seconds(now)))


def waits(conn: Connection, contact: ContactId, kind: OutgoingKind) -> bool:
    """Whether a text of this kind is on its way already."""
    query = select(outbox.c.id).where(outbox.c.contact_id == contact, outbox.c.kind == kind.value)
    return conn.execute(query.where(outbox.c.state == _WAITING).limit(1)).first() is not None


def is_planned(conn: Connection, contact: ContactId, kind: OutgoingKind) -> bool:
    """Whether a text of this kind is on its way, or held."""
    query = select(outbox.c.id).where(outbox.c.contact_id == contact, outbox.c.kind == kind.value)
    open_states = (_WAITING, OutgoingState.HELD.value)
    return conn.execute(query.where(outbox.c.state.in_(open_states)).limit(1)).first() is not None


def is_waiting(conn: Connection, outgoing_id: str) -> bool:
    """Whether a text that was claimed is still to go."""
    query = select(outbox.c.id).where(outbox.c.id == outgoing_id, outbox.c.state == _WAITING)
    return conn.execute(query).first() is not None


def cancel_of_case(conn: Connection, case_id: CaseId, kinds: Sequence[OutgoingKind] = tuple(OutgoingKind)) -> int:
    """Send the person nothing more of these kinds for this case, and erase what was waiting; returns how many.

    Coordinators are told all the same.
    """
    wanted = [kind.value for kind in kinds]
    own = (outbox.c.case_id == case_id) & outbox.c.member_id.is_(None) & outbox.c.kind.in_(wanted)
    return _cancel(conn, update(outbox).where(own))


def cancel_of_contact(
    conn: Connection, contact: ContactId, kinds: Sequence[OutgoingKind] = tuple(OutgoingKind)
) -> None:
    """Send nothing more of these kinds to this contact, and erase what was waiting."""
    wanted = [kind.value for kind in kinds]
    _cancel(conn, update(outbox).where(outbox.c.contact_id == contact, outbox.c.kind.in_(wanted)))


def outgoing_of(row: RowMapping) -> Outgoing:
    """A row as a value."""
    return Outgoing(
        id=row["id"],
        send_id=row["send_id"],
        bridge=row["bridge"],
        kind=OutgoingKind(row["kind"]),
        expires_at=moment(row["expires_at"]),
        contact=None if row["contact_id"] is None else ContactId(row["contact_id"]),
        case=None if row["case_id"] is None else CaseId(row["case_id"]),
        message=None if row["message_id"] is None else MessageId(row["message_id"]),
        member=None if row["member_id"] is None else MemberId(row["member_id"]),
        template=row["template"],
        sealed_address=row["sealed_address"],
        sealed_text=row["sealed_text"],
        attempts=row["attempts"],
        pieces=row["pieces"],
        turn=row["turn"],
    )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= seconds(now))


def _cancel(conn: Connection, query: Update) -> int:
    open_states = (_WAITING, OutgoingState.HELD.value)
    # The lease stays: whoever is sending it at this moment must be able to say that it has gone.
    cancelled = {"state": OutgoingState.CANCELLED.value, "sealed_text": None, "sealed_address": None}
    return conn.execute(query.where(outbox.c.state.in_(open_states)).values(**cancelled)).rowcount


def _held(outgoing_id: str, node: str) -> Update:
    return _in_hand(outgoing_id, node).where(outbox.c.state == _WAITING)


def _in_hand(outgoing_id: str, node: str) -> Update:
    """With this node, cancelled or not."""
    return update(outbox).where(outbox.c.id == outgoing_id, outbox.c.leased_by == node)
