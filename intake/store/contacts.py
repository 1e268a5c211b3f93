"""Verbs for those who write from a phone or a chat: found by a keyed hash of the address; opens no address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from intake.model import CaseId, ContactId
from intake.store.fast import bulk_insert
from intake.store.locks import hold
from intake.store.rows import check, moment, seconds, sign
from intake.store.schema import codes, contacts, handles
from intake.vault.service_key import ServiceKey


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody who writes by `bridge`, about `case`; who and how they want to be written to is sealed."""

    id: ContactId
    lookup: bytes = field(repr=False)
    case: CaseId | None
    bridge: str
    sealed: bytes = field(repr=False)
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Handle:
    """The sealed name of one message inside a chat, by which it can be taken back."""

    id: str
    sealed: bytes = field(repr=False)


def find(conn: Connection, key: ServiceKey, lookups: Sequence[bytes]) -> ContactRow | None:
    """The contact of an address, held until the transaction ends: `lookups` are its hashes, the newest first."""
    hold(conn, f"contact {lookups[-1].hex()}")
    return _one(conn, key, contacts.c.lookup.in_(lookups))


def glance(conn: Connection, key: ServiceKey, lookups: Sequence[bytes]) -> ContactRow | None:
    """As `find`, for reading alone."""
    return _one(conn, key, contacts.c.lookup.in_(lookups))


def of_case(conn: Connection, key: ServiceKey, case_id: CaseId) -> ContactRow | None:
    """The contact that a case's answers go to, or None."""
    return _one(conn, key, contacts.c.case_id == case_id)


def by_id(conn: Connection, key: ServiceKey, contact: ContactId) -> ContactRow | None:
    """The contact, or None."""
    return _one(conn, key, contacts.c.id == contact)


def add(conn: Connection, key: ServiceKey, row: ContactRow) -> None:
    """Write a new contact down. Raises `IntegrityError` when somebody has the address already."""
    bulk_insert(conn, contacts, [sign(key, contacts, _values(row))])


def save(conn: Connection, key: ServiceKey, row: ContactRow) -> None:
    """Write down what has changed."""
    conn.execute(update(contacts).where(contacts.c.id == row.id).values(**sign(key, contacts, _values(row))))


def remove(conn: Connection, contact: ContactId) -> None:
    """Forget somebody: address, queue, codes, waiting answers and fragments go along."""
    conn.execute(delete(contacts).where(contacts.c.id == contact))


def remove_of_case(conn: Connection, case_id: CaseId) -> None:
    """Forget whoever wrote about this case."""
    conn.execute(delete(contacts).where(contacts.c.case_id == case_id))


def forget_idle(conn: Connection, before: datetime) -> int:
    """Forget those who never got as far as a case; returns how many."""
    idle = (contacts.c.touched_at < seconds(before)) & contacts.c.case_id.is_(None)
    return conn.execute(delete(contacts).where(idle)).rowcount


def add_handles(conn: Connection, contact: ContactId, sealed: Sequence[Handle], until: datetime) -> None:
    """Remember messages for as long as they can be taken back."""
    rows = [{"id": h.id, "contact_id": contact, "sealed": h.sealed, "until": seconds(until)} for h in sealed]
    bulk_insert(conn, handles, rows)


def handles_of(conn: Connection, contact: ContactId) -> list[Handle]:
    """The messages of a chat that can be taken back."""
    rows = conn.execute(select(handles.c.id, handles.c.sealed).where(handles.c.contact_id == contact))
    return [Handle(row.id, row.sealed) for row in rows]


def drop_handles(conn: Connection, ids: Sequence[str]) -> None:
    """These were taken back."""
    conn.execute(delete(handles).where(handles.c.id.in_(ids)))


def add_code(conn: Connection, key: ServiceKey, code_hash: bytes, contact: ContactId, until: datetime) -> None:
    """Give a contact a code, its only one."""
    conn.execute(delete(codes).where(codes.c.contact_id == contact))
    row = {"code_hash": code_hash, "contact_id": contact, "until": seconds(until)}
    bulk_insert(conn, codes, [sign(key, codes, row)])


def take_code(conn: Connection, key: ServiceKey, code_hashes: Sequence[bytes], now: datetime) -> ContactId | None:
    """Use a code up; whose it was, or None when it is unknown, used or too old."""
    taken = delete(codes).where(codes.c.code_hash.in_(code_hashes)).returning(codes)
    row = conn.execute(taken).mappings().one_or_none()
    if row is None or check(key, codes, row)["until"] <= seconds(now):
        return None
    return ContactId(row["contact_id"])


def forget_codes(conn: Connection, now: datetime) -> None:
    """Forget what has had its time: codes, and messages that cannot be taken back any more."""
    conn.execute(delete(codes).where(codes.c.until <= seconds(now)))
    conn.execute(delete(handles).where(handles.c.until <= seconds(now)))


def _one(conn: Connection, key: ServiceKey, condition: ColumnElement[bool]) -> ContactRow | None:
    row = conn.execute(select(contacts).where(condition)).mappings().one_or_none()
    if row is None:
        return None
    check(key, contacts, row)
    case = None if row["case_id"] is None else CaseId(row["case_id"])
    return ContactRow(
        ContactId(row["id"]), row["lookup"], case, row["bridge"], row["sealed"], moment(row["touched_at"])
    )


def _values(row: ContactRow) -> dict[str, object]:
    return {
        "id": row.id,
        "lookup": row.lookup,
        "case_id": row.case,
        "bridge": row.bridge,
        "sealed": row.sealed,
        "touched_at": seconds(row.touched_at),
    }
