"""One case whole, as its reader sees it: conversation, cards, files, remarks, how the person is reached."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from intake import addressbook, audit
from intake.addressbook import Known
from intake.audit import Act, Line
from intake.casework.labels import labels_of
from intake.contact import Consent, Hours
from intake.due import renew
from intake.model import (
    Attachment,
    Card,
    Case,
    CaseId,
    Channel,
    Correction,
    Direction,
    Envelope,
    Message,
    MessageId,
    OutgoingKind,
    RecipientKind,
    Status,
)
from intake.reading import (
    Reader,
    open_cards_gently,
    open_corrections,
    open_lists,
    open_remarks,
    open_text,
    readable_case,
)
from intake.service import Service
from intake.statistics.counting import count
from intake.statistics.moments import opened
from intake.store import cases, envelopes, handling, mailboxes, mentions, passing, sendings
from intake.store.envelopes import Stored, Stretch
from intake.store.sendings import Sending
from intake.turns import gently
from intake.vault.errors import NotForMe
from intake.vault.remark import Remark
from triage.model import Assessment, DeskName

_SPOKEN = (Direction.FROM_PERSON, Direction.FROM_DESK)
_ABOUT = (Direction.CARD, Direction.REMARK, Direction.CORRECTION)
MOST_UNREAD = 500
"""Unread messages on one page: more than somebody tells in a night, and few enough for a browser."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How the person may be written to, as far as a coordinator needs to know; no address."""

    channel: Channel
    consent: Consent
    stopped: bool
    hours: Hours | None
    whole: bool
    asks_first: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A case as it lies in the store, with how its sender is reached.

    `spoken` are the messages and their files, or a part of them; `about` is all else that was sealed, of every message.
    `unread` is the place of the first message that nobody has read.
    """

    case: Case
    spoken: Sequence[Stored] = field(repr=False)
    about: Sequence[Stored] = field(repr=False)
    seen: int
    earlier: int | None
    unread: int | None
    has_mailbox: bool
    reach: Reach | None
    sendings: Sequence[Sending]
    uncollected: frozenset[MessageId]
    shown_to: Mapping[DeskName, str]

    @property
    def unread_earlier(self) -> bool:
        """Whether something that nobody has read stands before this part."""
        return self.unread is not None and self.earlier is not None and self.unread < self.earlier

    def unread_beside(self, opened: Collection[MessageId]) -> bool:
        """Whether something that nobody has read stands in this part and is not among what was opened."""
        if self.unread is None:
            return False
        unread = (one.envelope.context for one in self.spoken if one.position >= self.unread)
        return any(one.direction is Direction.FROM_PERSON and one.message not in opened for one in unread)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as its reader sees it.

    `messages` are the conversation or a part of it; `locked` of that part were sealed to keys that the reader does not
    hold, and `unread_locked` says whether nobody else has read those either. `earlier` is the place before which more
    was said, `unread_earlier` whether that holds what nobody has read, `seen` how many messages the whole conversation
    has.

    `cards` are those of every message, in their order, each by the message that it is about; `labels` is what all of
    them say together, as a coordinator put it right. `sendings` are the texts that went out, or were to go, to the
    phone or chat of `reach`; for the answers `uncollected` nobody has come yet. `files` came with these messages of the
    person's. `remarks` are colleagues', the oldest first. `shown_to` are the other desks that read it, each with the
    ground.
    """

    case: Case
    messages: Sequence[Message]
    cards: Mapping[MessageId, Card] = field(repr=False)
    locked: int
    can_be_answered: bool
    seen: int = 0
    earlier: int | None = None
    unread_earlier: bool = False
    unread_locked: bool = False
    reach: Reach | None = None
    sendings: Sequence[Sending] = ()
    uncollected: frozenset[MessageId] = frozenset()
    files: Mapping[MessageId, Sequence[Attachment]] = field(default_factory=dict, repr=False)
    remarks: Sequence[Remark] = field(default=(), repr=False)
    correction: Correction | None = field(default=None, repr=False)
    shown_to: Mapping[DeskName, str] = field(default_factory=dict)
    labels: Assessment | None = field(init=False, repr=False, compare=False)
    """What the case is about; None where the reader could open no card."""

    def __post_init__(self) -> None:
        """Combine the cards once: a page asks for the labels many times, and there may be thousands of cards."""
        object.__setattr__(self, "labels", labels_of(self.cards, self.correction))


async def open_case(
    service: Service,
    reader: Reader,
    case_id: CaseId,
    now: datetime,
    *,
    most: int | None = None,
    before: int | None = None,
    seen: int | None = None,
    noting: bool = True,
) -> OpenCase:
    """Read a case, and log it. It counts as opened once all that was unread is shown, unless more has come since.

    What does not open to the reader is not shown: what nobody has read stays so until a colleague opens it.

    With `most` only so many of its messages, the last ones with all that are unread, or the last before the place
    `before`; what is about the case is of all of them. Where more is unread than a page can hold, the page with the
    first of it opens the case, if `seen` says how many messages there were when all that follow were shown.
    What is shown to nobody (`noting` is False) opens nothing.

    Raises:
        NotYours: no such case, or another desk's.
    """
    found = await service.database.read(_read, service, reader, case_id, most, before)
    case, spoken = found.case, [one for one in found.spoken if one.envelope.context.direction in _SPOKEN]
    messages = [message async for one in gently(spoken) if (message := _message(reader, one)) is not None]
    locked = found.unread_beside({message.id for message in messages})
    if messages:
        newest = noting and before is None and messages[-1].id == spoken[-1].envelope.context.message
        shown = found.seen if newest else seen
        all_shown = None if found.unread_earlier or locked else shown
        if await service.database.write(_note_read, service, reader, case_id, now, all_shown, with_notes=newest):
            case = replace(case, status=Status.OPENED)
    return await _shown(reader, found, case, messages, locked=len(spoken) - len(messages), unread_locked=locked)


