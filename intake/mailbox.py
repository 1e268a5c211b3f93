"""The person's way back: read the answers, write more, erase; opened by a receipt alone, knows no page."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.due import renew
from intake.filing import Told, add_message, assess_text
from intake.journal import copy_out
from intake.model import Attachment, Card, Case, CaseId, Direction, Message, RecipientKind
from intake.service import Service
from intake.store import cases, contacts, envelopes, fetches, identifiers, journal, mailboxes, outbox
from intake.store.envelopes import Place, Stored, Stretch
from intake.store.journal import What
from intake.store.mailboxes import Mailbox
from intake.turns import gently
from intake.vault.envelope import open_envelope
from intake.vault.receipt import lookup_ids, mailbox_key, normalise
from intake.vault.suite import PrivateKey
from triage.calendar import on_duty, reads_by

AT_ONCE = 50
"""Messages that lie in memory together, where a conversation is read whole."""
_SPOKEN = (Direction.FROM_PERSON, Direction.FROM_DESK, Direction.COPY)


class NoMailbox(Exception):
    """No mailbox opens with this: unknown, erased and malformed receipts look the same."""


@dataclass(frozen=True, slots=True)
class Key:
    """What opens one mailbox: from a receipt, or from the handle that stands in for it on later pages."""

    lookup_id: bytes = field(repr=False)
    private: PrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenMailbox:
    """What the person sees: the conversation or a part of it, who reads it and when; `key` opens it again.

    `waits`: they wrote last. `earlier` is the place before which more was said, `newest` whether what was said last is
    among `messages`.
    """

    key: Key = field(repr=False)
    case: Case
    messages: Sequence[Message]
    desk_name: str
    answer_by: datetime
    on_duty: bool
    waits: bool
    earlier: int | None = None
    newest: bool = True


@dataclass(frozen=True, slots=True)
class _Found:
    """A mailbox with a part of its conversation as it lies in the store; `last` is what was said last of all."""

    mailbox: Mailbox
    case: Case
    stored: Sequence[Stored]
    last: Place | None
    earlier: int | None


async def key_from_receipt(service: Service, typed: str) -> Key:
    """Find the mailbox of a receipt, typed in any script's digits, with spaces or dashes.

    Raises:
        NoMailbox: there is none, whatever the reason.
    """
    digits = normalise(typed)
    if digits is None:
        raise NoMailbox
    lookups = {lookup.id: lookup.generation for lookup in lookup_ids(service.key, digits)}
    mailbox = await service.database.read(mailboxes.find, service.key, list(lookups))
    if mailbox is None:
        raise NoMailbox
    private = mailbox_key(service.key, lookups[mailbox.lookup_id], digits, mailbox.salt)
    return Key(mailbox.lookup_id, private)


async def open_mailbox(
    service: Service, key: Key, now: datetime, *, most: int | None = None, before: int | None = None
) -> OpenMailbox:
    """Read the conversation; from now on the receipt is not shown again.

    With `most` only so many of its messages, the last ones or the last before the place `before`.

    Raises:
        NoMailbox: it was erased meanwhile.
    """
    found = await service.database.read(_read, service, key, most, before)
    case = found.case
    if not found.mailbox.kept:
        await service.database.write(mailboxes.mark_kept, key.lookup_id)
    messages = [_opened(key, one) async for one in gently(found.stored)]
    desk = service.config.desks[case.desk]
    return OpenMailbox(
        key,
        case,
        messages,
        desk.name,
        reads_by(desk, case.pace, service.calendar, case.received_at if found.last is None else found.last.sent_at),
        on_duty(desk, case.pace, service.calendar, now),
        waits=found.last is not None and found.last.direction is Direction.FROM_PERSON,
        earlier=found.earlier,
        newest=found.last is None or before is None or found.last.position < before,
    )


async def read_whole(service: Service, key: Key) -> AsyncIterator[Message]:
    """The whole conversation from its beginning, of which no more than a part lies in memory; marks the receipt kept.

    Raises:
        NoMailbox: it was erased meanwhile, perhaps between two messages.
    """
    found = await service.database.read(_read, service, key, 1, None)
    if not found.mailbox.kept:
        await service.database.write(mailboxes.mark_kept, key.lookup_id)
    end = 0 if found.last is None else found.last.position + 1
    for first in range(0, end, AT_ONCE):
        stretch = Stretch(first, min(first + AT_ONCE, end))
        async for one in gently(await service.database.read(_read_stretch, service, key, stretch)):
            yield _opened(key, one)


async def keep_receipt(service: Service, key: Key) -> None:
    """The person says that they have the receipt: it is not shown again."""
    await service.database.write(mailboxes.mark_kept, key.lookup_id)


async def write_more(
    service: Service,
    key: Key,
    text: str,
    lang: str | None,
    now: datetime,
    files: tuple[Attachment, ...] = (),
    spent_ids: Sequence[bytes] = (),
) -> bool:
    """Add a message of the person's; on disk when this returns. A closed case opens again.

    `spent_ids` is what makes a repeated request the same one, under each generation of the service key, the newest
    first; returns False where it had come before, and nothing was added.

    Raises:
        NoMailbox: it was erased meanwhile.
        NoDesk: the desk has lost its last member, and nobody stands in for it.
        StoreUnavailable: nothing was written; the sender keeps the text.
    """
    assessment = await service.crew.do(assess_text, service, text, lang=lang, follow_up=True)
    told = Told(text, Card(assessment), files=files)
    return await service.database.write(_write_more, service, key, told, spent_ids, now)


async def erase(service: Service, key: Key, now: datetime) -> None:
    """Destroy the person's side at once; the desk's copy goes later, as the operator's duties allow.

    Raises:
        NoMailbox: it is erased already.
    """
    await service.database.write(_erase, service, key, now)
    await copy_out(service)
    await service.database.checkpoint()


def deletion_time(service: Service, now: datetime) -> datetime | None:
    """When the desk's copy of an erased case is deleted; None where an authority has no disposal decision yet."""
    config = service.config
    if config.operator.kind == "authority" and config.retention.decision is None:
        return None
    return now + timedelta(days=config.retention.erase_delay_days)


