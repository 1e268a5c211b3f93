"""Which desk receives a case, from the configuration's tables alone; knows no text and no address."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from triage.calendar import Calendar, on_duty, reads_by
from triage.model import Assessment, Desk, DeskName, Minors, Place, Region, RegionName, Route

_TAKES: Mapping[bool, tuple[Minors, ...]] = {
    True: (Minors.ONLY, Minors.ANY),
    False: (Minors.NEVER, Minors.ANY),
}
"""Desks that take the case, the more special one first; the key says whether a child is concerned."""


class NoDesk(Exception):
    """Nobody can receive cases: not even the national desk, nor a deputy of its, has a member."""


def route(
    assessment: Assessment,
    desks: Mapping[DeskName, Desk],
    regions: Mapping[RegionName, Region],
    routable: frozenset[DeskName],
    national: DeskName,
    calendar: Calendar,
    now: datetime,
) -> Route:
    """The desk for a case. `routable` are the desks that have a member; `now` is aware.

    A case goes to the region's desk for its kind and for children or adults; where none is fit, or the fit one has no
    member, to its deputies, then the region's other desks and their deputies, lastly to the national desk.

    Raises:
        NoDesk: not even the national desk or its deputies are routable.
        NeverOnDuty: the desk's hours have no day of duty.
    """
    region = region_of(assessment.place, regions)
    for rule, name in _candidates(assessment, desks, region, national):
        if name in routable:
            desk = desks[name]
            return Route(
                desk=name,
                region=region,
                deputies=() if assessment.pace.can_wait else tuple(d for d in desk.deputies if d in routable),
                answer_by=reads_by(desk, assessment.pace, calendar, now),
                on_duty=on_duty(desk, assessment.pace, calendar, now),
                rule=rule,
            )
    raise NoDesk


def region_of(place: Place, regions: Mapping[RegionName, Region]) -> RegionName | None:
    """The region that holds the place, or all the counties that the text leaves open; None if there is none."""
    counties = {place.county} if place.county else place.among
    if not counties:
        return None
    return next((key for key, region in regions.items() if counties <= region.counties), None)


def _candidates(
    assessment: Assessment, desks: Mapping[DeskName, Desk], region: RegionName | None, national: DeskName
) -> Iterator[tuple[str, DeskName]]:
    """Desks in the order in which they are asked, each with the word that says why."""
    local = [desk for desk in desks.values() if region is not None and desk.region == region]
    for rule, tier in _tiers(assessment, local):
        yield from ((rule, desk.key) for desk in tier)
        yield from (("deputy", deputy) for desk in tier for deputy in desk.deputies)
    yield ("no-region" if region is None else "national"), national
    yield from (("deputy", deputy) for deputy in desks[national].deputies)


def _tiers(assessment: Assessment, local: list[Desk]) -> Iterator[tuple[str, list[Desk]]]:
    """The region's desks, the fittest first: for this kind and person, for this person, any."""
    for minors in _TAKES[assessment.concerns_child]:
        yield "region", [d for d in local if d.minors is minors and assessment.kind in d.kinds]
    for minors in _TAKES[assessment.concerns_child]:
        yield "other-kind", [d for d in local if d.minors is minors and assessment.kind not in d.kinds]
    yield "other-age", [d for d in local if d.minors not in _TAKES[assessment.concerns_child]]
