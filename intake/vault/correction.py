"""Corrections of a case's labels as canonical JSON, sealed like a message; knows no desk's key and no row."""

import json
from collections.abc import Sequence
from typing import Any

from intake.model import Context, Correction, Direction, Envelope, MessageId, Recipient, RecipientKind
from intake.vault.envelope import open_envelope, seal_envelope
from intake.vault.errors import Tampered
from intake.vault.suite import PrivateKey
from triage.model import Kind, Minor, Place, Type, Urgency

_FORM = 1


def seal_correction(context: Context, correction: Correction, recipients: Sequence[Recipient]) -> Envelope:
    """Seal a correction. Raises as `seal_envelope`, and `ValueError` for a context that is no correction's."""
    if context.direction is not Direction.CORRECTION:
        raise ValueError("a correction is sealed as one")
    return seal_envelope(context, correction_to_json(correction), recipients)


def open_correction(
    envelope: Envelope, kind: RecipientKind, recipient_id: str, generation: int, private: PrivateKey
) -> Correction:
    """Return the correction. Raises as `open_envelope`; `Tampered` also for what is none."""
    if envelope.context.direction is not Direction.CORRECTION:
        raise Tampered("not a correction")
    return correction_from_json(open_envelope(envelope, kind, recipient_id, generation, private))


def correction_to_json(correction: Correction) -> bytes:
    """Return the one JSON text of a correction: keys sorted, no spaces, ASCII."""
    place = correction.place
    value = {
        "form": _FORM,
        "covers": sorted(correction.covers),
        "kind": correction.kind,
        "type": correction.type,
        "urgency": correction.urgency,
        "minor": correction.minor,
        "place": None if place is None else [place.county, place.municipality],
        "lang": correction.lang,
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def correction_from_json(text: bytes) -> Correction:
    """Read what `correction_to_json` wrote. Raises `Tampered`."""
    try:
        value = json.loads(text)
        if value["form"] != _FORM:
            raise Tampered("a correction of a form that is not known")
        return _correction(value)
    except (ValueError, KeyError, TypeError):
        raise Tampered("not a correction") from None


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