async def _shown(
    reader: Reader, found: _Found, case: Case, messages: Sequence[Message], *, locked: int, unread_locked: bool
) -> OpenCase:
    """The case with what is about it, opened."""
    return OpenCase(
        case,
        messages,
        await open_cards_gently(reader, _of(found.about, Direction.CARD)),
        locked=locked,
        can_be_answered=found.has_mailbox or found.reach is not None,
        seen=found.seen,
        earlier=found.earlier,
        unread_earlier=found.unread_earlier,
        unread_locked=unread_locked,
        reach=found.reach,
        sendings=found.sendings,
        uncollected=found.uncollected,
        files=await _files(reader, found.spoken),
        remarks=open_remarks(reader, _of(found.about, Direction.REMARK)),
        correction=open_corrections(reader, _of(found.about, Direction.CORRECTION)).get(case.id),
        shown_to=found.shown_to,
    )


async def _files(reader: Reader, spoken: Sequence[Stored]) -> Mapping[MessageId, Sequence[Attachment]]:
    files: dict[MessageId, Sequence[Attachment]] = {}
    async for sealed in gently(_of(spoken, Direction.ATTACHMENTS)):
        files |= open_lists(reader, [sealed])
    return files


def _read(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, most: int | None, before: int | None
) -> _Found:
    key, desk = service.key, RecipientKind.DESK
    case = readable_case(conn, key, reader, case_id)
    known = addressbook.of_case(conn, key, case_id)
    last = envelopes.places(conn, case_id, _SPOKEN, 1)
    unread = envelopes.first_since(conn, case_id, Direction.FROM_PERSON, case.unread_since)
    stretch = _stretch(conn, case_id, unread, most, before)
    return _Found(
        case=case,
        spoken=envelopes.of_case(conn, key, case_id, (*_SPOKEN, Direction.ATTACHMENTS), desk, stretch),
        about=envelopes.of_case(conn, key, case_id, _ABOUT, desk),
        seen=last[0].position + 1 if last else 0,
        earlier=stretch.first or None,
        unread=unread,
        has_mailbox=mailboxes.of_case(conn, key, case_id) is not None,
        reach=None if known is None else _reach(known),
        sendings=sendings.of_case(conn, case_id, [kind for kind in OutgoingKind if kind.unasked]),
        uncollected=passing.waiting_in_case(conn, case_id),
        shown_to=handling.grants_of(conn, key, case_id),
    )


def _stretch(conn: Connection, case_id: CaseId, unread: int | None, most: int | None, before: int | None) -> Stretch:
    """What a page shows: the last `most` messages; the newest page begins with the first unread, if that is earlier."""
    stretch = envelopes.last_of(conn, case_id, _SPOKEN, most, before)
    if before is not None or unread is None or unread >= stretch.first:
        return stretch
    longest = envelopes.last_of(conn, case_id, _SPOKEN, MOST_UNREAD, before)
    return Stretch(max(unread, longest.first))


def _reach(known: Known) -> Reach:
    contact = known.contact
    asks_first = contact.question is not None and contact.question.complete
    stopped = contact.stopped or contact.blocked
    return Reach(contact.channel, contact.consent, stopped, contact.hours, contact.whole, asks_first)


def _note_read(
    conn: Connection,
    service: Service,
    reader: Reader,
    case_id: CaseId,
    now: datetime,
    seen: int | None,
    *,
    with_notes: bool,
) -> bool:
    """Log that the case was read; whether it is opened thereby: it had `seen` messages, all shown, and has no more."""
    case = readable_case(conn, service.key, reader, case_id)
    audit.record(conn, service.key, case.desk, Line(now, Act.OPENED, reader.member, case_id))
    if with_notes:
        mentions.forget(conn, case_id, reader.member, now)
    # Others write while we decrypt: what came in meanwhile nobody has seen.
    first = seen is not None and cases.mark_opened(conn, case_id, now, seen)
    if first:
        count(conn, service.key, opened(case, now))
    if first or with_notes:
        renew(conn, service, case_id, now)
    return first


def _of(stored: Sequence[Stored], direction: Direction) -> list[Envelope]:
    return [one.envelope for one in stored if one.envelope.context.direction is direction]


def _message(reader: Reader, stored: Stored) -> Message | None:
    context = stored.envelope.context
    try:
        return Message(context.message, context.direction, open_text(reader, stored.envelope), stored.sent_at)
    except NotForMe:
        return None
