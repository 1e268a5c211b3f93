"""Between rows and values: times as seconds, and a MAC on every row that grants or points; knows no single verb."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, Table

from intake.store import schema
from intake.vault.row_mac import check_row_mac, row_mac
from intake.vault.service_key import ServiceKey

SIGNED: Mapping[Table, tuple[str, ...]] = {
    schema.desk_generations: ("desk", "generation", "public_key", "current"),
    schema.members: ("id", "sealed_login", "role", "state", "public_key"),
    schema.memberships: ("member_id", "desk"),
    schema.desk_key_wraps: ("member_id", "desk", "generation", "sealed"),
    schema.invitations: ("token_hash", "sealed_login", "role", "desk", "expires_at"),
    schema.cases: ("id", "desk"),
    schema.grants: ("case_id", "desk", "ground"),
    schema.envelopes: ("message_id", "direction", "case_id", "position", "body"),
    schema.wraps: ("message_id", "direction", "kind", "recipient", "generation", "case_id", "sealed"),
    schema.attachments: ("id", "case_id", "message_id"),
    schema.mailboxes: ("lookup_id", "salt", "public_key", "case_id"),
    schema.contacts: ("id", "lookup", "case_id", "bridge", "sealed"),
    schema.codes: ("code_hash", "contact_id", "until"),
    schema.passkeys: ("id", "member_id", "sealed"),
    schema.journal: ("number", "what", "subject", "day"),
}
"""What the MAC of a row covers: whatever says who may read what, and where a thing belongs."""

ADDED: Mapping[Table, str] = {schema.members: "begun_by", schema.invitations: "begun_by"}
"""Columns that came when rows were signed already: covered too wherever they are filled."""


def sign(key: ServiceKey, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with its MAC."""
    return {**row, "mac": row_mac(key, table.name, *_covered(table, row))}


def check(key: ServiceKey, table: Table, row: RowMapping) -> RowMapping:
    """Return the row. Raises `Tampered` when it is not what was written here."""
    check_row_mac(key, row["mac"], table.name, *_covered(table, row))
    return row


def _covered(table: Table, row: Mapping[str, Any] | RowMapping) -> list[Any]:
    added = ADDED.get(table)
    later = None if added is None else row[added]
    return [row[name] for name in SIGNED[table]] + ([] if later is None else [later])


def seconds(moment: datetime) -> int:
    """An aware time as whole seconds since 1970."""
    return int(moment.timestamp())


def moment(value: int) -> datetime:
    """Seconds since 1970 as an aware time in UTC."""
    return datetime.fromtimestamp(value, UTC)


def moment_or_none(value: int | None) -> datetime | None:
    """As `moment`, where the column may be empty."""
    return None if value is None else moment(value)


def seconds_or_none(moment: datetime | None) -> int | None:
    """As `seconds`, where the column may be empty."""
    return None if moment is None else seconds(moment)
