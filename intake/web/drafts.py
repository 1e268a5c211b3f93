"""What somebody has typed into a door's form, kept whole until it is sent; knows no request and no page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from intake.model import Police
from triage.gazetteer import Choice, Gazetteer, UnknownPlace, place_from_choice, search_places
from triage.model import NOWHERE, Place

LONGEST_TEXT = 20_000
"""Characters."""
_LONGEST_PLACE = 100
_UNSURE = "unsure"


class Fault(StrEnum):
    """Why a form is shown again; the page has the words for it."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    EXPIRED = "expired"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a door's form as typed. `chosen` is a code of SCB's that was picked from a search, or `unsure`.

    `originals`: files are to be kept as they came, too.
    """

    text: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    chosen: str = field(default="", repr=False)
    police: Police | None = None
    originals: bool = False

    @property
    def fault(self) -> Fault | None:
        """What keeps it from being sent. Only the message is needed."""
        if not self.text.strip():
            return Fault.EMPTY
        return Fault.TOO_LONG if len(self.text) > LONGEST_TEXT else None

    def text_with_place(self, label: str) -> str:
        """The message; a place that was typed but not picked stands below it, where triage and people read it."""
        typed = self.place.strip()[:_LONGEST_PLACE]
        return f"{self.text}\n\n{label}: {typed}" if typed and not self.picked_code else self.text

    @property
    def picked_code(self) -> str | None:
        """The code that was picked, if one was."""
        return self.chosen if self.chosen and self.chosen != _UNSURE else None


def read_draft(form: Mapping[str, str]) -> Draft:
    """Take a draft out of a form; what no page of ours sends counts as not answered."""
    police = form.get("police", "")
    return Draft(
        text=form.get("text", ""),
        place=form.get("place", ""),
        chosen=form.get("chosen", ""),
        police=Police(police) if police in set(Police) else None,
        originals="originals" in form,
    )


def place_of(draft: Draft, gazetteer: Gazetteer) -> Place:
    """The place that was picked; nowhere when none was, or none that exists."""
    code = draft.picked_code
    if code is None:
        return NOWHERE
    try:
        return place_from_choice(code, None, gazetteer) if len(code) == 2 else place_from_choice(None, code, gazetteer)
    except UnknownPlace:
        return NOWHERE


def places_like(draft: Draft, gazetteer: Gazetteer) -> Sequence[tuple[str, Choice]]:
    """What the typed place may be, each with the code that picking it sends; one line a name."""
    found = search_places(draft.place[:_LONGEST_PLACE], gazetteer, limit=12)
    return [(code, choice) for choice in found if (code := choice.place.municipality or choice.place.county)]
