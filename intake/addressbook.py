"""Who writes from where: a contact found by its address, opened, kept sealed; knows no message."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from bridges.contract import Address
from bridges.contract import Channel as Way
from intake.contact import Contact, stop
from intake.model import CaseId, Channel, ContactId
from intake.store import contacts
from intake.store.contacts import ContactRow
from intake.vault.blind import blind_candidates
from intake.vault.ids import new_id
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey


@dataclass(frozen=True, slots=True)
class Known:
    """A contact with the row that it lies in. `stored` is false for somebody who writes for the first time."""

    id: ContactId
    lookup: bytes = field(repr=False)
    bridge: str
    case: CaseId | None
    contact: Contact
    stored: bool = True


def lookups(key: ServiceKey, address: Address) -> tuple[bytes, ...]:
    """The keyed hashes that an address may be found by, the newest key's first."""
    return blind_candidates(key, Purpose.PHONE_INDEX, f"{address.channel}|{address.value}".encode())


def find(conn: Connection, key: ServiceKey, address: Address) -> Known | None:
    """The contact of an address, held until the transaction ends, or None."""
    row = contacts.find(conn, key, lookups(key, address))
    return None if row is None else opened(key, row)


def glance(conn: Connection, key: ServiceKey, address: Address) -> Known | None:
    """As `find`, for reading alone."""
    row = contacts.glance(conn, key, lookups(key, address))
    return None if row is None else opened(key, row)


def hold(conn: Connection, key: ServiceKey, known: Known) -> Known | None:
    """The contact as it is now, held until the transaction ends; None when it was erased."""
    return find(conn, key, address_of(known))


def of_case(conn: Connection, key: ServiceKey, case_id: CaseId) -> Known | None:
    """Whom a case's answers go to, or None."""
    row = contacts.of_case(conn, key, case_id)
    return None if row is None else opened(key, row)


def by_id(conn: Connection, key: ServiceKey, contact: ContactId) -> Known | None:
    """The contact, or None."""
    row = contacts.by_id(conn, key, contact)
    return None if row is None else opened(key, row)


def meet(key: ServiceKey, address: Address, bridge: str, lang: str) -> Known:
    """Somebody who writes for the first time; `keep` writes them down."""
    contact = Contact(Channel(address.channel.value), address.value, lang)
    return Known(ContactId(new_id()), lookups(key, address)[0], bridge, None, contact, stored=False)


def keep(conn: Connection, key: ServiceKey, known: Known, now: datetime) -> Known:
    """Write down what is known now."""
    sealed = seal_under(key, Purpose.ADDRESS, msgspec.json.encode(known.contact), known.id)
    row = ContactRow(known.id, known.lookup, known.case, known.bridge, sealed, now)
    (contacts.save if known.stored else contacts.add)(conn, key, row)
    return replace(known, stored=True)


def mark_stopped(conn: Connection, key: ServiceKey, contact: ContactId, now: datetime) -> None:
    """They want no more texts: for a restored backup that is older than their STOP."""
    known = by_id(conn, key, contact)
    if known is not None:
        keep(conn, key, replace(known, contact=stop(known.contact)), now)


def mark_blocked(conn: Connection, key: ServiceKey, contact: ContactId, now: datetime) -> None:
    """The provider says that nothing gets through to them, until they write."""
    known = by_id(conn, key, contact)
    known = known and hold(conn, key, known)
    if known is not None:
        keep(conn, key, replace(known, contact=replace(known.contact, blocked=True)), now)


def address_of(known: Known) -> Address:
    """Where they are reached."""
    return Address(Way(known.contact.channel.value), known.contact.address)


def opened(key: ServiceKey, row: ContactRow) -> Known:
    """The row's contact. Raises `Tampered`."""
    text = open_under(key, Purpose.ADDRESS, row.sealed, row.id)
    contact = msgspec.json.decode(text, type=Contact)
    return Known(row.id, row.lookup, row.bridge, row.case, contact)
