"""Several cards of one case become the one card that is shown; knows no page, opens nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from intake.model import Card, Police
from triage.combine import combine
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

    `triage.combine` says how: danger and minors only rise.
    """
    if not cards:
        return None
    whole = reduce(combine, (card.assessment for card in cards))
    return Summary(
        kind=whole.kind,
        type=whole.type,
        urgency=whole.urgency,
        minor=whole.minor,
        place=whole.place,
        lang=whole.lang,
        doubts=whole.doubts,
        police=next((card.police for card in cards if card.police is not None), None),
    )
