"""The nouns of the service: what is stored, passed and shown; knows no SQL, no key and no page."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from intake.parser.verdict import Media
from triage.model import Assessment, DeskName, Kind, Minor, Pace, Place, Type, Urgency

CaseId = NewType("CaseId", str)
MessageId = NewType("MessageId", str)
MemberId = NewType("MemberId", str)
ContactId = NewType("ContactId", str)
AttachmentId = NewType("AttachmentId", str)
"""Ids are 26 characters, random: they tell neither time nor order (see `vault.ids`)."""


class Channel(StrEnum):
    """By which way a message came or goes."""

    WEB = "web"
    API = "api"
    SMS = "sms"
    TELEGRAM = "telegram"


class Direction(StrEnum):
    """What an envelope holds; part of what it is sealed to, so that one cannot pass for another."""

    FROM_PERSON = "from_person"
    FROM_DESK = "from_desk"
    CARD = "card"
    COPY = "copy"
    """An answer that waited for the person, sealed once more to the mailbox that they opened with a code."""
    ATTACHMENTS = "attachments"
    """Names, kinds and keys of the files that came with a message."""
    REMARK = "remark"
    """What colleagues tell each other; never sealed to the person."""
    CORRECTION = "correction"
    """Labels that a coordinator put right; they win over the cards of the messages read so far."""
    FILE = "file"
    """One entry of the casefile: what the desk did, planned or decided; never sealed to the person."""


class Status(StrEnum):
    """How far a case has come."""

    NEW = "new"
    OPENED = "opened"
    ANSWERED = "answered"
    CLOSED = "closed"


class Waiting(StrEnum):
    """On whom a case waits, until its due time; for nobody else it needs looking at before."""

    PERSON = "person"
    PARTNER = "partner"


class Hold(StrEnum):
    """Why a case may not be deleted, whatever its date says."""

    DISCLOSURE = "disclosure"
    """Somebody has asked for the public record."""
    OTHER = "other"
    """For a reason that is written in the casefile."""


class Role(StrEnum):
    """What somebody who logs in may do; an administrator is never a member of a desk."""

    COORDINATOR = "coordinator"
    LEAD = "lead"
    """A coordinator who also sees to the people of the desk."""
    NATIONAL = "national"
    """A coordinator of the national desk, who also sees the whole country's numbers."""
    REGISTRAR = "registrar"
    """Keeps the register of the desk's authority, reads no case."""
    STATISTICIAN = "statistician"
    """Sees counts, no case."""
    ADMIN = "admin"

    @property
    def reads(self) -> bool:
        """Whether a desk's key, and so any content, may be given to somebody of this role."""
        return self in (Role.COORDINATOR, Role.LEAD, Role.NATIONAL)


class MemberState(StrEnum):
    """Whether somebody may log in."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class RecipientKind(StrEnum):
    """To whom a content key is wrapped."""

    DESK = "desk"
    MAILBOX = "mailbox"
    RECOVERY = "recovery"
    MEMBER = "member"


class Police(StrEnum):
    """What the person says to: may we tell the police?"""

    YES = "yes"
    ASK = "ask"
    NO = "no"


class Note(StrEnum):
    """What the desk must know about one message besides its text."""

    NO_REPLY = "no_reply"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"
    MEDIA_NOT_KEPT = "media_not_kept"
    EDITED = "edited"
    CONSENTED = "consented"
    STOPPED = "stopped"
    NOT_FREE = "not_free"
    AFTER_SILENCE = "after_silence"
    OTHER_LANGUAGE = "other_language"
    OTHER_HOURS = "other_hours"


class OutgoingKind(StrEnum):
    """Why a text goes out; those that nobody asked for need consent and a safe hour."""

    PROMPT = "prompt"
    NOTICE = "notice"
    ANSWER = "answer"
    ERASURE = "erasure"
    CHECK_IN = "check_in"
    """Asks a person how they are, at an hour that their coordinator chose."""
    DUTY = "duty"
    """To a coordinator: that something waits, and nothing of what."""
    CALL = "call"
    """A coordinator's phone rings and says so."""

    @property
    def to_member(self) -> bool:
        """Whether it goes to somebody who works here."""
        return self in (OutgoingKind.DUTY, OutgoingKind.CALL)

    @property
    def unasked(self) -> bool:
        """Whether it comes at a moment that the person did not choose."""
        return self in (OutgoingKind.NOTICE, OutgoingKind.ANSWER, OutgoingKind.CHECK_IN)

    @property
    def sparing(self) -> bool:
        """Whether only so many of them a day go to somebody who does not write."""
        return self in (OutgoingKind.NOTICE, OutgoingKind.CHECK_IN)


