"""How a text ends: sent and erased, or given up; what providers report of it later. Opens no text."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bridges.contract import Bridge, Erasing, NotStored, Reason, Report
from intake import addressbook
from intake.arrival.chat import TAKEN_BACK_FOR
from intake.model import ContactId, Outgoing, OutgoingKind, OutgoingState
from intake.reaching import checkin
from intake.service import Service
from intake.store import contacts, outbox, passing, sendings
from intake.store.contacts import Handle
from intake.store.failure import StoreUnavailable
from intake.vault.blind import blind_candidates
from intake.vault.ids import new_id
from intake.vault.sealing import seal_under
from intake.vault.service_key import Purpose

_IDS_KEPT = timedelta(days=8)
"""Providers report for three days at the most."""


async def take_report(service: Service, report: Report) -> None:
    """A provider says what became of a text; states only move forward. Raises `NotStored`."""
    hashes = _report_ids(service, report.bridge, report.id)
    until = service.clock() + _IDS_KEPT
    try:
        await service.database.write(sendings.report, hashes, int(report.state), until)
    except StoreUnavailable:
        raise NotStored from None


def settle(
    conn: Connection, service: Service, bridge: Bridge, node: str, outgoing: Outgoing, ids: tuple[str, ...]
) -> bool:
    """It is sent: erase its text, remember under which names it will be reported, let a delivered answer go."""
    now = service.clock()
    if not outbox.settle(conn, outgoing.id, node, OutgoingState.SENT):
        return False
    if outgoing.kind is OutgoingKind.ERASURE and outgoing.contact is not None:
        contacts.remove(conn, outgoing.contact)
        return True
    if outgoing.kind is OutgoingKind.CHECK_IN:
        checkin.note_sent(conn, service, outgoing, now)
    hashes = [_report_ids(service, bridge.name, id_)[0] for id_ in ids]
    sendings.remember_ids(conn, outgoing.id, hashes, now + _IDS_KEPT)
    if outgoing.contact is not None and isinstance(bridge, Erasing):
        _remember_handles(conn, service, outgoing.contact, ids, now)
    if outgoing.message is not None and outgoing.sealed_text is not None:
        passing.end_waiting(conn, outgoing.message)
    return True


def give_up(conn: Connection, service: Service, node: str, outgoing: Outgoing, reason: Reason, now: datetime) -> None:
    """It will never go this way; one who has blocked us gets nothing more until they write."""
    state = OutgoingState.EXPIRED if reason is Reason.EXPIRED else OutgoingState.FAILED
    if not outbox.settle(conn, outgoing.id, node, state, reason.value) or outgoing.contact is None:
        return
    checkin.note_lost(conn, service, [outgoing], now)
    if outgoing.kind is OutgoingKind.ERASURE:
        contacts.remove(conn, outgoing.contact)
    elif reason is Reason.STOPPED:
        addressbook.mark_blocked(conn, service.key, outgoing.contact, now)
        outbox.cancel_of_contact(conn, outgoing.contact)


def _remember_handles(
    conn: Connection, service: Service, contact: ContactId, ids: tuple[str, ...], now: datetime
) -> None:
    handles = []
    for id_ in ids:
        name = new_id()
        handles.append(Handle(name, seal_under(service.key, Purpose.ADDRESS, id_.encode(), name, contact)))
    contacts.add_handles(conn, contact, handles, now + TAKEN_BACK_FOR)


def _report_ids(service: Service, bridge: str, id_: str) -> tuple[bytes, ...]:
    return blind_candidates(service.key, Purpose.DEDUP, f"sent|{bridge}|{id_}".encode())
