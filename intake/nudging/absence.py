"""A member says when they are away and who is told instead, never why; knows no page and no case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.model import MemberId
from intake.people import Colleague, colleagues
from intake.reading import Reader
from intake.service import Service
from intake.store import absences, desks
from intake.store.absences import Absence
from triage.model import DeskName


class NoDeputy(Exception):
    """Nobody of that id works at one of the desks, or at a desk that stands in for one."""


@dataclass(frozen=True, slots=True)
class Own:
    """A member's absence, if there is one, and who could be told instead."""

    absence: Absence | None
    deputies: Sequence[Colleague]


async def own_absence(service: Service, reader: Reader) -> Own:
    """What somebody's own page shows."""
    found = await colleagues(service, sorted(_desks_of_deputies(service, reader)))
    can = [one for one in found if one.let_in and one.member.id != reader.member]
    return Own(await service.database.read(absences.find, reader.member), can)


async def go_away(service: Service, reader: Reader, since: datetime, until: datetime, deputy: MemberId | None) -> None:
    """From `since` until `until` tell `deputy` instead, or, where it is None, the others of the desk.

    Raises:
        NoDeputy: `deputy` is nobody who could read any of it, or oneself.
    """
    await service.database.write(_go_away, service, reader, Absence(reader.member, since, until, deputy))


async def come_back(service: Service, reader: Reader) -> None:
    """Tell them again."""
    await service.database.write(absences.end, reader.member)


def _go_away(conn: Connection, service: Service, reader: Reader, absence: Absence) -> None:
    around = _desks_of_deputies(service, reader)
    able = {member for desk in around for member in desks.let_in(conn, service.key, desk)} - {reader.member}
    if absence.deputy is not None and absence.deputy not in able:
        raise NoDeputy
    absences.save(conn, absence)


def _desks_of_deputies(service: Service, reader: Reader) -> frozenset[DeskName]:
    own = reader.let_in_to
    return own.union(*(service.config.desks[desk].deputies for desk in own))
