"""Verbs for the audit log: append to a desk's chain, read it whole; entries are sealed, links are HMACs."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from intake.store.locks import hold
from intake.store.schema import audit, audit_heads
from triage.model import DeskName


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a desk's log: its number from 1, the sealed line, and the link that ties it to those before."""

    number: int
    sealed: bytes = field(repr=False)
    link: bytes = field(repr=False)


def last_entry(conn: Connection, desk: DeskName) -> Entry | None:
    """The desk's newest entry, or None; until the transaction ends nobody else adds one."""
    hold(conn, f"audit log of {desk}")
    query = select(audit).where(audit.c.desk == desk).order_by(audit.c.number.desc()).limit(1)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else Entry(row["number"], row["entry"], row["link"])


def append(conn: Connection, desk: DeskName, entry: Entry, sealed_head: bytes) -> None:
    """Add an entry and put the chain's new head in its own place."""
    conn.execute(audit.insert(), {"desk": desk, "number": entry.number, "entry": entry.sealed, "link": entry.link})
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    query = insert(audit_heads).values(desk=desk, sealed_head=sealed_head)
    conn.execute(query.on_conflict_do_update(index_elements=["desk"], set_={"sealed_head": sealed_head}))


def read_chain(conn: Connection, desk: DeskName) -> list[Entry]:
    """The desk's entries from the first on."""
    rows = conn.execute(select(audit).where(audit.c.desk == desk).order_by(audit.c.number)).mappings()
    return [Entry(row["number"], row["entry"], row["link"]) for row in rows]


def find_head(conn: Connection, desk: DeskName) -> bytes | None:
    """The sealed head of the desk's chain, or None where nothing was logged."""
    return conn.execute(select(audit_heads.c.sealed_head).where(audit_heads.c.desk == desk)).scalar_one_or_none()


def logged_desks(conn: Connection) -> list[DeskName]:
    """Every desk that has a log or a head."""
    named = select(audit.c.desk).union(select(audit_heads.c.desk))
    return sorted(DeskName(name) for name in conn.execute(named).scalars())


def count(conn: Connection, desk: DeskName) -> int:
    """How many entries the desk's log has."""
    return int(conn.execute(select(func.count()).where(audit.c.desk == desk)).scalar_one())
