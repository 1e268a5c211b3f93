"""Verbs for pictures and recordings still with a provider: note, claim by lease, settle; opens no reference."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, Update, delete, or_, select, update

from intake.model import CaseId, Filed, MessageId
from intake.store.rows import moment, seconds
from intake.store.schema import fetches


class FetchState(StrEnum):
    """How far the files of a message have come."""

    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Fetch:
    """The files of one message: `sealed` names them with their provider, and is gone once they are here or lost."""

    filed: Filed
    bridge: str
    sealed: bytes = field(repr=False)
    until: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How many messages of a case still wait for files, and how many files could not be had."""

    waiting: int
    lost: int


def add(conn: Connection, fetch: Fetch, due_at: datetime) -> None:
    """Note files that are to be fetched, in the transaction that files their message."""
    row = {
        "message_id": fetch.filed.message,
        "case_id": fetch.filed.case,
        "position": fetch.filed.position,
        "bridge": fetch.bridge,
        "state": FetchState.WAITING.value,
        "lost": 0,
        "attempts": 0,
        "sealed": fetch.sealed,
        "due_at": seconds(due_at),
        "until": seconds(fetch.until),
        "leased_by": None,
        "leased_until": None,
    }
    conn.execute(fetches.insert(), row)


def claim_due(conn: Connection, bridge: str, node: str, now: datetime, lease: timedelta) -> Fetch | None:
    """Take one message's files that are due until the lease ends; two nodes never hold the same."""
    free = or_(fetches.c.leased_until.is_(None), fetches.c.leased_until <= seconds(now))
    due = (
        select(fetches.c.message_id)
        .where(fetches.c.bridge == bridge, fetches.c.state == FetchState.WAITING.value)
        .where(fetches.c.due_at <= seconds(now), free)
        .order_by(fetches.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    held = update(fetches).where(fetches.c.message_id.in_(select(due.c.message_id)))
    held = held.values(leased_by=node, leased_until=seconds(now + lease), attempts=fetches.c.attempts + 1)
    row = conn.execute(held.returning(fetches)).mappings().one_or_none()
    return None if row is None else _fetch(row)


def put_back(conn: Connection, message: MessageId, node: str, due_at: datetime) -> bool:
    """Try again at `due_at`. False when this node's lease was lost to another."""
    free = {"due_at": seconds(due_at), "leased_by": None, "leased_until": None}
    return conn.execute(_held(message, node).values(**free)).rowcount == 1


def settle(conn: Connection, message: MessageId, node: str, lost: int) -> bool:
    """They are here, but for those that could not be had. False when this node's lease was lost to another."""
    done = {"state": FetchState.DONE.value, "lost": lost, "sealed": None, "leased_by": None, "leased_until": None}
    return conn.execute(_held(message, node).values(**done)).rowcount == 1


def standing(conn: Connection, case_id: CaseId) -> Standing:
    """How it stands with a case's files."""
    rows = conn.execute(select(fetches.c.state, fetches.c.lost).where(fetches.c.case_id == case_id)).all()
    waiting = sum(row.state == FetchState.WAITING.value for row in rows)
    return Standing(waiting, sum(row.lost for row in rows))


def forget_waiting(conn: Connection, case_id: CaseId) -> None:
    """The person has erased their side: what of theirs is still with a provider is asked for no more."""
    waits = fetches.c.state == FetchState.WAITING.value
    conn.execute(delete(fetches).where(fetches.c.case_id == case_id, waits))


def _held(message: MessageId, node: str) -> Update:
    return update(fetches).where(fetches.c.message_id == message, fetches.c.leased_by == node)


def _fetch(row: RowMapping) -> Fetch:
    filed = Filed(CaseId(row["case_id"]), MessageId(row["message_id"]), row["position"])
    return Fetch(filed, row["bridge"], row["sealed"], moment(row["until"]), row["attempts"])
