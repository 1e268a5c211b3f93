"""Verbs that give out all rows for a backup and take them in again: no sessions, no form tokens, no queued text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, exists, or_, select, update

from intake.model import OutgoingState
from intake.store.fast import bulk_insert
from intake.store.schema import metadata, outbox

LEFT_OUT = frozenset(
    {"sessions", "spent_tokens", "invitations", "login_tries"}
    | {"parts", "fragments", "waiting", "codes", "tallies", "polls", "fetches", "notice_codes", "notice_marks"}
)
"""What lives for minutes or days, opens something or holds text under the service key: a backup must not prolong it."""
KEPT = frozenset(
    {"cases", "grants", "envelopes", "wraps", "mailboxes", "audit", "audit_heads", "journal"}
    | {"attachments", "attachment_pieces"}
    | {"notice_addresses"}
    | {"nudges", "desk_nudges", "absences", "mentions"}
    | {"passkeys", "register", "register_messages", "identifiers"}
    | {"ticks", "counters", "views", "corrections"}
    | {"members", "memberships", "desk_generations", "desk_key_wraps"}
    | {"contacts", "handles", "seen", "outbox", "sent_ids"}
)
RESTORED = "restored"
"""Why a text is held that comes out of a backup."""
_AT_A_TIME = 20
"""Rows in memory at once: a piece of a file is a quarter of a megabyte."""
_OPEN = (OutgoingState.WAITING.value, OutgoingState.HELD.value)

Row = tuple[Any, ...]


class NotEmpty(Exception):
    """The database holds rows: a backup is restored into an empty one only."""


class OtherSchema(Exception):
    """The rows are those of another version of the tables."""


def tables() -> list[Table]:
    """The tables of a backup, each after those that it points to."""
    return [table for table in metadata.sorted_tables if table.name in KEPT]


def columns_of(table: Table) -> list[str]:
    """The names of a table's columns, in their order."""
    return [str(column.name) for column in table.columns]


def rows_of(conn: Connection, table: Table) -> Iterator[Row]:
    """The rows of a table, in the order of its columns; texts that wait to be sent come held, and without content."""
    at_rest = _held if table is outbox else None
    for row in conn.execution_options(yield_per=_AT_A_TIME).execute(select(table)):
        yield tuple(row) if at_rest is None else at_rest(dict(row._mapping))


def require_empty(conn: Connection) -> None:
    """Raise `NotEmpty` when there is a row in any table."""
    if conn.execute(select(or_(*(exists(select(1).select_from(table)) for table in metadata.sorted_tables)))).scalar():
        raise NotEmpty


def take_in(conn: Connection, table_name: str, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """Insert rows as `rows_of` gave them out. Raises `OtherSchema`."""
    table, names = metadata.tables.get(table_name), list(columns)
    if table is None or table_name not in KEPT or columns_of(table) != names:
        raise OtherSchema
    bulk_insert(conn, table, [dict(zip(names, row, strict=True)) for row in rows])


def hold_outgoing(conn: Connection) -> None:
    """Let nothing leave that was waiting when a copy was made: whoever reads it decides."""
    waiting = update(outbox).where(outbox.c.state.in_(_OPEN))
    conn.execute(waiting.values(state=OutgoingState.HELD.value, reason=RESTORED, sealed_text=None, sealed_address=None))


def _held(row: Mapping[str, Any]) -> Row:
    held = {"state": OutgoingState.HELD.value, "reason": RESTORED} if row["state"] in _OPEN else {}
    erased = {"sealed_text": None, "sealed_address": None, "leased_by": None, "leased_until": None}
    return tuple({**row, **held, **erased}.values())
