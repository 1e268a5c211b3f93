"""A single-use code from a phone or chat opens a new mailbox with what waits; knows no page, never shows a case."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from intake import addressbook
from intake.contact import CODE_DIGITS
from intake.mailbox import Key, NoMailbox, key_from_receipt
from intake.model import Context, Direction, OutgoingKind, RecipientKind
from intake.sealing import mailbox_recipient, new_mailbox
from intake.service import Service
from intake.store import contacts, envelopes, mailboxes, outbox, passing
from intake.store.envelopes import Stored
from intake.store.mailboxes import Mailbox
from intake.store.passing import Kept
from intake.vault.blind import blind_candidates
from intake.vault.digits import plain_digits
from intake.vault.envelope import seal_envelope
from intake.vault.ids import new_message_id
from intake.vault.receipt import SALT_BYTES, Source, derive_receipt, mailbox_key
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose
from intake.vault.suite import PrivateKey


@dataclass(frozen=True, slots=True)
class Opening:
    """What was typed has opened a mailbox; a code opens a new one, whose `receipt` is shown this once."""

    key: Key = field(repr=False)
    receipt: str | None = field(default=None, repr=False)


async def open_typed(service: Service, typed: str, now: datetime) -> Opening:
    """Open what a receipt or a single-use code stands for, typed in any script's digits, with spaces or dashes.

    Raises:
        NoMailbox: neither, whatever the reason: unknown, used, too old and malformed look the same.
    """
    digits = plain_digits(typed, CODE_DIGITS)
    if digits is None:
        return Opening(await key_from_receipt(service, typed))
    receipt = derive_receipt(service.key, Source.CHANCE, secrets.token_bytes(SALT_BYTES), b"")
    lookup_id, private = await service.database.write(_open_by_code, service, digits, receipt, now)
    return Opening(Key(lookup_id, private), receipt)


def _open_by_code(
    conn: Connection, service: Service, digits: str, receipt: str, now: datetime
) -> tuple[bytes, PrivateKey]:
    """A new mailbox with the answers that wait and what follows, nothing older; the one before it closes."""
    key = service.key
    contact = contacts.take_code(conn, key, blind_candidates(key, Purpose.CODE, digits.encode()), now)
    known = None if contact is None else addressbook.by_id(conn, key, contact)
    known = known and addressbook.hold(conn, key, known)
    if known is None or known.case is None:
        raise NoMailbox
    mailboxes.delete_of_case(conn, known.case)
    envelopes.delete_wraps(conn, known.case, RecipientKind.MAILBOX)
    envelopes.delete_copies(conn, known.case)
    mailbox = new_mailbox(key, known.case, receipt)
    mailboxes.add(conn, key, mailbox)
    for kept in passing.take_waiting(conn, known.id, now):
        envelopes.add(conn, key, _copied(service, kept, mailbox))
    outbox.cancel_of_contact(conn, known.id, [OutgoingKind.NOTICE, OutgoingKind.ANSWER])
    return mailbox.lookup_id, mailbox_key(key, key.newest, receipt, mailbox.salt)


def _copied(service: Service, kept: Kept, mailbox: Mailbox) -> Stored:
    text = open_under(service.key, Purpose.OUTBOX, kept.sealed, kept.message, kept.contact)
    context = Context(mailbox.case, new_message_id(), Direction.COPY)
    return Stored(seal_envelope(context, text, [mailbox_recipient(mailbox)]), kept.position, kept.written_at)
