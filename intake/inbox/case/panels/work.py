"""What a coordinator may do with a case besides answering: labels, waiting, notes, other desks; sends nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from intake.casework import OpenCase
from intake.casework.receivers import receivers
from intake.casework.waiting import LONGEST_WAIT
from intake.inbox.shown import plain
from intake.inbox.visit import WorkVisit
from intake.people import Colleague, colleagues
from intake.store.handling import LENT, SHARED
from triage.calendar import STOCKHOLM

_TYPED = ("remark", "remark_for", "reason")


async def panel(visit: WorkVisit, found: OpenCase) -> Mapping[str, object]:
    """The choices of each form, and what was typed into one that was refused."""
    service, labels = visit.service, found.labels
    ways = await receivers(service, found.case, labels, visit.now)
    today = visit.now.astimezone(STOCKHOLM).date()
    return {
        "labels_now": labels,
        "cards_now": len(found.cards),
        "place_code": "" if labels is None else labels.place.municipality or labels.place.county or "",
        "several_places": labels is not None and bool(labels.place.among),
        "places": _places(visit),
        "spoken": sorted(service.knowledge.languages),
        "receiving": [service.config.desks[desk] for desk in ways.desks if desk not in found.shown_to],
        "belongs": None if ways.belongs is None else service.config.desks[ways.belongs],
        "own_case": found.case.desk in visit.work.reader.let_in_to,
        "borrowers": [desk for desk, ground in found.shown_to.items() if ground in (LENT, SHARED)],
        "remarks": [(remark, plain(remark.text)) for remark in found.remarks],
        "desks_by_key": service.config.desks,
        "first_day": today + timedelta(days=1),
        "last_day": today + LONGEST_WAIT - timedelta(days=1),
        "readers": await _readers(visit, found),
        "typed": {name: visit.field(name) for name in _TYPED},
    }


async def _readers(visit: WorkVisit, found: OpenCase) -> Sequence[Colleague]:
    """The other members who can read the case, by login: a note may be for one of them."""
    if found.case.closed_at is not None:
        return ()
    there = await colleagues(visit.service, [found.case.desk, *found.shown_to])
    can = [one for one in there if one.let_in and one.member.id != visit.work.member.id]
    return sorted(can, key=lambda one: one.login)


def _places(visit: WorkVisit) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """Every county's code with its name and its municipalities by code, both in the order of the alphabet."""
    known = visit.service.gazetteer
    named = sorted(known.counties.items(), key=lambda one: one[1])
    return {
        county: (
            name,
            dict(sorted(((c, n) for c, n in known.municipalities.items() if c[:2] == county), key=lambda one: one[1])),
        )
        for county, name in named
    }
