"""Cards: a case's assessment as canonical JSON, sealed like a message; knows no desk and no row."""

from typing import Any

from intake.model import Card, Direction, Note, Police
from intake.vault.sealed_form import SealedForm
from triage.model import Assessment, Doubt, Kind, Minor, Place, Reason, Span, Type, Urgency


def _value(card: Card) -> dict[str, Any]:
    return {
        "assessment": _assessment_value(card.assessment),
        "police": card.police,
        "ui_lang": card.ui_lang,
        "notes": sorted(card.notes),
    }


def _card(value: dict[str, Any]) -> Card:
    police = value["police"]
    return Card(
        assessment=_assessment(value["assessment"]),
        police=None if police is None else Police(police),
        ui_lang=value["ui_lang"],
        notes=frozenset(Note(note) for note in value.get("notes", ())),
    )


def _assessment_value(assessment: Assessment) -> dict[str, Any]:
    return {
        "kind": assessment.kind,
        "type": assessment.type,
        "urgency": assessment.urgency,
        "minor": assessment.minor,
        "place": _place_value(assessment.place),
        "lang": assessment.lang,
        "reasons": [_reason_value(reason) for reason in assessment.reasons],
        "ads": assessment.ads,
        "pii": assessment.pii,
        "doubts": sorted(assessment.doubts),
    }


def _assessment(value: dict[str, Any]) -> Assessment:
    return Assessment(
        kind=Kind(value["kind"]),
        type=Type(value["type"]),
        urgency=Urgency(value["urgency"]),
        minor=Minor(value["minor"]),
        place=_place(value["place"]),
        lang=value["lang"],
        reasons=tuple(_reason(reason) for reason in value["reasons"]),
        ads=tuple(value["ads"]),
        pii=tuple(value["pii"]),
        doubts=frozenset(Doubt(doubt) for doubt in value["doubts"]),
    )


def _place_value(place: Place) -> dict[str, Any]:
    return {"county": place.county, "municipality": place.municipality, "among": sorted(place.among)}


def _place(value: dict[str, Any]) -> Place:
    return Place(value["county"], value["municipality"], frozenset(value["among"]))


def _reason_value(reason: Reason) -> dict[str, Any]:
    return {"label": reason.label, "rule": reason.rule, "spans": [[span.start, span.end] for span in reason.spans]}


def _reason(value: dict[str, Any]) -> Reason:
    return Reason(value["label"], value["rule"], tuple(Span(start, end) for start, end in value["spans"]))


CARDS = SealedForm("a card", Direction.CARD, _value, _card, number=None)
"""Cards are never sealed anew: a field that is added once cards are stored must be read with its default."""
