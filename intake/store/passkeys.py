"""Verbs for members' passkeys: add, list, use, remove; opens none of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update

from intake.model import MemberId
from intake.store.rows import check, moment, moment_or_none, seconds, sign
from intake.store.schema import passkeys
from intake.vault.service_key import ServiceKey


@dataclass(frozen=True, slots=True)
class StoredPasskey:
    """A passkey as it lies: whose, sealed, since when and when used last."""

    id: str
    member: MemberId
    sealed: bytes = field(repr=False)
    made_at: datetime
    used_at: datetime | None = None


def add(conn: Connection, key: ServiceKey, passkey: StoredPasskey) -> None:
    """Write a passkey down."""
    row = {"id": passkey.id, "member_id": passkey.member, "sealed": passkey.sealed}
    conn.execute(passkeys.insert(), {**sign(key, passkeys, row), "made_at": seconds(passkey.made_at)})


def of_member(conn: Connection, key: ServiceKey, member: MemberId) -> Sequence[StoredPasskey]:
    """Somebody's passkeys, the oldest first. Raises `Tampered` for a planted one."""
    query = select(passkeys).where(passkeys.c.member_id == member).order_by(passkeys.c.made_at, passkeys.c.id)
    return [_stored(check(key, passkeys, row)) for row in conn.execute(query).mappings()]


def use(conn: Connection, key: ServiceKey, passkey: StoredPasskey, sealed: bytes, now: datetime) -> None:
    """Keep what a use has changed: the counter inside `sealed`, and when it was."""
    row = {"id": passkey.id, "member_id": passkey.member, "sealed": sealed}
    used = {"sealed": sealed, "mac": sign(key, passkeys, row)["mac"], "used_at": seconds(now)}
    conn.execute(update(passkeys).where(passkeys.c.id == passkey.id).values(**used))


def remove(conn: Connection, member: MemberId, passkey: str) -> bool:
    """Remove a passkey of this member's. False when there is none."""
    mine = (passkeys.c.member_id == member) & (passkeys.c.id == passkey)
    return conn.execute(delete(passkeys).where(mine)).rowcount == 1


def remove_all_of(conn: Connection, member: MemberId) -> None:
    """Somebody was shown out."""
    conn.execute(delete(passkeys).where(passkeys.c.member_id == member))


def _stored(row: RowMapping) -> StoredPasskey:
    made_at, used_at = moment(row["made_at"]), moment_or_none(row["used_at"])
    return StoredPasskey(row["id"], MemberId(row["member_id"]), row["sealed"], made_at, used_at)
