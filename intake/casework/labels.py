"""What a case is about, over all that was written in it and what a coordinator put right; knows no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from intake.model import Card, Correction, MessageId
from triage.combine import combine_all
from triage.model import Assessment, Doubt, Kind, Minor, Place, Type, Urgency

LABELS = ("kind", "type", "urgency", "minor", "place", "lang")
"""What a person may put right."""


@dataclass(frozen=True, slots=True)
class Put:
    """All six labels, as a coordinator would have them; None for a place that is to stay as open as it is."""

    kind: Kind
    type: Type
    urgency: Urgency
    minor: Minor
    place: Place | None = field(repr=False)
    lang: str


def labels_of(cards: Mapping[MessageId, Card], correction: Correction | None) -> Assessment | None:
    """One assessment out of several cards, in the order of their messages; None where the reader could open nothing.

    `triage.combine` says how: danger and minors only rise. A correction wins over the cards that it covers; a later
    message may raise urgency and age anew, and leaves the other corrected labels as they are.
    """
    if correction is None:
        return combine_all(card.assessment for card in cards.values())
    covered = [card.assessment for message, card in cards.items() if message in correction.covers]
    later = [card.assessment for message, card in cards.items() if message not in correction.covers]
    whole = _put_right(combine_all(covered) or Assessment(), correction)
    return _kept(combine_all([whole, *later]) or whole, correction)


def _put_right(whole: Assessment, correction: Correction) -> Assessment:
    return replace(
        _kept(whole, correction),
        urgency=correction.urgency or whole.urgency,
        minor=correction.minor or whole.minor,
        doubts=whole.doubts - _settled(correction),
    )


def _kept(whole: Assessment, correction: Correction) -> Assessment:
    return replace(
        whole,
        kind=correction.kind or whole.kind,
        type=correction.type or whole.type,
        place=whole.place if correction.place is None else correction.place,
        lang=correction.lang or whole.lang,
    )


def _settled(correction: Correction) -> frozenset[Doubt]:
    """The doubts that a person has answered. "Past and safe" is none that an urgency could answer."""
    answered = {
        Doubt.CHILD: correction.minor,
        Doubt.DANGER: correction.urgency,
        Doubt.PLACE: correction.place,
    }
    return frozenset(doubt for doubt, said in answered.items() if said is not None)
