"""Corrections of a case's labels as canonical JSON, sealed like a message; knows no desk's key and no row."""

from typing import Any

from intake.model import Correction, Direction, MessageId
from intake.vault.sealed_form import SealedForm
from triage.model import Kind, Minor, Place, Type, Urgency


def _value(correction: Correction) -> dict[str, Any]:
    place = correction.place
    return {
        "covers": sorted(correction.covers),
        "kind": correction.kind,
        "type": correction.type,
        "urgency": correction.urgency,
        "minor": correction.minor,
        "place": None if place is None else [place.county, place.municipality],
        "lang": correction.lang,
    }


def _correction(value: dict[str, Any]) -> Correction:
    place = value["place"]
    return Correction(
        covers=frozenset(MessageId(one) for one in value["covers"]),
        kind=None if value["kind"] is None else Kind(value["kind"]),
        type=None if value["type"] is None else Type(value["type"]),
        urgency=None if value["urgency"] is None else Urgency(value["urgency"]),
        minor=None if value["minor"] is None else Minor(value["minor"]),
        place=None if place is None else Place(place[0], place[1]),
        lang=value["lang"],
    )


CORRECTIONS = SealedForm("a correction", Direction.CORRECTION, _value, _correction)
