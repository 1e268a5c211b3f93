"""Verbs for texts on their way out: enqueue, claim by lease, settle, put back; opens neither address nor text."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, Update, or_, select, update

from intake.model import CaseId, Outgoing
from intake.store.rows import moment, seconds
from intake.store.schema import outbox

_WAITING, _SENT, _FAILED = "waiting", "sent", "failed"


def enqueue(conn: Connection, outgoing: Outgoing, due_at: datetime) -> None:
    """Promise a text, in the transaction of its cause."""
    row = {
        "id": outgoing.id,
        "case_id": outgoing.case,
        "bridge": outgoing.bridge,
        "state": _WAITING,
        "template": outgoing.template,
        "sealed_address": outgoing.sealed_address,
        "sealed_text": outgoing.sealed_text,
        "attempts": outgoing.attempts,
        "due_at": seconds(due_at),
        "expires_at": seconds(outgoing.expires_at),
    }
    conn.execute(outbox.insert(), row)


def claim_due(conn: Connection, node: str, now: datetime, lease: timedelta, limit: int) -> list[Outgoing]:
    """Take at most `limit` due texts for this node until the lease ends; two nodes never hold the same one."""
    due = (
        select(outbox.c.id)
        .where(
            outbox.c.state == _WAITING,
            outbox.c.due_at <= seconds(now),
            or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= seconds(now)),
        )
        .order_by(outbox.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(outbox)
        .where(outbox.c.id.in_(due.scalar_subquery()))
        .values(leased_by=node, leased_until=seconds(now + lease), attempts=outbox.c.attempts + 1)
        .returning(outbox)
    )
    return [_outgoing(row) for row in conn.execute(claim).mappings()]


def settle(conn: Connection, outgoing_id: str, node: str, *, sent: bool) -> bool:
    """It is sent, or has failed for good: erase the text. False when this node's lease was lost to another."""
    values = {"state": _SENT if sent else _FAILED, "sealed_text": None, "leased_by": None, "leased_until": None}
    return conn.execute(_held(outgoing_id, node).values(**values)).rowcount == 1


def put_back(conn: Connection, outgoing_id: str, node: str, due_at: datetime) -> bool:
    """Try again at `due_at`. False when this node's lease was lost to another."""
    values = {"due_at": seconds(due_at), "leased_by": None, "leased_until": None}
    return conn.execute(_held(outgoing_id, node).values(**values)).rowcount == 1


def cancel_of_case(conn: Connection, case_id: CaseId) -> None:
    """Send nothing more for this case, and erase what was waiting."""
    waiting = (outbox.c.case_id == case_id) & (outbox.c.state == _WAITING)
    conn.execute(update(outbox).where(waiting).values(state=_FAILED, sealed_text=None, leased_by=None))


def states(conn: Connection, ids: Sequence[str]) -> dict[str, str]:
    """How far each of these texts has come."""
    rows = conn.execute(select(outbox.c.id, outbox.c.state).where(outbox.c.id.in_(ids)))
    return {row.id: row.state for row in rows}


def _held(outgoing_id: str, node: str) -> Update:
    return update(outbox).where(outbox.c.id == outgoing_id, outbox.c.leased_by == node)


def _outgoing(row: RowMapping) -> Outgoing:
    return Outgoing(
        id=row["id"],
        case=CaseId(row["case_id"]),
        bridge=row["bridge"],
        sealed_address=row["sealed_address"],
        sealed_text=row["sealed_text"],
        template=row["template"],
        attempts=row["attempts"],
        expires_at=moment(row["expires_at"]),
    )
