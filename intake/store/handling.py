"""Verbs for how a case is handled: to whom it is shown and on what ground, on whom it waits; knows no content."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from intake.model import CaseId, Waiting
from intake.store.cases import set_due
from intake.store.rows import check
from intake.store.schema import cases, grants
from intake.vault.service_key import ServiceKey
from triage.model import DeskName, Pace

LENT, SHARED = "lent", "shared"
"""Grounds of grants: a desk was asked to help; a desk that gave the case away goes on reading it."""


def grants_of(conn: Connection, key: ServiceKey, case_id: CaseId) -> dict[DeskName, str]:
    """The desks that may read the case besides its own, each with the ground that it may on."""
    rows = conn.execute(select(grants).where(grants.c.case_id == case_id).order_by(grants.c.desk)).mappings()
    return {DeskName(row["desk"]): str(row["ground"]) for row in (check(key, grants, row) for row in rows)}


def revoke(conn: Connection, case_id: CaseId, desks: Iterable[DeskName]) -> None:
    """Show the case to these desks no more."""
    conn.execute(delete(grants).where(grants.c.case_id == case_id, grants.c.desk.in_(list(desks))))


def set_pace(conn: Connection, case_id: CaseId, pace: Pace) -> None:
    """How long the case may lie has been put right."""
    conn.execute(update(cases).where(cases.c.id == case_id).values(pace=pace.value))


def set_waiting(conn: Connection, case_id: CaseId, waiting: Waiting | None, due_at: datetime) -> None:
    """The case waits for somebody else until `due_at`; None: it waits no longer."""
    value = None if waiting is None else waiting.value
    conn.execute(update(cases).where(cases.c.id == case_id).values(waiting=value))
    set_due(conn, case_id, due_at)


def last_position(conn: Connection, case_id: CaseId) -> int:
    """The place of the last message: a remark or a correction stands there too, and takes none of its own."""
    return int(conn.execute(select(cases.c.messages).where(cases.c.id == case_id)).scalar_one()) - 1
