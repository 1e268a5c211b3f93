"""What the clock is told of a case and what it answers: times, states and counts; no text, no address, no name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from triage.model import Duty, Pace


class Rule(StrEnum):
    """Why somebody is nudged."""

    NEW = "new"
    UNOPENED = "unopened"
    PLEA = "plea"
    UNANSWERED = "unanswered"
    FOLLOW_UP = "follow_up"
    WAITING = "waiting"
    DELETION = "deletion"
    CHECK_IN = "check_in"


class Rung(StrEnum):
    """Who is told, from the nearest up. The national desk is only ever told that something waits."""

    ASSIGNEE = "assignee"
    DESK = "desk"
    DEPUTIES = "deputies"
    ON_CALL = "on_call"
    NATIONAL = "national"


class Way(StrEnum):
    """How, from the softest up."""

    MESSAGE = "message"
    SMS = "sms"
    CALL = "call"


class Sort(StrEnum):
    """How pressing: an alarm comes at any hour, a notice in duty hours, a line of the digest in the morning."""

    ALARM = "alarm"
    NOTICE = "notice"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain. Where nobody stands on its rung, the next rung that holds somebody is meant."""

    rung: Rung
    way: Way


@dataclass(frozen=True, slots=True)
class Given:
    """How often a rule has spoken, and when last, about the moment that started it; another moment starts anew."""

    about: datetime
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """A case as the clock sees it. Times are aware; None is: not so.

    `unread_since` is when the person wrote what nobody of the desk has read, `unanswered_since` what nobody has
    answered; `plea_by` when a first plea for help must have been opened. `waits_until` is how long the coordinator
    means to wait for the person or a partner; `check_in_lost_at` is when a text that asks the person how they are could
    not go out any more. `alarmed_at`, `called_at` and `told_at` are when the desk last had an alarm, an alarm because
    nobody had come, and a notice, whichever case they were for: one desk is not called for each of its cases.
    """

    pace: Pace
    closed: bool = False
    unread_since: datetime | None = None
    unanswered_since: datetime | None = None
    plea_by: datetime | None = None
    follow_up_at: datetime | None = None
    waits_until: datetime | None = None
    delete_at: datetime | None = None
    check_in_lost_at: datetime | None = None
    snoozed_until: datetime | None = None
    alarmed_at: datetime | None = None
    called_at: datetime | None = None
    told_at: datetime | None = None
    given: Mapping[Rule, Given] = field(default_factory=dict)

    def so_far(self, rule: Rule, about: datetime) -> Given:
        """What a rule has said about this moment; nothing, where it last spoke about another."""
        given = self.given.get(rule)
        return given if given is not None and given.about == about else Given(about, 0, about)

    def not_after(self, now: datetime) -> "Timeline":
        """The same, with nothing that has happened later than `now`.

        A clock that ran ahead for a minute has written down a past that lies in the future; taken at its word, nobody
        would be nudged until then.
        """
        spoken = {rule: replace(one, last_at=min(one.last_at, now)) for rule, one in self.given.items()}
        return replace(
            self,
            alarmed_at=self.alarmed_at and min(self.alarmed_at, now),
            called_at=self.called_at and min(self.called_at, now),
            told_at=self.told_at and min(self.told_at, now),
            given=spoken,
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """When and whom a desk wants to be nudged: one desk's configuration.

    `limits` is how long a case may lie unopened and `repeats` when the next nudge follows: by the clock for paces that
    cannot wait, in time on duty for the others. `answers` and `plea` are time on duty.
    `day` and `night` are the chains of what cannot wait, in duty hours and outside them; `office` is
    that of all else. `bundle` is how long after an alarm or notice the desk is told of no other new case.
    """

    duty: Duty
    limits: Mapping[Pace, timedelta]
    repeats: Mapping[Pace, timedelta]
    answers: Mapping[Pace, timedelta]
    plea: timedelta
    waiting_again: timedelta
    ahead: timedelta
    bundle: timedelta
    day: tuple[Step, ...]
    night: tuple[Step, ...]
    office: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Nudge:
    """Who is to be told what and when. `at` lies in the past for what is overdue; `about` is what started the rule."""

    rule: Rule
    at: datetime
    about: datetime
    sort: Sort
    step: Step
