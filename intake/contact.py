"""Safe contact as rules on values: who may be written to, when, and whether it is still them; knows no row, no key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from intake.model import Channel, Note, OutgoingKind
from intake.phrases import bare
from triage.calendar import STOCKHOLM
from triage.model import NOWHERE, Kind, Place

SILENCE = timedelta(days=30)
"""After so long somebody else may hold the phone."""

FRAGMENT_GAP = timedelta(minutes=5)
"""What follows within so long belongs to the same message, for triage."""

CODE_LIFE = timedelta(minutes=30)
CODE_DIGITS = 10
"""33 bits for half an hour, single-use, at a page that slows guessing down."""

_STRANGE_HOURS = 4
"""Hours of the day between a message and all hours at which they wrote before."""
_ENOUGH_HOURS = 3
"""So many different hours of the day are known before one can be strange."""
_HOURS = re.compile(r"\s*(\d{1,2})(?:[:.](\d\d))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d\d))?\s*", re.ASCII)


class Consent(StrEnum):
    """Whether the person has said that we may write first."""

    UNASKED = "unasked"
    YES = "yes"
    NO = "no"


class Bar(StrEnum):
    """Why a text may not go to a person now; shown to the coordinator."""

    STOPPED = "stopped"
    NO_CONSENT = "no_consent"
    UNSAFE_HOUR = "unsafe_hour"
    TOO_MANY = "too_many"
    CLOSED = "closed"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"


class Step(StrEnum):
    """Where somebody is in the questions of the chat; `intake.script` has the ways between them."""

    LANGUAGE = "language"
    DOOR = "door"
    PLACE = "place"
    TEXT = "text"
    REST = "rest"
    HOURS = "hours"
    ASK = "ask"
    ANSWER = "answer"
    NOT_FREE = "not_free"


@dataclass(frozen=True, slots=True)
class Hours:
    """When texts are safe, local time; over midnight where it ends before it begins."""

    opens: time
    closes: time

    def hold(self, now: datetime) -> bool:
        """Whether `now` (aware) is safe."""
        local = now.astimezone(STOCKHOLM).time()
        if self.opens < self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes

    def next(self, now: datetime) -> datetime:
        """When it is safe next: `now` itself if it is."""
        if self.hold(now):
            return now
        local = now.astimezone(STOCKHOLM)
        day = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        return datetime.combine(day, self.opens, STOCKHOLM).astimezone(now.tzinfo)


DAYTIME = Hours(time(8), time(20))
"""When nobody is woken who has not said when they may be."""
A_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Question:
    """An everyday question of the person's own; `not_free` is the answer that means: somebody is with me."""

    ask: str = field(repr=False)
    answer: str = field(default="", repr=False)
    not_free: str = field(default="", repr=False)

    @property
    def complete(self) -> bool:
        """Whether it can be asked."""
        return bool(bare(self.answer)) and bool(bare(self.not_free))

    @property
    def one_answer(self) -> bool:
        """Whether both answers are the same, so that nobody can say that they are not free."""
        return bare(self.answer) == bare(self.not_free)


