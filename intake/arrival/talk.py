"""One message from a phone or chat inside its transaction: kept for the desk, answered, acted on; knows no provider."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bridges.contract import Inbound
from bridges.numbers import country
from intake import addressbook, mailbox
from intake.addressbook import Known
from intake.arrival.fetching import can_fetch, note_files
from intake.contact import Contact, belong_together, doubts, stop, wrote
from intake.filing import Told, add_message, begin_case, move_unread
from intake.model import Card, Case, CaseId, Channel, Direction, Filed, Note, OutgoingKind, Status
from intake.promise import prompt
from intake.service import Service
from intake.store import cases, envelopes, journal, outbox, passing
from intake.store.journal import What
from intake.store.passing import Kept
from intake.vault.blind import blind_index
from intake.vault.ids import new_case_id
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose
from triage.model import Assessment

FRAGMENT_LIFE = timedelta(minutes=9)
"""Forgotten within a minute of that: ten in all."""
_WORKED_ON = (Direction.REMARK, Direction.FILE, Direction.CORRECTION)
"""What only somebody of a desk puts into a case, moving it by hand included; it would not be sealed anew with it."""
_A_DAY = timedelta(hours=24)
_TELLS_LANGUAGE = 25
"""Characters from which on a text is long enough to say in which language somebody writes."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A message that more may belong to: its text, and what the desk was told of it."""

    text: str = field(repr=False)
    notes: frozenset[Note] = frozenset()


@dataclass(frozen=True, slots=True)
class Talk:
    """What a message is answered with: whose it is, and what triage makes of it together with those before it."""

    conn: Connection = field(repr=False)
    service: Service = field(repr=False)
    inbound: Inbound = field(repr=False)
    assessment: Assessment = field(repr=False)
    known: Known = field(repr=False)
    now: datetime

    @property
    def contact(self) -> Contact:
        """Who writes."""
        return self.known.contact

    def having(self, contact: Contact) -> "Talk":
        """The same with what has changed about the contact, written down."""
        known = addressbook.keep(self.conn, self.service.key, replace(self.known, contact=contact), self.now)
        return replace(self, known=known)

    def say(self, template: str, text: str | None = None) -> None:
        """Answer them, now or not at all."""
        prompt(self.conn, self.service, self.known, template, self.now, text=text)


def begin(talk: Talk) -> tuple[Talk, frozenset[Note]]:
    """Note that they wrote; returns the signs that it may be somebody else."""
    lang = talk.assessment.lang if len(talk.inbound.text) >= _TELLS_LANGUAGE else None
    signs = doubts(talk.contact.habits, lang, talk.now)
    # The bridge that they used last is the one that reaches them.
    known = replace(talk.known, bridge=talk.inbound.bridge)
    # What was put off since they did not answer need not wait: they do.
    outbox.bring_forward(talk.conn, known.id, OutgoingKind.NOTICE, talk.now)
    return replace(talk, known=known).having(wrote(talk.contact, lang, talk.now)), signs


def keep(talk: Talk, notes: frozenset[Note] = frozenset(), *, wakes: bool = True) -> Talk:
    """File what they wrote in their open case, or in a new one; a first message opens one."""
    text = talk.inbound.text
    told = Told(
        text, Card(talk.assessment, ui_lang=talk.contact.lang, notes=notes | _notes(talk.service, talk.inbound)), wakes
    )
    case = _open_case(talk)
    if case is None:
        channel = Channel(talk.inbound.address.channel.value)
        filed, _ = begin_case(talk.conn, talk.service, new_case_id(), channel, told, talk.now)
        talk = _about(talk, filed.case)
    else:
        filed = add_message(talk.conn, talk.service, case, told, talk.now)
    _keep_fragment(talk, filed, Fragment(text, told.card.notes))
    # As long as nobody has read it a message may go on to another desk: its files follow once it stays.
    stays = case is not None and case.opened_at is not None
    note_files(talk.conn, talk.service, talk.inbound, filed, talk.now if stays else talk.now + FRAGMENT_LIFE)
    if case is not None:
        _gather(talk, case)
    return talk


def file_alone(talk: Talk) -> None:
    """A message that no answer can reach: a name or a short code, shared by many, is nobody we know."""
    card = Card(talk.assessment, ui_lang=talk.contact.lang, notes=_notes(talk.service, talk.inbound))
    channel = Channel(talk.inbound.address.channel.value)
    told = Told(talk.inbound.text, card)
    filed, _ = begin_case(talk.conn, talk.service, new_case_id(), channel, told, talk.now)
    note_files(talk.conn, talk.service, talk.inbound, filed, talk.now)


def recent(conn: Connection, service: Service, inbound: Inbound, now: datetime) -> tuple[Known | None, str]:
    """Who writes, and what they wrote in the last minutes: triage reads it together with this message."""
    known = addressbook.glance(conn, service.key, inbound.address)
    if known is None:
        return None, ""
    kept = passing.fragments_of(conn, known.id, now)
    count = belong_together([fragment.written_at for fragment in kept], now)
    texts = [open_fragment(service, fragment).text for fragment in kept[len(kept) - count :]]
    return known, "".join(f"{text}\n" for text in texts)


