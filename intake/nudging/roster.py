"""Who of each desk is there, and who stands on each rung of a chain; opens no case and knows no address."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.config import Config
from intake.logs import log
from intake.model import MemberId
from intake.service import Service
from intake.store import absences, desks
from intake.vault.errors import VaultError
from triage.model import DeskName
from triage.timeline import Rung

_LOG = log(__name__)
NOBODY: frozenset[MemberId] = frozenset()


@dataclass(frozen=True, slots=True)
class Circle:
    """Whoever stands on a rung: members, and whether the desk's number for outside its hours is meant."""

    rung: Rung
    members: frozenset[MemberId] = NOBODY
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """The members of each desk who can read for it and are there, all who can, and who stands in for whom."""

    present: Mapping[DeskName, frozenset[MemberId]]
    readers: Mapping[DeskName, frozenset[MemberId]]
    deputies: Mapping[MemberId, MemberId]

    @property
    def unmanned(self) -> list[DeskName]:
        """The desks that have members, and none of them is there."""
        return sorted(desk for desk, readers in self.readers.items() if readers and not self.present[desk])


def roster(conn: Connection, service: Service, of: Iterable[DeskName], now: datetime) -> Roster:
    """Who of these desks is there at this moment. One whose rows are not what was written counts as left by all."""
    away = absences.away(conn, now)
    readers = {desk: _readers(conn, service, desk) for desk in of}
    present = {desk: frozenset(members - away.keys()) for desk, members in readers.items()}
    deputies = {member: deputy for member, deputy in away.items() if deputy is not None and deputy not in away}
    return Roster(present, readers, deputies)


def circles(config: Config, people: Roster, desk: DeskName, assignee: MemberId | None, rung: Rung) -> Iterator[Circle]:
    """Whom to tell, from a rung upwards and then from the lowest again; at the very last those who are away."""
    order = list(Rung)
    start = order.index(rung)
    for one in order[start:] + order[:start]:
        yield _circle(config, people, desk, assignee, one)
    yield Circle(Rung.DESK, people.readers.get(desk, NOBODY))
    yield Circle(Rung.NATIONAL, people.readers.get(config.national_desk, NOBODY))


def _circle(config: Config, people: Roster, desk: DeskName, assignee: MemberId | None, rung: Rung) -> Circle:
    match rung:
        case Rung.ASSIGNEE:
            return Circle(rung, _holder(people, desk, assignee))
        case Rung.DESK:
            standing_in = {people.deputies[one] for one in people.readers.get(desk, NOBODY) if one in people.deputies}
            return Circle(rung, people.present.get(desk, NOBODY) | standing_in)
        case Rung.DEPUTIES:
            found = (people.present.get(deputy, NOBODY) for deputy in config.desks[desk].deputies)
            return Circle(rung, NOBODY.union(*found))
        case Rung.ON_CALL:
            return Circle(rung, on_call=config.desks[desk].out_of_hours is not None)
        case Rung.NATIONAL:
            return Circle(rung, people.present.get(config.national_desk, NOBODY))


def _holder(people: Roster, desk: DeskName, assignee: MemberId | None) -> frozenset[MemberId]:
    """Whoever has the case in hand and works at the desk, or stands in for them."""
    if assignee is None or assignee not in people.readers.get(desk, NOBODY):
        return NOBODY
    if assignee in people.present[desk]:
        return frozenset({assignee})
    return frozenset({people.deputies[assignee]}) if assignee in people.deputies else NOBODY


def _readers(conn: Connection, service: Service, desk: DeskName) -> frozenset[MemberId]:
    try:
        return desks.let_in(conn, service.key, desk)
    except VaultError as error:
        _LOG.error("a desk's members are not what was written", desk=desk, exception=type(error).__name__)
        return NOBODY