class Verdict(StrEnum):
    """What an answer to the question means."""

    FREE = "free"
    NOT_FREE = "not_free"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of how somebody writes: when last, in which language, at which hours of the day."""

    last_at: datetime | None = None
    lang: str | None = None
    hours: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who writes from a phone or a chat, and what they said about being written to.

    `words` are neutral words of their own choice. `asked` is what they wait for behind the question: a word of
    `intake.phrases.Word`. `blocked` is the provider's word that nothing gets through, until they write again.
    """

    channel: Channel
    address: str = field(repr=False)
    lang: str
    consent: Consent = Consent.UNASKED
    stopped: bool = False
    blocked: bool = False
    whole: bool = False
    hours: Hours | None = None
    words: str | None = field(default=None, repr=False)
    question: Question | None = field(default=None, repr=False)
    asked: str | None = None
    step: Step = Step.LANGUAGE
    door: Kind | None = None
    place: Place = NOWHERE
    habits: Habits = Habits()


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether a text may go: at `at`, or not, and then why."""

    at: datetime | None
    bar: Bar | None = None


def may_send(contact: Contact, kind: OutgoingKind, expires_at: datetime, now: datetime) -> Permit:
    """The rules for a text to a person, asked when it is promised and again when it is sent.

    What answers somebody who wrote this very moment needs neither consent nor hours: they hold the phone.
    """
    if expires_at <= now:
        return Permit(None, Bar.EXPIRED)
    if (contact.stopped or contact.blocked) and kind is not OutgoingKind.ERASURE:
        return Permit(None, Bar.STOPPED)
    if not kind.unasked:
        return Permit(now)
    if contact.consent is not Consent.YES:
        return Permit(None, Bar.NO_CONSENT)
    hours = hours_of(contact) if kind is OutgoingKind.CHECK_IN else contact.hours
    safe_at = now if hours is None else hours.next(now)
    return Permit(safe_at) if safe_at < expires_at else Permit(None, Bar.UNSAFE_HOUR)


def hours_of(contact: Contact) -> Hours:
    """When they may be asked how they are: at their own hours, in the daytime where they named none."""
    return contact.hours or DAYTIME


def in_moderation(permit: Permit, sent: Sequence[datetime], most: int, expires_at: datetime) -> Permit:
    """The permit, put off where as many went out already as one day holds; `sent` is when, since they last wrote."""
    if permit.at is None or len(sent) < most:
        return permit
    at = max(permit.at, sorted(sent)[-most] + A_DAY)
    return replace(permit, at=at) if at < expires_at else Permit(None, Bar.TOO_MANY)


def parse_hours(text: str) -> Hours | None:
    """Hours as people write them, ``18-22`` or ``22.30 - 6``; None for anything else."""
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    first, first_minute, last, last_minute = (int(group or 0) for group in match.groups())
    if max(first, last) > 24 or max(first_minute, last_minute) > 59:
        return None
    opens, closes = time(first % 24, first_minute), time(last % 24, last_minute)
    return None if opens == closes else Hours(opens, closes)


def judge(question: Question, text: str) -> Verdict:
    """What somebody's answer to their own question means; case, spaces and full stops do not matter."""
    given = bare(text)
    if given and given == bare(question.not_free):
        return Verdict.NOT_FREE
    return Verdict.FREE if given and given == bare(question.answer) else Verdict.NEITHER


def doubts(habits: Habits, lang: str | None, now: datetime) -> frozenset[Note]:
    """Signs that somebody else may be writing: silence, another language, hours at which they never wrote."""
    found = set()
    if habits.last_at is not None and now - habits.last_at >= SILENCE:
        found.add(Note.AFTER_SILENCE)
    if None not in (habits.lang, lang) and habits.lang != lang:
        found.add(Note.OTHER_LANGUAGE)
    hour = now.astimezone(STOCKHOLM).hour
    if len(habits.hours) >= _ENOUGH_HOURS and all(_apart(hour, known) >= _STRANGE_HOURS for known in habits.hours):
        found.add(Note.OTHER_HOURS)
    return frozenset(found)


def wrote(contact: Contact, lang: str | None, now: datetime) -> Contact:
    """The contact after a message of theirs: whoever writes has not blocked us any more."""
    hours = contact.habits.hours | {now.astimezone(STOCKHOLM).hour}
    habits = Habits(now, lang or contact.habits.lang, hours)
    return replace(contact, habits=habits, blocked=False)


def stop(contact: Contact) -> Contact:
    """No more texts, until they say yes."""
    return replace(contact, stopped=True, consent=Consent.NO, asked=None)


def consent(contact: Contact) -> Contact:
    """We may write first."""
    return replace(contact, stopped=False, consent=Consent.YES)


def belong_together(times: Sequence[datetime], now: datetime) -> int:
    """How many of these messages (oldest first) run into one that comes now."""
    count, latest = 0, now
    for written_at in reversed(times):
        if latest - written_at > FRAGMENT_GAP:
            break
        count, latest = count + 1, written_at
    return count


def _apart(hour: int, other: int) -> int:
    return min((hour - other) % 24, (other - hour) % 24)