def open_fragment(service: Service, kept: Kept) -> Fragment:
    """Raises `Tampered`."""
    text = open_under(service.key, Purpose.FRAGMENT, kept.sealed, kept.message, kept.contact)
    return msgspec.json.decode(text, type=Fragment)


def end_writing(talk: Talk) -> Talk:
    """They say that they are done, or begin with something else: what follows is another message."""
    passing.forget_fragments(talk.conn, talk.known.id)
    return talk


def end_texts(talk: Talk) -> Talk:
    """STOP: nothing more goes out, not even from an older copy of the database."""
    outbox.cancel_of_contact(talk.conn, talk.known.id)
    talk = talk.having(stop(talk.contact))
    journal.add(talk.conn, talk.service.key, What.STOPPED, talk.known.id, talk.now)
    return talk


def may_answer_by_itself(talk: Talk) -> bool:
    """Whether the one automatic answer goes out: once a number in 24 hours, and so many a country and day."""
    config = talk.service.config.contact
    where = country(talk.contact.address) or "?"
    most = config.automatic_a_day if where == config.home else config.automatic_a_day_abroad
    return _counts(talk, "number", talk.contact.address, 1) and _counts(talk, "country", where, most)


def erase(talk: Talk) -> Talk:
    """Destroy their side of the case at once, as from the mailbox; the chat itself is emptied next."""
    case = _case_of(talk)
    talk = end_writing(end_texts(talk))
    # Let go of case and index: whoever writes meanwhile is a stranger, and the chat's address outlives the case
    # until the chat is empty.
    talk = _about(replace(talk, known=replace(talk.known, lookup=secrets.token_bytes(32))), None)
    passing.take_waiting(talk.conn, talk.known.id, talk.now)
    if case is not None and case.erased_at is None:
        journal.add(talk.conn, talk.service.key, What.ERASED, case.id, talk.now)
        mailbox.forget_person(talk.conn, talk.service, case, talk.now)
    return talk


def _about(talk: Talk, case: CaseId | None) -> Talk:
    known = replace(talk.known, case=case)
    return replace(talk, known=addressbook.keep(talk.conn, talk.service.key, known, talk.now))


def _case_of(talk: Talk) -> Case | None:
    if talk.known.case is None:
        return None
    return cases.find_case(talk.conn, talk.service.key, talk.known.case)


def _open_case(talk: Talk) -> Case | None:
    """The case that a message belongs to; None where it opens a new one."""
    case = _case_of(talk)
    if case is None or case.erased_at is not None:
        return None
    closed = case.status is Status.CLOSED
    return None if closed and talk.service.config.contact.after_closing == "new" else case


def _keep_fragment(talk: Talk, filed: Filed, fragment: Fragment) -> None:
    sealed = seal_under(talk.service.key, Purpose.FRAGMENT, msgspec.json.encode(fragment), filed.message, talk.known.id)
    kept = Kept(filed.message, talk.known.id, filed.case, filed.position, sealed, talk.now)
    passing.add_fragment(talk.conn, kept, talk.now + FRAGMENT_LIFE)


def _gather(talk: Talk, case: Case) -> None:
    """Where all that it holds was written in the last minutes, and nobody has read or begun it, it goes on together."""
    kept = [one for one in passing.fragments_of(talk.conn, talk.known.id, talk.now) if one.case == case.id]
    # Since it was found it may have been read, or moved by hand; since the message was added it is held.
    held = _case_of(talk)
    there = held is not None and held.desk == case.desk and held.opened_at is None and held.assignee is None
    untouched = case.status is Status.NEW and there
    in_one_go = belong_together([one.written_at for one in kept], talk.now) == len(kept) == kept[-1].position + 1
    if not untouched or not in_one_go:
        return
    if cases.granted_desks(talk.conn, talk.service.key, case.id) or envelopes.holds(talk.conn, case.id, _WORKED_ON):
        return
    move_unread(talk.conn, talk.service, case, [_retold(talk, one) for one in kept], talk.now)


def _retold(talk: Talk, kept: Kept) -> tuple[Filed, Told, datetime]:
    fragment = open_fragment(talk.service, kept)
    card = Card(talk.assessment, ui_lang=talk.contact.lang, notes=fragment.notes)
    return Filed(kept.case, kept.message, kept.position), Told(fragment.text, card), kept.written_at


def _notes(service: Service, inbound: Inbound) -> frozenset[Note]:
    signs = {
        Note.NO_REPLY: not inbound.reply_possible,
        Note.INCOMPLETE: inbound.incomplete,
        Note.MEDIA_NOT_KEPT: bool(inbound.media) and not can_fetch(service, inbound),
        Note.UNREADABLE: inbound.kind == "unreadable",
        Note.EDITED: inbound.kind == "edit",
    }
    return frozenset(note for note, holds in signs.items() if holds)


def _counts(talk: Talk, what: str, of: str, most: int) -> bool:
    name = blind_index(talk.service.key, Purpose.DEDUP, f"automatic|{what}|{of}".encode())
    return passing.tally(talk.conn, name, most, talk.now, talk.now + _A_DAY)
