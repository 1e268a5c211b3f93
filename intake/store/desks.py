"""Verbs for desks' keys: generations, who is a member, and the wraps that let a member in; opens none of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from intake.model import MemberId, Recipient, RecipientKind
from intake.store.fast import fetch
from intake.store.locks import hold, share
from intake.store.rows import SIGNED, check, seconds, sign
from intake.store.schema import desk_generations, desk_key_wraps, memberships
from intake.vault.desk_keys import DeskWrap, NewGeneration
from intake.vault.errors import Tampered
from intake.vault.row_mac import check_row_mac
from intake.vault.service_key import ServiceKey
from triage.model import DeskName

_SIGNED = [desk_generations.c[name] for name in SIGNED[desk_generations]]
_CURRENT = select(*_SIGNED, desk_generations.c.mac).where(desk_generations.c.current.is_(True))
_KEYS = "desk keys"


def current_keys(conn: Connection, key: ServiceKey) -> dict[DeskName, Recipient]:
    """The key that each desk is sealed to now. A desk that is not in it has no member and cannot be routed to."""
    return dict(_recipients(key, tuple(fetch(conn, _CURRENT))))


def keys_to_seal_to(conn: Connection, key: ServiceKey) -> Mapping[DeskName, Recipient]:
    """As `current_keys`, and until the transaction ends nobody changes them: see `hold_keys`."""
    share(conn, _KEYS)
    return _recipients(key, tuple(fetch(conn, _CURRENT)))


# Every report reads these few rows, and they hardly ever change: a row that was checked once needs no second check,
# and one that differs in a single bit is another row.
@lru_cache(maxsize=8)
def _recipients(key: ServiceKey, rows: tuple[tuple[Any, ...], ...]) -> Mapping[DeskName, Recipient]:
    keys = {}
    for *signed, mac in rows:
        check_row_mac(key, mac, desk_generations.name, *signed)
        desk, generation, public_key, _ = signed
        keys[DeskName(desk)] = Recipient(RecipientKind.DESK, desk, generation, public_key)
    if len(keys) != len(rows):
        # A retired generation, put back as it once lay there, has a genuine MAC.
        raise Tampered("a desk has two current keys")
    return MappingProxyType(keys)


def hold_keys(conn: Connection) -> None:
    """Be alone in changing who holds which key, until the transaction ends; take it before reading any of it."""
    hold(conn, _KEYS)


def last_generation(conn: Connection, desk: DeskName) -> int:
    """The number of the desk's newest generation, 0 when it never had one."""
    query = select(func.max(desk_generations.c.generation)).where(desk_generations.c.desk == desk)
    return conn.execute(query).scalar_one() or 0


def add_generation(conn: Connection, key: ServiceKey, new: NewGeneration, now: datetime) -> None:
    """Make this the desk's key and let its members in; whatever is sealed from now on is sealed to it."""
    retire_generation(conn, key, new.desk)
    row = {"desk": new.desk, "generation": new.generation, "public_key": new.public_key, "current": True}
    conn.execute(desk_generations.insert(), {**sign(key, desk_generations, row), "made_at": seconds(now)})
    add_wraps(conn, key, new.wraps)


def public_keys(conn: Connection, key: ServiceKey, desks: Iterable[DeskName]) -> dict[tuple[DeskName, int], bytes]:
    """Every generation of these desks' public keys, retired ones too, by desk and generation."""
    query = select(desk_generations).where(desk_generations.c.desk.in_(list(desks)))
    rows = [check(key, desk_generations, row) for row in conn.execute(query).mappings()]
    return {(DeskName(row["desk"]), row["generation"]): row["public_key"] for row in rows}


def retire_generation(conn: Connection, key: ServiceKey, desk: DeskName) -> None:
    """Seal nothing more to the desk's key: it has no member, or gets a new generation."""
    current = (desk_generations.c.desk == desk) & desk_generations.c.current.is_(True)
    row = conn.execute(select(desk_generations).where(current).with_for_update()).mappings().one_or_none()
    if row is not None:
        retired = sign(key, desk_generations, {**check(key, desk_generations, row), "current": False})
        conn.execute(update(desk_generations).where(current).values(current=False, mac=retired["mac"]))


def add_membership(conn: Connection, key: ServiceKey, member: MemberId, desk: DeskName) -> None:
    """Make somebody a member of the desk. That alone opens nothing: see `add_wraps`."""
    conn.execute(memberships.insert(), sign(key, memberships, {"member_id": member, "desk": desk}))


def desks_of(conn: Connection, key: ServiceKey, member: MemberId) -> frozenset[DeskName]:
    """The desks that somebody is a member of."""
    rows = conn.execute(select(memberships).where(memberships.c.member_id == member)).mappings()
    return frozenset(DeskName(check(key, memberships, row)["desk"]) for row in rows)


def members_of(conn: Connection, key: ServiceKey, desk: DeskName) -> frozenset[MemberId]:
    """The members of a desk, let in or not yet."""
    rows = conn.execute(select(memberships).where(memberships.c.desk == desk)).mappings()
    return frozenset(MemberId(check(key, memberships, row)["member_id"]) for row in rows)


def add_wraps(conn: Connection, key: ServiceKey, wraps: Iterable[DeskWrap]) -> None:
    """Let members in: each wrap opens one generation of the desk's key to one of them."""
    rows = [
        sign(
            key,
            desk_key_wraps,
            {"member_id": w.member, "desk": w.desk, "generation": w.generation, "sealed": w.sealed},
        )
        for w in wraps
    ]
    conn.execute(desk_key_wraps.insert(), rows)


def wraps_to(conn: Connection, key: ServiceKey, member: MemberId) -> list[DeskWrap]:
    """Every generation of every desk's key that the member may open."""
    rows = conn.execute(select(desk_key_wraps).where(desk_key_wraps.c.member_id == member)).mappings()
    checked = [check(key, desk_key_wraps, row) for row in rows]
    return [DeskWrap(r["desk"], r["generation"], r["member_id"], r["sealed"]) for r in checked]


def let_in(conn: Connection, key: ServiceKey, desk: DeskName) -> frozenset[MemberId]:
    """The members who hold the desk's current key. Raises `Tampered` for a planted wrap.

    Whoever is among them is given the next generation, so a wrap counts only with its MAC, and with a membership.
    """
    current = select(desk_generations.c.generation).where(
        desk_generations.c.desk == desk, desk_generations.c.current.is_(True)
    )
    query = select(desk_key_wraps).where(
        desk_key_wraps.c.desk == desk, desk_key_wraps.c.generation == current.scalar_subquery()
    )
    rows = [check(key, desk_key_wraps, row) for row in conn.execute(query).mappings()]
    return members_of(conn, key, desk) & {MemberId(row["member_id"]) for row in rows}


def remove_member(conn: Connection, member: MemberId) -> None:
    """Delete memberships and wraps; the caller makes a new generation in the same transaction."""
    conn.execute(delete(memberships).where(memberships.c.member_id == member))
    conn.execute(delete(desk_key_wraps).where(desk_key_wraps.c.member_id == member))
