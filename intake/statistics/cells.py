"""What is counted apart from every case: one cell a fact, so coarse that no two of them can be put together again.

Of a person, age and gender are counted in one cell, the country in another, the sector in a third: nowhere does it
stand that the girl came from that country. What is not counted together cannot be taken apart later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from triage.calendar import STOCKHOLM


class Survey(StrEnum):
    """What a number is about."""

    RECEIVED = "received"
    """Month; desk, kind."""
    CHANNEL = "channel"
    """Month; channel."""
    COUNTY = "county"
    """Year; county, as triage reads it when it comes in."""
    OPENED = "opened"
    """Month; desk, span until the first opening."""
    ANSWERED = "answered"
    """Month; desk, span until the first answer."""
    OUTCOME = "outcome"
    """Month; desk, outcome of a closed case."""
    MUNICIPALITY = "municipality"
    """Month; municipality, type, as the coordinator says when closing."""
    PERSON = "person"
    """Year; region, age, gender."""
    FORM = "form"
    """Year; region, trafficking or exploitation."""
    PURPOSE = "purpose"
    """Year; region, purpose: several a person."""
    ORIGIN = "origin"
    """Year; country."""
    SECTOR = "sector"
    """Year; region, sector, of those exploited in labour."""
    WITH_CHILDREN = "with_children"
    """Year; region, whether children came along."""
    CHILDREN = "children"
    """Year; region: how many children came along."""


class Cell(NamedTuple):
    """One number: what it is about, the month or year, and where in the table it stands."""

    survey: Survey
    period: str
    parts: tuple[str, ...] = ()


class Age(StrEnum):
    """How old a person is, as the yearly statistics ask."""

    ADULT = "adult"
    CHILD = "child"


class Gender(StrEnum):
    """As the yearly statistics ask."""

    WOMAN_GIRL = "woman_girl"
    MAN_BOY = "man_boy"
    OTHER = "other"
    NOT_RECORDED = "not_recorded"


class Form(StrEnum):
    """Which of the two crimes."""

    TRAFFICKING = "trafficking"
    EXPLOITATION = "exploitation"


class Purpose(StrEnum):
    """What somebody was used for; several a person."""

    SEXUAL = "sexual"
    LABOUR = "labour"
    BEGGING = "begging"
    CRIMINALITY = "criminality"
    MARRIAGE = "marriage"
    ORGAN = "organ"
    WAR_SERVICE = "war_service"
    OTHER = "other"


class Sector(StrEnum):
    """Where somebody was made to work."""

    GREEN = "green"
    CONSTRUCTION = "construction"
    HOTEL_RESTAURANT = "hotel_restaurant"
    INDUSTRY = "industry"
    CAR = "car"
    CLEANING = "cleaning"
    OTHER = "other"


class Outcome(StrEnum):
    """How a case ended."""

    NOT_SAID = "not_said"
    SUPPORTED = "supported"
    REFERRED = "referred"
    PASSED_ON = "passed_on"
    NO_CONTACT = "no_contact"
    NO_GROUNDS = "no_grounds"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Person:
    """What is counted of one person of a closed case. `origin` is an ISO 3166 code of two letters; empty: not known.

    `elsewhere`: another region has counted them this year, so nobody counts them again.
    """

    age: Age
    gender: Gender
    form: Form
    purposes: frozenset[Purpose]
    origin: str = ""
    sector: Sector | None = None
    children: int = 0
    elsewhere: bool = False


NATIONAL = "national"
"""In the place of a region where there is none."""
UNKNOWN = "unknown"
"""In the place of a county, a municipality or a country that nobody knows."""
YES, NO = "yes", "no"

SPANS: tuple[tuple[str, timedelta], ...] = (
    ("10m", timedelta(minutes=10)),
    ("2h", timedelta(hours=2)),
    ("1d", timedelta(days=1)),
    ("7d", timedelta(days=7)),
)
LONGER = "longer"


def month(moment: datetime) -> str:
    """The month in Sweden, ``2026-11``."""
    return moment.astimezone(STOCKHOLM).strftime("%Y-%m")


def year(moment: datetime) -> str:
    """The year in Sweden."""
    return moment.astimezone(STOCKHOLM).strftime("%Y")


def span(waited: timedelta) -> str:
    """Into which of `SPANS` a wait falls."""
    return next((name for name, limit in SPANS if waited <= limit), LONGER)


def cells_of(person: Person, region: str, now: datetime) -> Iterator[tuple[Cell, int]]:
    """What is counted of a person, and how often: nothing of who was counted elsewhere."""
    if person.elsewhere:
        return
    at = year(now)
    yield Cell(Survey.PERSON, at, (region, person.age, person.gender)), 1
    yield Cell(Survey.FORM, at, (region, person.form)), 1
    yield Cell(Survey.ORIGIN, at, (person.origin or UNKNOWN,)), 1
    yield Cell(Survey.WITH_CHILDREN, at, (region, YES if person.children else NO)), 1
    for purpose in person.purposes or {Purpose.OTHER}:
        yield Cell(Survey.PURPOSE, at, (region, purpose)), 1
    if Purpose.LABOUR in person.purposes:
        yield Cell(Survey.SECTOR, at, (region, person.sector or Sector.OTHER)), 1
    if person.children:
        yield Cell(Survey.CHILDREN, at, (region,)), person.children