def forget_person(conn: Connection, service: Service, case: Case, now: datetime) -> None:
    """Destroy the person's side of a case; `now` is when they asked for it."""
    mailboxes.delete_of_case(conn, case.id)
    contacts.remove_of_case(conn, case.id)
    envelopes.delete_wraps(conn, case.id, RecipientKind.MAILBOX)
    outbox.cancel_of_case(conn, case.id)
    identifiers.delete_of_case(conn, case.id)
    fetches.forget_waiting(conn, case.id)
    cases.mark_erased(conn, case.id, now, deletion_time(service, now))
    renew(conn, service, case.id, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.ERASED, None, case.id))


def _read(conn: Connection, service: Service, key: Key, most: int | None, before: int | None) -> _Found:
    mailbox, case = _found(conn, service, key)
    own = RecipientKind.MAILBOX
    last = envelopes.places(conn, case.id, _SPOKEN, 1, kind=own)
    stretch = envelopes.last_of(conn, case.id, _SPOKEN, most, before, own)
    stored = _sealed_to_it(conn, service, case.id, stretch)
    return _Found(mailbox, case, stored, last[0] if last else None, stretch.first or None)


def _read_stretch(conn: Connection, service: Service, key: Key, stretch: Stretch) -> list[Stored]:
    _, case = _found(conn, service, key)
    return _sealed_to_it(conn, service, case.id, stretch)


def _sealed_to_it(conn: Connection, service: Service, case_id: CaseId, stretch: Stretch) -> list[Stored]:
    found = envelopes.of_case(conn, service.key, case_id, _SPOKEN, RecipientKind.MAILBOX, stretch)
    # What is older than a mailbox that was opened with a code was never sealed to it.
    return [one for one in found if one.envelope.wraps]


def _found(conn: Connection, service: Service, key: Key) -> tuple[Mailbox, Case]:
    mailbox = mailboxes.find(conn, service.key, [key.lookup_id])
    case = None if mailbox is None else cases.find_case(conn, service.key, mailbox.case)
    if mailbox is None or case is None:
        raise NoMailbox
    return mailbox, case


def _opened(key: Key, stored: Stored) -> Message:
    context = stored.envelope.context
    text = open_envelope(stored.envelope, RecipientKind.MAILBOX, context.case, 0, key.private)
    spoken = Direction.FROM_DESK if context.direction is Direction.COPY else context.direction
    return Message(context.message, spoken, text.decode("utf-8", "surrogatepass"), stored.sent_at)


def _write_more(
    conn: Connection, service: Service, key: Key, told: Told, spent_ids: Sequence[bytes], now: datetime
) -> bool:
    _, case = _found(conn, service, key)
    if mailboxes.spent_before(conn, spent_ids[1:]) is not None:
        return False
    if spent_ids and mailboxes.spend(conn, spent_ids[0], now) is not None:
        return False
    add_message(conn, service, case, told, now)
    return True


def _erase(conn: Connection, service: Service, key: Key, now: datetime) -> None:
    _, case = _found(conn, service, key)
    journal.add(conn, service.key, What.ERASED, case.id, now)
    forget_person(conn, service, case, now)