class NoticeWay(StrEnum):
    """By which way a coordinator is told that something waits. CALL rings the number that texts go to."""

    EMAIL = "email"
    SMS = "sms"
    TELEGRAM = "telegram"
    CALL = "call"


class OutgoingState(StrEnum):
    """How far a text has come. HELD: it may not go now, and the coordinator sees why."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key to seal to. `generation` is 0 where there is only one key."""

    kind: RecipientKind
    id: str
    generation: int
    public_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Context:
    """What an envelope belongs to; every part is bound into body and wraps."""

    case: CaseId
    message: MessageId
    direction: Direction


@dataclass(frozen=True, slots=True)
class Wrap:
    """The content key of one envelope, sealed to one recipient."""

    kind: RecipientKind
    recipient: str
    generation: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed body with one wrap a recipient."""

    context: Context
    body: bytes = field(repr=False)
    wraps: tuple[Wrap, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a message lies: its case, its name, and its place in the conversation, counted from 0."""

    case: CaseId
    message: MessageId
    position: int


@dataclass(frozen=True, slots=True)
class Card:
    """What a case is about, sealed to the desk: the assessment, the police question and the door's own words."""

    assessment: Assessment = field(repr=False)
    police: Police | None = None
    ui_lang: str = "sv"
    notes: frozenset[Note] = frozenset()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message: what it was, what it is now, its name as typed by nobody knows whom.

    `size` is its length in bytes; what is stored is longer, so that it tells less. `original`: as it came, unseen by
    the parser's drawing, with place and device in it.
    """

    id: AttachmentId
    kind: Media
    media: Media
    size: int
    name: str = field(repr=False)
    key: bytes = field(repr=False)
    original: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """The clear part of a case: only what the clock and the list need."""

    id: CaseId
    desk: DeskName
    status: Status
    pace: Pace
    channel: Channel
    received_at: datetime
    due_at: datetime
    assignee: MemberId | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    erased_at: datetime | None = None
    delete_at: datetime | None = None
    waiting: Waiting | None = None
    follow_up_at: datetime | None = None
    held: Hold | None = None
    unread_since: datetime | None = None
    unanswered_since: datetime | None = None
    plea_by: datetime | None = None
    snoozed_until: datetime | None = None
    check_in_lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """Labels as a coordinator put them; None where triage's stands. `covers` are the messages that were read for it.

    What comes later may raise urgency and age anew, and changes nothing else that was put right.
    """

    covers: frozenset[MessageId]
    kind: Kind | None = None
    type: Type | None = None
    urgency: Urgency | None = None
    minor: Minor | None = None
    place: Place | None = field(default=None, repr=False)
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who logs in; `public_key` is what a desk's key is wrapped to."""

    id: MemberId
    role: Role
    state: MemberState
    sealed_login: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    begun_by: "MemberId | None" = None
    """Who started them over, after a lost passphrase; somebody else must let them in."""


@dataclass(frozen=True, slots=True)
class Message:
    """One opened message of a conversation, as its reader sees it."""

    id: MessageId
    direction: Direction
    text: str = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A text on its way to a phone or chat: a row, claimed by lease, sent, settled, erased.

    `send_id` is the idempotency key that providers are shown; `turn` keeps the order within a contact; `pieces` of a
    long text were sent before. `sealed_address` is for those who are no contacts. With neither `template` nor text
    there is nothing to say but what `kind` stands for.
    """

    id: str
    send_id: str
    bridge: str
    kind: OutgoingKind
    expires_at: datetime
    contact: ContactId | None = None
    case: CaseId | None = None
    member: MemberId | None = None
    message: MessageId | None = None
    template: str | None = None
    sealed_address: bytes | None = field(default=None, repr=False)
    sealed_text: bytes | None = field(default=None, repr=False)
    attempts: int = 0
    pieces: int = 0
    turn: int = 0
