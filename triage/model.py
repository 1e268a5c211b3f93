"""The values that triage decides with and answers in; knows no message history, no address, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import NewType

DeskName = NewType("DeskName", str)
"""The key of a `[desks.NAME]` table."""

RegionName = NewType("RegionName", str)
"""The key of a `[regions.NAME]` table (ASCII)."""


class Kind(StrEnum):
    """Who writes, and for what."""

    TIP = "tip"
    HELP = "help"
    BUYER = "buyer"
    PROFESSIONAL = "professional"
    OTHER = "other"


class Type(StrEnum):
    """What is done to somebody: the gravest that the text supports."""

    SEXUAL_EXPLOITATION = "sexual_exploitation"
    PROSTITUTION = "prostitution"
    LABOUR = "labour"
    DOMESTIC_SERVITUDE = "domestic_servitude"
    BEGGING = "begging"
    MARRIAGE = "marriage"
    CRIMINAL_EXPLOITATION = "criminal_exploitation"
    ORGAN = "organ"
    WAR_SERVICE = "war_service"
    UNCLEAR = "unclear"


class Urgency(StrEnum):
    """When a person must read this."""

    ACUTE = "acute"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Minor(StrEnum):
    """Whether somebody under 18 is used, at risk or present."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Pace(StrEnum):
    """What the clock needs to know, so that it need not know why."""

    NOW = "now"
    HOURS = "hours"
    TODAY = "today"
    DAYS = "days"
    WEEKS = "weeks"

    @property
    def can_wait(self) -> bool:
        """Whether the case may lie until office hours."""
        return self not in (Pace.NOW, Pace.HOURS)

    def or_sooner(self, other: "Pace") -> "Pace":
        """The more pressing of the two: what comes later can only raise a case."""
        order = list(Pace)
        return min(self, other, key=order.index)


class Doubt(StrEnum):
    """What triage is unsure of; each sorts a case up, never down."""

    CHILD = "child"
    DANGER = "danger"
    PLACE = "place"
    PAST_AND_SAFE = "past_and_safe"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters in the text that was assessed."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label was given: `label` such as ``minor=yes``, the rule, and the words it came from."""

    label: str
    rule: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the victim is: SCB codes, two digits of county and four of municipality; None is unknown.

    `among` holds the counties that the text leaves open when it fits several; a region may still hold them all.
    """

    county: str | None = None
    municipality: str | None = None
    among: frozenset[str] = frozenset()


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What triage makes of a text; every label stands behind a reason, and a person may correct it."""

    kind: Kind = Kind.TIP
    type: Type = Type.UNCLEAR
    urgency: Urgency = Urgency.NORMAL
    minor: Minor = Minor.UNKNOWN
    place: Place = NOWHERE
    lang: str = "sv"
    reasons: tuple[Reason, ...] = field(default=(), repr=False)
    ads: tuple[str, ...] = field(default=(), repr=False)
    pii: tuple[str, ...] = field(default=(), repr=False)
    doubts: frozenset[Doubt] = frozenset()

    @property
    def concerns_child(self) -> bool:
        """Whether a child is, or by the words used may be, concerned."""
        return self.minor is Minor.YES or Doubt.CHILD in self.doubts

    @property
    def pace(self) -> Pace:
        """How long the case may lie unopened (design, "Pace")."""
        if self.urgency is Urgency.ACUTE:
            return Pace.NOW
        if self.concerns_child and Doubt.PAST_AND_SAFE not in self.doubts:
            return Pace.HOURS
        return _PACE_OF[self.urgency]


_PACE_OF: Mapping[Urgency, Pace] = {
    Urgency.HIGH: Pace.TODAY,
    Urgency.NORMAL: Pace.DAYS,
    Urgency.LOW: Pace.WEEKS,
}


class Minors(StrEnum):
    """Whether a desk takes children's cases."""

    ANY = "any"
    ONLY = "only"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Region:
    """Counties that one or more desks serve together; `name` is shown, `key` is the configuration's."""

    key: RegionName
    name: str
    counties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Duty:
    """When a desk is on duty: on these weekdays (Monday is 0), from `opens` until `closes`, local time."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Desk:
    """Who receives cases. `region` None is the national desk. `out_of_hours` None means nobody is on call."""

    key: DeskName
    name: str
    region: RegionName | None
    authority: str
    kinds: frozenset[Kind]
    minors: Minors
    hours: Duty
    out_of_hours: str | None = field(repr=False)
    deputies: tuple[DeskName, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes: the desk, the desks that hold a spare key for it, and when somebody reads (aware)."""

    desk: DeskName
    region: RegionName | None
    deputies: tuple[DeskName, ...]
    answer_by: datetime
    on_duty: bool
    rule: str
