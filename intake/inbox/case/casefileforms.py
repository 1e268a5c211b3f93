"""Reads the casefile's forms into facts; what cannot be read is None, and the page says so. Knows no use case."""

import re
from datetime import date, datetime, time
from typing import TypeVar

from intake.casefile.closing import MOST_PERSONS
from intake.casefile.entries import Basis, Concern, ConcernState, Held, Referral
from intake.casefile.writing import LONGEST
from intake.inbox.visit import WorkVisit
from intake.model import CaseId, Hold
from intake.statistics.cells import Age, Form, Gender, Person, Purpose, Sector
from intake.vault.ids import new_id
from triage.calendar import STOCKHOLM

_ID = re.compile(r"[a-z2-7]{26}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DEFAULT_TIME = time(9)

E = TypeVar("E")


def words(visit: WorkVisit, name: str) -> str:
    """What was typed into a field, no longer than it may be."""
    return visit.field(name).strip()[:LONGEST]


def choice(kind: type[E], value: str) -> E | None:
    """The value of a closed set, None for anything else."""
    try:
        return kind(value)  # type: ignore[call-arg]  # every closed set here is an Enum over str
    except ValueError:
        return None


def day(text: str) -> date | None:
    """A day as a browser's field sends it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment(day_text: str, time_text: str) -> datetime | None:
    """A day and a time in Sweden; nine in the morning where no time was given."""
    on = day(day_text)
    if on is None:
        return None
    try:
        at = time.fromisoformat(time_text) if time_text else _DEFAULT_TIME
    except ValueError:
        return None
    return datetime.combine(on, at, STOCKHOLM)


def concern(visit: WorkVisit) -> Concern | None:
    """A report of concern; its time is now where none was given."""
    state = choice(ConcernState, visit.field("state"))
    typed = visit.field("day")
    at = moment(typed, visit.field("time")) if typed else visit.now
    return None if state is None or at is None else Concern(state=state, at=at, remark=words(visit, "remark"))


def referral(visit: WorkVisit) -> Referral | None:
    """A referral: to whom, and by consent or on which ground."""
    partner, ground = words(visit, "partner"), words(visit, "ground")
    basis = choice(Basis, visit.field("basis"))
    if not partner or basis is None or (basis is Basis.GROUND and not ground):
        return None
    passed_on = words(visit, "passed_on")
    awaited = day(visit.field("awaited"))
    return Referral(id=new_id(), partner=partner, basis=basis, ground=ground, passed_on=passed_on, awaited=awaited)


def held(visit: WorkVisit) -> Held | None:
    """A hold, or its end; either has a reason."""
    reason = words(visit, "reason")
    hold = choice(Hold, visit.field("hold"))
    if not reason or (hold is None and visit.field("hold") != "release"):
        return None
    return Held(hold=hold, reason=reason)


def case_id(typed: str) -> CaseId | None:
    """The case that an address or a whole reference names."""
    found = _ID.search(typed.lower())
    return None if found is None else CaseId(found[0])


def persons(visit: WorkVisit) -> tuple[Person, ...]:
    """The persons of a closing form; one without an age is left out."""
    found = (_person(visit, f"p{number}-") for number in range(number_of_persons(visit)))
    return tuple(one for one in found if one is not None)


def number_of_persons(visit: WorkVisit) -> int:
    """How many persons the form has room for."""
    said = visit.field("persons")
    return min(int(said), MOST_PERSONS) if said.isascii() and said.isdigit() and len(said) < 3 else 0


def _person(visit: WorkVisit, prefix: str) -> Person | None:
    age = choice(Age, visit.field(prefix + "age"))
    if age is None:
        return None
    children, origin = visit.field(prefix + "children"), visit.field(prefix + "origin").upper()
    return Person(
        age=age,
        gender=choice(Gender, visit.field(prefix + "gender")) or Gender.NOT_RECORDED,
        form=choice(Form, visit.field(prefix + "form")) or Form.EXPLOITATION,
        purposes=frozenset(purpose for purpose in Purpose if visit.field(prefix + purpose)),
        origin=origin if _COUNTRY.fullmatch(origin) else "",
        sector=choice(Sector, visit.field(prefix + "sector")),
        children=int(children) if children.isascii() and children.isdigit() and len(children) < 3 else 0,
        elsewhere=bool(visit.field(prefix + "elsewhere")),
    )
