"""Several cards of one case become the one card that is shown; knows no page, opens nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from intake.model import Card, Police
from triage.model import Doubt, Kind, Minor, Place, Type, Urgency


@dataclass(frozen=True, slots=True)
class Summary:
    """What a case is about, over all that was written in it. `lang` is the language written in last."""

    kind: Kind
    type: Type
    urgency: Urgency
    minor: Minor
    place: Place = field(repr=False)
    lang: str
    doubts: frozenset[Doubt]
    police: Police | None

    @property
    def concerns_child(self) -> bool:
        """Whether a child is, or by the words used may be, concerned."""
        return self.minor is Minor.YES or Doubt.CHILD in self.doubts


def summarise(cards: Sequence[Card]) -> Summary | None:
    """One card out of several, in the order of their messages; None where the reader could open none.

    Urgency and minor only rise: a later "thank you" must not hide what was said first. Of all else the last that
    says something holds, but the kind is the door's, and so the first card's.
    """
    if not cards:
        return None
    found = [card.assessment for card in cards]
    minors = {one.minor for one in found}
    return Summary(
        kind=found[0].kind,
        type=next((one.type for one in reversed(found) if one.type is not Type.UNCLEAR), Type.UNCLEAR),
        urgency=min((one.urgency for one in found), key=list(Urgency).index),
        minor=next(one for one in (Minor.YES, Minor.NO, Minor.UNKNOWN) if one in minors),
        place=next((one.place for one in reversed(found) if _says_where(one.place)), found[0].place),
        lang=found[-1].lang,
        doubts=frozenset[Doubt]().union(*(one.doubts for one in found)),
        police=next((card.police for card in cards if card.police is not None), None),
    )


def _says_where(place: Place) -> bool:
    return bool(place.county or place.municipality or place.among)
