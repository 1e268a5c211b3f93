"""Verbs that count which bridges carry nothing; reads states and reasons, no text and no address."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bridges.contract import Reason
from intake.model import OutgoingState
from intake.store.rows import seconds
from intake.store.schema import outbox

_BRIDGE_FAILS = tuple(
    reason.value for reason in (Reason.ACCOUNT, Reason.UNAVAILABLE, Reason.UNREACHABLE, Reason.UNCERTAIN)
)
"""Reasons that lie with the bridge, not with whom a text was for."""
_NOT_CARRIED = tuple(state.value for state in (OutgoingState.WAITING, OutgoingState.FAILED, OutgoingState.EXPIRED))


def failing(conn: Connection, since: datetime, now: datetime) -> dict[str, int]:
    """How many texts each bridge has not carried since the last one that it did, of those due in this time."""
    inside = (outbox.c.due_at > seconds(since), outbox.c.due_at <= seconds(now) + 3600)
    sent = (
        select(outbox.c.bridge, func.max(outbox.c.due_at).label("at"))
        .where(outbox.c.state == OutgoingState.SENT.value, *inside)
        .group_by(outbox.c.bridge)
        .subquery()
    )
    query = (
        select(outbox.c.bridge, func.count())
        .join_from(outbox, sent, sent.c.bridge == outbox.c.bridge, isouter=True)
        .where(outbox.c.state.in_(_NOT_CARRIED), outbox.c.reason.in_(_BRIDGE_FAILS), *inside)
        .where(outbox.c.due_at > func.coalesce(sent.c.at, 0))
        .group_by(outbox.c.bridge)
    )
    return {row[0]: row[1] for row in conn.execute(query)}
