"""In which ways a case comes back on a day, and what was typed into that form; knows no use case."""

from collections.abc import Mapping
from enum import StrEnum

from intake.casework import OpenCase
from intake.inbox.visit import WorkVisit
from intake.inbox.words import _


class Way(StrEnum):
    """What happens until the day, and whom it is put to then."""

    FOLLOW_UP = "follow_up"
    PERSON = "person"
    PARTNER = "partner"
    QUIET = "quiet"

    @property
    def waits(self) -> bool:
        """Whether somebody else is to act first: then the case says by itself why it lies there."""
        return self in (Way.PERSON, Way.PARTNER)


WAYS: Mapping[Way, str] = {
    Way.FOLLOW_UP: _("I follow it up: remind me then"),
    Way.PERSON: _("We wait for the person"),
    Way.PARTNER: _("We wait for a partner"),
    Way.QUIET: _("Nothing is to be done before: remind nobody"),
}
MORNING = "08:00"
"""O'clock in Sweden, where no time was given."""


async def panel(visit: WorkVisit, _found: OpenCase) -> Mapping[str, object]:
    """The ways, and the form's own fields."""
    typed = {name: visit.field(f"back_{name}") for name in ("day", "time", "way", "why")}
    return {"ways_back": WAYS, "back": {**typed, "time": typed["time"] or MORNING}}
