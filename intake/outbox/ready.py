"""Asks the rules once more at the moment of sending, then opens address and text; sends nothing."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from bridges.contract import Alarm, Outbound
from intake import addressbook
from intake.addressbook import Known
from intake.arrival.prompts import buttons_of
from intake.contact import A_DAY, Bar, Permit, in_moderation, may_send
from intake.model import ContactId, Outgoing, OutgoingKind
from intake.notices.saying import outbound_of
from intake.service import Service
from intake.store import cases, contacts, outbox, sendings
from intake.store.contacts import Handle
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose

_SPARING = tuple(kind for kind in OutgoingKind if kind.sparing)


@dataclass(frozen=True, slots=True)
class Ready:
    """A text with all that sending it needs. `handles`: the chat's messages to take back, each with its row's id."""

    outbound: Outbound = field(repr=False)
    lang: str = "en"
    handles: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Later:
    """Not before this hour."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Barred:
    """Not as things stand; the coordinator sees why."""

    why: str


def prepare(conn: Connection, service: Service, outgoing: Outgoing, now: datetime) -> Ready | Alarm | Later | Barred:
    """Whether a text may go now, and what it says to whom; an alarm where a phone is to ring."""
    known = None if outgoing.contact is None else addressbook.by_id(conn, service.key, outgoing.contact)
    if known is None:
        return _to_member(conn, service, outgoing)
    if outgoing.kind is OutgoingKind.CHECK_IN and not _goes_on(conn, service, outgoing):
        return Barred(Bar.CLOSED.value)
    permit = _permit(conn, service, outgoing, known, now)
    if permit.at is None:
        return Barred((permit.bar or Bar.UNREACHABLE).value)
    if permit.at > now:
        return Later(permit.at)
    handles = contacts.handles_of(conn, known.id) if outgoing.kind is OutgoingKind.ERASURE else []
    opened = tuple((handle.id, _open_handle(service, known.id, handle)) for handle in handles)
    return Ready(_outbound(service, outgoing, known), known.contact.lang, opened)


def admitting(service: Service, ready: Ready, kept: int) -> Outbound:
    """The word that a chat is erased, for one of which `kept` messages could not be taken back."""
    return replace(ready.outbound, text=service.phrases.say("erased_partly", ready.lang, count=kept))


def _to_member(conn: Connection, service: Service, outgoing: Outgoing) -> Ready | Alarm | Barred:
    """To somebody who works here; whoever is neither that nor a contact cannot be reached."""
    found = outbound_of(conn, service, outgoing) if outgoing.kind.to_member else None
    if found is None:
        return Barred(Bar.UNREACHABLE.value)
    return Ready(found) if isinstance(found, Outbound) else found


def _goes_on(conn: Connection, service: Service, outgoing: Outgoing) -> bool:
    """Not where it was given up, or the case was closed, since it was taken in hand."""
    if not outbox.is_waiting(conn, outgoing.id):
        return False
    case = None if outgoing.case is None else cases.find_case(conn, service.key, outgoing.case)
    return case is not None and case.closed_at is None


def _permit(conn: Connection, service: Service, outgoing: Outgoing, known: Known, now: datetime) -> Permit:
    contact = known.contact
    permit = may_send(contact, outgoing.kind, outgoing.expires_at, now)
    if not outgoing.kind.sparing:
        return permit
    since = max(now - A_DAY, contact.habits.last_at or now - A_DAY)
    sent = sendings.sent_since(conn, known.id, _SPARING, since)
    moderate = in_moderation(permit, sent, service.config.contact.unasked_a_day, outgoing.expires_at)
    if moderate.at is None or moderate == permit:
        return moderate
    # Put off, it must find a safe hour anew.
    return may_send(contact, outgoing.kind, outgoing.expires_at, moderate.at)


def _outbound(service: Service, outgoing: Outgoing, known: Known) -> Outbound:
    return Outbound(
        id=outgoing.send_id,
        address=addressbook.address_of(known),
        text=_text(service, outgoing, known),
        expires_at=outgoing.expires_at,
        buttons=buttons_of(outgoing.template, known.contact.lang, service),
        skip=outgoing.pieces,
    )


def _text(service: Service, outgoing: Outgoing, known: Known) -> str:
    """The text itself, the person's own neutral words, or what the template says in their language."""
    if outgoing.sealed_text is not None:
        text = open_under(service.key, Purpose.OUTBOX, outgoing.sealed_text, outgoing.id, known.id)
        return text.decode("utf-8", "surrogatepass")
    if outgoing.kind.sparing and known.contact.words:
        return known.contact.words
    reads = service.config.contact.reads
    return service.phrases.say(outgoing.template or "noted", known.contact.lang, hours=reads)


def _open_handle(service: Service, contact: ContactId, handle: Handle) -> str:
    return open_under(service.key, Purpose.ADDRESS, handle.sealed, handle.id, contact).decode()
