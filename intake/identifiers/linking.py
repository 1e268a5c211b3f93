"""In how many other cases a case's identifiers are: counts, and links to what the reader may read anyway; no search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.identifiers.naming import Named, Sort, named_in
from intake.model import Card, Case, CaseId
from intake.reading import Reader, readable_case
from intake.service import Service
from intake.store import identifiers, passing
from intake.store.identifiers import Found
from intake.turns import gently
from intake.vault.blind import blind_index
from intake.vault.service_key import Purpose

_AN_HOUR = timedelta(hours=1)
MOST_NAMED = 500
"""Identifiers of one case that are shown and looked up: those that were named first."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An identifier of the case, the other cases with it that the reader may read, and how many more there are."""

    named: Named
    cases: Sequence[CaseId]
    more: int


class TooOften(Exception):
    """This member has looked up so much within the hour that it must be somebody who searches."""


async def linked(
    service: Service, reader: Reader, case_id: CaseId, cards: Sequence[Card], now: datetime
) -> list[Linked]:
    """Look up what was extracted from a received case, as its cards say, and note that it was looked up.

    Raises:
        NotYours: no such case, or another desk's.
        TooOften: nothing was looked up.
    """
    named = await _named(cards, service.config.contact.home)
    if not any(one.can_be_found for one in named):
        return [Linked(one, (), 0) for one in named]
    return await service.database.write(_look_up, service, reader, case_id, named, now)


async def _named(cards: Sequence[Card], region: str) -> list[Named]:
    """As `named_in`, in small steps, and not without end: a thousand messages may name thousands of numbers."""
    found: dict[tuple[Sort, str], Named] = {}
    async for card in gently(cards):
        for one in named_in([card.assessment], region):
            place = (one.sort, one.spelling)
            if place not in found or (one.advertised and not found[place].advertised):
                found[place] = one
        if len(found) >= MOST_NAMED:
            break
    return sorted(found.values(), key=lambda one: not one.advertised)


def _look_up(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, named: Sequence[Named], now: datetime
) -> list[Linked]:
    key = service.key
    case = readable_case(conn, key, reader, case_id)
    name = blind_index(key, Purpose.IDENTIFIER_INDEX, f"looked up by {reader.member}".encode())
    if not passing.tally(conn, name, service.config.linking.lookups_an_hour, now, now + _AN_HOUR):
        raise TooOften
    audit.record(conn, key, case.desk, Line(now, Act.LINKS_LOOKED_UP, reader.member, case_id))
    lookups = {lookup: one for one in named if one.can_be_found for lookup in one.lookups(key)}
    found = [(lookups[row.lookup], row) for row in identifiers.find(conn, list(lookups))]
    return _sorted_out(service, reader, case, named, found)


def _sorted_out(
    service: Service, reader: Reader, case: Case, named: Sequence[Named], found: Sequence[tuple[Named, Found]]
) -> list[Linked]:
    others: dict[Named, dict[CaseId, bool]] = {one: {} for one in named}
    for one, row in found:
        if row.case != case.id and _may_count(service, case, one, row):
            others[one][row.case] = row.desk in reader.let_in_to
    return [
        Linked(one, sorted(other for other, own in there.items() if own), sum(not own for own in there.values()))
        for one, there in others.items()
    ]


def _may_count(service: Service, case: Case, named: Named, row: Found) -> bool:
    """Within an authority always; between two only what is advertised in both, and only where it is switched on."""
    desks = service.config.desks
    here, there = desks.get(case.desk), desks.get(row.desk)
    if here is None or there is None:
        return False
    if here.authority == there.authority:
        return True
    return service.config.linking.between_authorities and named.advertised and row.advertised
