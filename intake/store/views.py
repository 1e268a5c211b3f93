"""Verbs for the lists that members saved for themselves; opens none of them."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from intake.model import MemberId
from intake.store.schema import views


def add(conn: Connection, member: MemberId, view_id: str, sealed: bytes) -> None:
    """Save a view."""
    conn.execute(views.insert(), {"id": view_id, "member_id": member, "sealed": sealed})


def of_member(conn: Connection, member: MemberId) -> Sequence[tuple[str, bytes]]:
    """The views of a member, by id; in no order that says anything."""
    rows = conn.execute(select(views.c.id, views.c.sealed).where(views.c.member_id == member))
    return [(row.id, row.sealed) for row in rows]


def forget(conn: Connection, member: MemberId, view_id: str) -> None:
    """Delete a view of the member's own."""
    conn.execute(delete(views).where(views.c.id == view_id, views.c.member_id == member))
