"""What a page shows of a case's labels; knows no page, opens nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from intake.model import Card, Police
from triage.model import Assessment, Doubt, Kind, Minor, Place, Type, Urgency


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
    concerns_child: bool


def summarise(labels: Assessment | None, cards: Iterable[Card]) -> Summary | None:
    """What is shown of a case's labels, and what the person said about the police; None with no label."""
    if labels is None:
        return None
    return Summary(
        kind=labels.kind,
        type=labels.type,
        urgency=labels.urgency,
        minor=labels.minor,
        place=labels.place,
        lang=labels.lang,
        doubts=labels.doubts,
        police=next((card.police for card in cards if card.police is not None), None),
        concerns_child=labels.concerns_child,
    )
