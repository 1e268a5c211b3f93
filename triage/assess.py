"""What a text is about, with the words that say so; knows no sender, no desk and no history."""

from datetime import datetime

from triage.gazetteer import Gazetteer
from triage.model import NOWHERE, Assessment, Kind, Place, Reason, Urgency
from triage.places import Where, decide_place


def assess(
    text: str,
    gazetteer: Gazetteer,
    *,
    kind: Kind | None = None,
    chosen: Place = NOWHERE,
    lang: str | None = None,
    now: datetime | None = None,
) -> Assessment:
    """What triage makes of a text; the door's `kind`, the `chosen` place and the person's `lang` win over it."""
    where = (
        Where(chosen, (Reason("place=chosen", "form"),)) if chosen != NOWHERE else decide_place(text, gazetteer, lang)
    )
    found = kind or Kind.TIP
    return Assessment(
        kind=found,
        urgency=Urgency.HIGH if found is Kind.HELP else Urgency.NORMAL,
        place=where.place,
        lang=lang or "sv",
        reasons=(Reason(f"kind={found}", "door" if kind else "default"), *where.reasons),
        doubts=where.doubts,
    )
