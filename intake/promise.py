"""A text to a person is promised: written down in the transaction of its cause, or held with the reason why not."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.addressbook import Known
from intake.contact import Bar, may_send
from intake.model import Filed, MessageId, Outgoing, OutgoingKind, OutgoingState
from intake.service import Service
from intake.store import outbox, passing
from intake.store.passing import Kept
from intake.vault.ids import new_id
from intake.vault.sealing import seal_under
from intake.vault.service_key import Purpose

PROMPT_LIFE = timedelta(minutes=3)
"""After that the phone may lie in front of somebody else."""
ERASURE_LIFE = timedelta(hours=48)
"""So long Telegram lets a bot take messages back."""


def prompt(
    conn: Connection, service: Service, known: Known, template: str, now: datetime, *, text: str | None = None
) -> bool:
    """Answer somebody who wrote this very moment; `text` where the template is not the same for all."""
    return _promise(conn, service, known, OutgoingKind.PROMPT, now, template, text) is None


def let_wait(conn: Connection, service: Service, known: Known, filed: Filed, text: str, now: datetime) -> Bar | None:
    """An answer waits for its reader, who is told of it as they may be. Returns why not now."""
    keep_waiting(conn, service, known, filed, text, now)
    return notice(conn, service, known, filed.message, text, now)


def keep_waiting(conn: Connection, service: Service, known: Known, filed: Filed, text: str, now: datetime) -> None:
    """Let a text wait until its reader asks for it."""
    sealed = seal_under(service.key, Purpose.OUTBOX, text.encode("utf-8", "surrogatepass"), filed.message, known.id)
    kept = Kept(filed.message, known.id, filed.case, filed.position, sealed, now)
    passing.add_waiting(conn, kept, now + timedelta(hours=service.config.contact.answer_hours))


def notice(
    conn: Connection, service: Service, known: Known, message: MessageId, text: str, now: datetime
) -> Bar | None:
    """Tell somebody of an answer, or the answer itself where they asked for that. Returns why it may not go now."""
    if known.contact.whole:
        return _promise(conn, service, known, OutgoingKind.ANSWER, now, None, text, message)
    if outbox.waits(conn, known.id, OutgoingKind.NOTICE):
        return None
    return _promise(conn, service, known, OutgoingKind.NOTICE, now, "waits", None, message)


def hand_over(conn: Connection, service: Service, known: Known, message: MessageId, text: str, now: datetime) -> None:
    """Send a waiting answer to somebody who has just asked for it."""
    _promise(conn, service, known, OutgoingKind.PROMPT, now, None, text, message)


def erasure(conn: Connection, service: Service, known: Known, now: datetime) -> None:
    """Take back what the chat lets us, and say so."""
    _promise(conn, service, known, OutgoingKind.ERASURE, now, "erased", None)


def seal_text(service: Service, outgoing_id: str, known: Known, text: str) -> bytes:
    """A queued text, bound to its row and to its reader."""
    return seal_under(service.key, Purpose.OUTBOX, text.encode("utf-8", "surrogatepass"), outgoing_id, known.id)


def _promise(
    conn: Connection,
    service: Service,
    known: Known,
    kind: OutgoingKind,
    now: datetime,
    template: str | None,
    text: str | None,
    message: MessageId | None = None,
) -> Bar | None:
    expires_at = now + _life(service, kind)
    permit = may_send(known.contact, kind, expires_at, now)
    if permit.bar is not None and not kind.unasked:
        return permit.bar
    id_ = new_id()
    outgoing = Outgoing(
        id=id_,
        send_id=new_id(),
        bridge=known.bridge,
        kind=kind,
        expires_at=expires_at,
        contact=known.id,
        case=known.case,
        message=message,
        template=template,
        sealed_text=None if text is None else seal_text(service, id_, known, text),
        turn=outbox.next_turn(conn, known.id),
    )
    state = OutgoingState.WAITING if permit.bar is None else OutgoingState.HELD
    outbox.enqueue(conn, outgoing, permit.at or now, state, permit.bar)
    return permit.bar


def _life(service: Service, kind: OutgoingKind) -> timedelta:
    if kind is OutgoingKind.ERASURE:
        return ERASURE_LIFE
    return timedelta(hours=service.config.contact.text_hours) if kind.unasked else PROMPT_LIFE
