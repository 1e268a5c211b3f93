"""Names to show instead of codes and ids: places, desks, colleagues; opens no case."""

from collections.abc import Iterable

from intake.inbox.visit import WorkVisit
from intake.model import Case, MemberId
from intake.people import colleagues
from intake.service import Service
from triage.model import NOWHERE, Place

_COUNTY_DIGITS = 2


def place_name(service: Service, place: Place) -> str:
    """The municipality, else the county, else the counties that the text leaves open; empty where none is known."""
    known = service.gazetteer
    if place.municipality is not None:
        return known.municipalities.get(place.municipality, place.municipality)
    codes = [place.county] if place.county is not None else sorted(place.among)
    return " / ".join(known.counties.get(code, code) for code in codes)


def read_place(label: str) -> Place | None:
    """The place of a reason's label, ``place=0180``, ``place=01`` or ``place=01/03``; None for another label."""
    what, _, value = label.partition("=")
    codes = value.split("/")
    if what != "place" or not all(code.isdigit() for code in codes):
        return None
    if len(codes) > 1:
        return Place(among=frozenset(codes))
    return Place(municipality=value) if len(value) > _COUNTY_DIGITS else Place(county=value)


def read_code(service: Service, code: str) -> Place | None:
    """The place of a code as a form sends it: a county's, a municipality's, or empty for unknown; None for no code."""
    if not code:
        return NOWHERE
    if code in service.gazetteer.counties:
        return Place(county=code)
    return Place(code[:_COUNTY_DIGITS], code) if code in service.gazetteer.municipalities else None


async def holders(visit: WorkVisit, cases: Iterable[Case]) -> dict[MemberId, str]:
    """The logins of those who hold these cases, by member; who works elsewhere or has left is not among them."""
    if all(case.assignee in (None, visit.work.member.id) for case in cases):
        return {}
    found = await colleagues(visit.service, sorted(visit.work.reader.desks))
    return {one.member.id: one.login for one in found}
