"""Asking the person how they are: what is planned, what may be, in which words and at which hour; sees no address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from intake.casework import OpenCase
from intake.contact import Hours
from intake.inbox.visit import WorkVisit
from intake.inbox.words import _
from intake.model import OutgoingKind, OutgoingState
from intake.reaching.checkin import LONGEST_AHEAD, Refusal, Wording, look_ahead
from intake.store.sendings import Sending
from triage.calendar import STOCKHOLM

REFUSALS: Mapping[Refusal, str] = {
    Refusal.NOBODY: _("There is no phone or chat to write to any more."),
    Refusal.NOT_ALLOWED: _("They have not said that we may write first, or want no texts."),
    Refusal.CLOSED: _("The case is closed or erased: nobody is asked any more."),
    Refusal.PLANNED: _("One is planned already; give it up first."),
    Refusal.IN_VAIN: _("They have not answered the last ones: leave them in peace until they write."),
    Refusal.DAY: _("Choose a day that is not over, at most 90 days from now. Nothing was planned."),
    Refusal.HOUR: _("That hour is not safe. Nothing was planned."),
}
"""Why nobody is asked, in words."""

_TEN = time(10)
_PLANNED = (OutgoingState.WAITING, OutgoingState.HELD)


@dataclass(frozen=True, slots=True)
class Words:
    """One wording as it will be sent, and in the reader's language where that is another."""

    name: Wording
    text: str = field(repr=False)
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asking:
    """The form and how things stand. `refusal` says why there is no form; `planned` is what will go out."""

    refusal: str
    planned: Sending | None
    wordings: list[Words] = field(repr=False)
    hours: Hours
    hour: str
    first_day: date
    last_day: date
    typed: Mapping[str, str] = field(repr=False)


async def panel(visit: WorkVisit, found: OpenCase) -> Mapping[str, object]:
    """What the template `case_checkin.html` shows; nothing where there is no phone or chat."""
    outlook = None if found.reach is None else await look_ahead(visit.service, visit.work.reader, found.case.id)
    if outlook is None:
        return {"asking": None}
    asked = [one for one in found.sendings if one.kind is OutgoingKind.CHECK_IN]
    today = visit.now.astimezone(STOCKHOLM).date()
    asking = Asking(
        refusal="" if outlook.refusal is None else REFUSALS[outlook.refusal],
        planned=next((one for one in asked if one.state in _PLANNED), None),
        wordings=[_words(visit, name, outlook.lang) for name in Wording],
        hours=outlook.hours,
        hour=f"{_hour(outlook.hours):%H:%M}",
        first_day=today,
        last_day=today + LONGEST_AHEAD - timedelta(days=1),
        typed={name: visit.field(name) for name in ("ask_day", "ask_hour", "ask_words")},
    )
    return {"asking": asking}


def _words(visit: WorkVisit, name: Wording, lang: str) -> Words:
    phrases = visit.service.phrases
    text, said = phrases.say(name, lang), phrases.say(name, visit.language.tag)
    return Words(name, text, "" if said == text else said)


def _hour(hours: Hours) -> time:
    """Ten in the morning, or when their own hours begin."""
    opens, closes = hours.opens, hours.closes
    ten = opens <= _TEN < closes if opens < closes else opens <= _TEN or closes > _TEN
    return _TEN if ten else opens
