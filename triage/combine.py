"""Several assessments of one case become one, in which nothing sinks; knows no text and no case."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from itertools import chain

from triage.model import Assessment, Doubt, Kind, Minor, Place, Type, Urgency

_URGENCIES = {one: rank for rank, one in enumerate(Urgency)}
_MINORS = {one: rank for rank, one in enumerate(Minor)}


def combine_all(assessments: Iterable[Assessment]) -> Assessment | None:
    """`combine` of all of them in their order, in a time that grows with their number; None of none.

    Joined one by one, what thousands of messages name would be copied once a message.
    """
    parts = list(assessments)
    if not parts:
        return None
    whole = reduce(combine, (replace(one, ads=(), pii=()) for one in parts))
    ads = dict.fromkeys(chain.from_iterable(one.ads for one in parts))
    pii = dict.fromkeys(chain.from_iterable(one.pii for one in parts))
    return replace(whole, ads=tuple(ads), pii=tuple(pii))


def combine(earlier: Assessment, later: Assessment) -> Assessment:
    """What a case is about once more was written in it: a later "thank you" hides nothing that was said before.

    Danger and minors only rise; of the rest the later holds where it says something. Reasons stay with their texts.
    """
    return Assessment(
        kind=_kind(earlier.kind, later.kind),
        type=_type(earlier.type, later.type),
        urgency=min(earlier.urgency, later.urgency, key=_URGENCIES.__getitem__),
        minor=min(earlier.minor, later.minor, key=_MINORS.__getitem__),
        place=later.place if _says_where(later.place) else earlier.place,
        lang=later.lang,
        ads=tuple(dict.fromkeys(earlier.ads + later.ads)),
        pii=tuple(dict.fromkeys(earlier.pii + later.pii)),
        doubts=_doubts(earlier.doubts, later.doubts),
    )


def _kind(earlier: Kind, later: Kind) -> Kind:
    """The door's, and so the first; but a tip may become a call for help, and what was nothing may become a case."""
    if earlier is Kind.OTHER or (earlier is Kind.TIP and later is Kind.HELP):
        return later
    return earlier


def _type(earlier: Type, later: Type) -> Type:
    """The gravest stays; otherwise the last that is clear."""
    if later is Type.UNCLEAR or earlier is Type.SEXUAL_EXPLOITATION:
        return earlier
    return later


def _doubts(earlier: frozenset[Doubt], later: frozenset[Doubt]) -> frozenset[Doubt]:
    """They add up; but "past and safe" lets a case wait, and so both must say it."""
    safe = {Doubt.PAST_AND_SAFE}
    return ((earlier | later) - safe) | (earlier & later & safe)


def _says_where(place: Place) -> bool:
    return bool(place.county or place.municipality or place.among)
