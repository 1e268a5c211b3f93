"""Verbs for the numbers: take down that there is one more of something, fold it into its counter; opens none."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, select

from intake.store.fast import bulk_insert
from intake.store.locks import hold
from intake.store.schema import counters, ticks
from intake.vault.ids import new_id


def add_ticks(conn: Connection, sealed: Sequence[bytes]) -> None:
    """Take down one more of each, in the transaction of its cause. No counter is touched: nobody waits for another."""
    bulk_insert(conn, ticks, [{"id": new_id(), "sealed": one} for one in sealed])


def take_ticks(conn: Connection, limit: int) -> list[bytes]:
    """Take at most `limit` ticks out, to fold them; whoever folds is alone until the transaction ends."""
    hold(conn, "counters")
    taken = {row.id: row.sealed for row in conn.execute(select(ticks).limit(limit))}
    conn.execute(delete(ticks).where(ticks.c.id.in_(list(taken))))
    return list(taken.values())


def find_counters(conn: Connection, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
    """The counters of these hashes, as far as there are any."""
    return {row.cell_hash: row.sealed for row in conn.execute(select(counters).where(counters.c.cell_hash.in_(hashes)))}


def put_counters(conn: Connection, sealed: Mapping[bytes, bytes], replaced: Iterable[bytes]) -> None:
    """Write counters down, in the place of those of other hashes."""
    conn.execute(delete(counters).where(counters.c.cell_hash.in_(list(replaced))))
    bulk_insert(conn, counters, [{"cell_hash": one, "sealed": box} for one, box in sealed.items()])


def all_ticks(conn: Connection) -> list[bytes]:
    """What is not folded yet."""
    return list(conn.execute(select(ticks.c.sealed)).scalars())


def all_counters(conn: Connection) -> dict[bytes, bytes]:
    """Every counter by its hash."""
    return {row.cell_hash: row.sealed for row in conn.execute(select(counters))}
