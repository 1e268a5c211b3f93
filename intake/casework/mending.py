"""What is remembered of a label that was put right: what was said, by which rule, what it became; nothing of a case."""

from collections.abc import Iterable
from datetime import datetime

from intake.casework.labels import Put
from intake.model import Card, Correction
from intake.store.corrections import Mended
from triage.model import Assessment, Place

BY_PERSON = "a person"
"""The rule of a label that had been put right before."""
NO_RULE = "no rule"
"""The rule of a label that no word of the text led to."""


def mended(
    name: str, labels: Assessment, put: Put, cards: Iterable[Card], before: Correction | None, now: datetime
) -> Mended:
    """One label that was put right, fit to be counted."""
    said, became = _values(name, labels, put)
    again = before is not None and getattr(before, name) is not None
    rule = BY_PERSON if again else _rule(name, labels, cards)
    return Mended(f"{now:%Y-%m}", labels.lang, name, rule, said, became)


def _values(name: str, labels: Assessment, put: Put) -> tuple[str, str]:
    if name != "place":
        return str(getattr(labels, name)), str(getattr(put, name))
    place = put.place or labels.place
    elsewhere = labels.place.county is not None and place.county not in (None, labels.place.county)
    return _exactness(labels.place), "elsewhere" if elsewhere else _exactness(place)


def _exactness(place: Place) -> str:
    if place.municipality is not None:
        return "municipality"
    if place.county is not None:
        return "county"
    return "several" if place.among else "none"


def _rule(name: str, labels: Assessment, cards: Iterable[Card]) -> str:
    """The rule that the label came from: the last one of all cards that said so, and was not outweighed there."""
    said = (_spelled(name, labels), f"{name}=chosen")
    agree = (card.assessment for card in cards if name == "place" or _spelled(name, card.assessment) in said)
    reasons = [reason for assessment in agree for reason in assessment.reasons]
    return next((reason.rule for reason in reversed(reasons) if reason.label in said), NO_RULE)


def _spelled(name: str, labels: Assessment) -> str:
    """A label as reasons name it, such as ``minor=yes`` or ``place=0180``."""
    if name != "place":
        return f"{name}={getattr(labels, name)}"
    place = labels.place
    return f"place={place.municipality or place.county or '/'.join(sorted(place.among))}"
