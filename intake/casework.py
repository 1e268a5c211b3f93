"""What a coordinator does with cases: list, open, take, close; sees through a `Reader`'s keys, knows no page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from intake import addressbook, audit
from intake.addressbook import Known
from intake.audit import Act, Line
from intake.contact import Consent, Hours
from intake.model import (
    Attachment,
    Card,
    Case,
    CaseId,
    Channel,
    Direction,
    Envelope,
    Message,
    MessageId,
    OutgoingKind,
    RecipientKind,
    Status,
)
from intake.reading import Reader, open_cards, open_lists, open_text, readable_case
from intake.service import Service
from intake.store import cases, envelopes, mailboxes, passing, sendings
from intake.store.cases import After
from intake.store.envelopes import Stored
from intake.store.sendings import Sending
from intake.vault.errors import NotForMe


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. `cards` are in the order of the messages; empty where the reader cannot open any."""

    case: Case
    cards: Sequence[Card] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list; `after` begins the next one, None at the end."""

    lines: Sequence[Listed]
    after: After | None


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
    """A case as it lies in the store, with how its sender is reached."""

    case: Case
    stored: Sequence[Stored]
    has_mailbox: bool
    reach: Reach | None
    sendings: Sequence[Sending]
    uncollected: frozenset[MessageId]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as its reader sees it. `locked` messages were sealed to keys that the reader does not hold.

    `cards` are in the order of the messages, each by the message that it is about. `sendings` are the texts that went
    out, or were to go, to the phone or chat of `reach`; for the answers `uncollected` nobody has come yet. `files` came
    with the person's messages.
    """

    case: Case
    messages: Sequence[Message]
    cards: Mapping[MessageId, Card] = field(repr=False)
    locked: int
    can_be_answered: bool
    reach: Reach | None = None
    sendings: Sequence[Sending] = ()
    uncollected: frozenset[MessageId] = frozenset()
    files: Mapping[MessageId, Sequence[Attachment]] = field(default_factory=dict, repr=False)


class Unread(Exception):
    """The person has written something that nobody has read."""


async def list_cases(
    service: Service, reader: Reader, after: After | None, limit: int, *, closed: bool = False
) -> Page:
    """A page of at most `limit` cases: the open ones with the soonest due first, or the closed ones."""
    found, cards = await service.database.read(_list, service, reader, after, limit + 1, closed)
    lines = [Listed(case, list(open_cards(reader, cards.get(case.id, ())).values())) for case in found[:limit]]
    last = lines[-1].case if len(found) > limit else None
    return Page(lines, After(last.due_at, last.id) if last else None)


async def open_case(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> OpenCase:
    """Read a case whole, and note that it was read. What the reader cannot decrypt does not count as opened.

    Raises:
        NotYours: no such case, or another desk's.
    """
    found = await service.database.read(_read_case, service, reader, case_id)
    case, stored = found.case, found.stored
    spoken = [one for one in stored if one.envelope.context.direction in (Direction.FROM_PERSON, Direction.FROM_DESK)]
    messages = [message for one in spoken if (message := _message(reader, one)) is not None]
    cards = open_cards(reader, _of(stored, Direction.CARD))
    if messages:
        await service.database.write(_note, service, reader, case_id, Act.OPENED, now)
        case = replace(case, status=Status.OPENED) if case.status is Status.NEW else case
    files = open_lists(reader, _of(stored, Direction.ATTACHMENTS))
    way_back = found.has_mailbox or found.reach is not None
    locked = len(spoken) - len(messages)
    return OpenCase(case, messages, cards, locked, way_back, found.reach, found.sendings, found.uncollected, files)


async def assign_to_me(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    """Take a case into one's own hands. Raises `NotYours`."""
    await service.database.write(_note, service, reader, case_id, Act.ASSIGNED, now)


async def close_case(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    """Close a case: nothing more is expected.

    Raises:
        NotYours: no such case, or another desk's.
        Unread: something came in that nobody has read; closed, it would wait in silence.
    """
    await service.database.write(_note, service, reader, case_id, Act.CLOSED, now)


def _list(
    conn: Connection, service: Service, reader: Reader, after: After | None, limit: int, closed: bool
) -> tuple[list[Case], dict[CaseId, list[Envelope]]]:
    verb = cases.list_closed if closed else cases.list_open
    found = verb(conn, service.key, sorted(reader.let_in_to), after, limit)
    stored = envelopes.cards_of(conn, service.key, [case.id for case in found])
    return found, {case_id: [one.envelope for one in cards] for case_id, cards in stored.items()}


def _read_case(conn: Connection, service: Service, reader: Reader, case_id: CaseId) -> _Found:
    key = service.key
    case = readable_case(conn, key, reader, case_id)
    known = addressbook.of_case(conn, key, case_id)
    return _Found(
        case=case,
        stored=envelopes.of_case(conn, key, case_id, tuple(Direction), RecipientKind.DESK),
        has_mailbox=mailboxes.of_case(conn, key, case_id) is not None,
        reach=None if known is None else _reach(known),
        sendings=sendings.of_case(conn, case_id, [kind for kind in OutgoingKind if kind.unasked]),
        uncollected=passing.waiting_in_case(conn, case_id),
    )


def _reach(known: Known) -> Reach:
    contact = known.contact
    asks_first = contact.question is not None and contact.question.complete
    stopped = contact.stopped or contact.blocked
    return Reach(contact.channel, contact.consent, stopped, contact.hours, contact.whole, asks_first)


def _note(conn: Connection, service: Service, reader: Reader, case_id: CaseId, act: Act, now: datetime) -> None:
    case = readable_case(conn, service.key, reader, case_id)
    if act is Act.OPENED:
        cases.mark_opened(conn, case_id, now)
    elif act is Act.ASSIGNED:
        cases.assign(conn, case_id, reader.member)
    elif act is Act.CLOSED:
        if case.status is Status.NEW:
            raise Unread
        cases.close(conn, case_id, now)
    audit.record(conn, service.key, case.desk, Line(now, act, reader.member, case_id))


def _of(stored: Sequence[Stored], direction: Direction) -> list[Envelope]:
    return [one.envelope for one in stored if one.envelope.context.direction is direction]


def _message(reader: Reader, stored: Stored) -> Message | None:
    context = stored.envelope.context
    try:
        return Message(context.message, context.direction, open_text(reader, stored.envelope), stored.sent_at)
    except NotForMe:
        return None
