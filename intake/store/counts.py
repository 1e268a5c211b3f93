"""Verbs that count, for the operator: numbers of rows, never of whom."""

from sqlalchemy import Connection, func, select

from intake.model import Status
from intake.store.schema import cases, outbox


def cases_by_status(conn: Connection) -> dict[Status, int]:
    """How many cases there are of each status."""
    rows = conn.execute(select(cases.c.status, func.count()).group_by(cases.c.status))
    found = {Status(status): number for status, number in rows}
    return {status: found.get(status, 0) for status in Status}


def waiting_texts(conn: Connection) -> int:
    """How many texts wait to be sent."""
    return int(conn.execute(select(func.count()).where(outbox.c.state == "waiting")).scalar_one())
