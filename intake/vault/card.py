"""Cards: a case's assessment as canonical JSON, sealed like a message; knows no desk and no row."""

import json
from collections.abc import Sequence
from typing import Any

from intake.model import Card, Context, Direction, Envelope, Note, Police, Recipient, RecipientKind
from intake.vault.envelope import open_envelope, seal_envelope
from intake.vault.errors import Tampered
from intake.vault.suite import PrivateKey
from triage.model import Assessment, Doubt, Kind, Minor, Place, Reason, Span, Type, Urgency


def seal_card(context: Context, card: Card, recipients: Sequence[Recipient]) -> Envelope:
    """Seal a card. Raises as `seal_envelope`, and `ValueError` for a context that is no card's."""
    if context.direction is not Direction.CARD:
        raise ValueError("a card is sealed as a card")
    return seal_envelope(context, card_to_json(card), recipients)


def open_card(envelope: Envelope, kind: RecipientKind, recipient_id: str, generation: int, private: PrivateKey) -> Card:
    """Return the card. Raises as `open_envelope`; `Tampered` also for what is no card."""
    if envelope.context.direction is not Direction.CARD:
        raise Tampered("not a card")
    return card_from_json(open_envelope(envelope, kind, recipient_id, generation, private))


def card_to_json(card: Card) -> bytes:
    """Return the one JSON text of a card: keys sorted, no spaces, ASCII (so that any text at all survives)."""
    value = {
        "assessment": _assessment_value(card.assessment),
        "police": card.police,
        "ui_lang": card.ui_lang,
        "notes": sorted(card.notes),
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def card_from_json(text: bytes) -> Card:
    """Read what `card_to_json` wrote. Raises `Tampered`.

    Cards are never sealed anew: a field that is added once cards are stored must be read with its default here.
    """
    try:
        value = json.loads(text)
        police = value["police"]
        return Card(
            assessment=_assessment(value["assessment"]),
            police=None if police is None else Police(police),
            ui_lang=value["ui_lang"],
            notes=frozenset(Note(note) for note in value.get("notes", ())),
        )
    except (ValueError, KeyError, TypeError):
        raise Tampered("not a card") from None


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
