"""What a list is narrowed to, as its address says it: part is asked of the rows, part of the opened labels."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from intake.casework import Listed
from intake.model import MemberId, Status, Waiting
from intake.service import Service
from intake.store.wanted import Wanted
from triage.model import Assessment, DeskName, Kind, RegionName, Urgency


class Whose(StrEnum):
    """In whose hands a case is."""

    MINE = "mine"
    NOBODY = "nobody"
    FOR_ME = "for_me"
    """In whosever hands: a colleague's note in it is for the reader."""


class Age(StrEnum):
    """Whether a child is, or may be, concerned."""

    CHILD = "child"
    ADULT = "adult"


UNKNOWN_PLACE = "unknown"
LATE = "late"
GOING = "going"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice a matter, empty for all. `going`: what is deleted soon.

    Of a place a region's key, a county's code, or that none is known.
    """

    status: str = ""
    whose: str = ""
    waiting: str = ""
    late: str = ""
    desk: str = ""
    kind: str = ""
    urgency: str = ""
    age: str = ""
    place: str = ""
    going: str = ""

    @property
    def query(self) -> str:
        """The choices as the address says them: it holds no more than these words."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen."""
        return self != Filter()

    def wanted(self, member: MemberId, now: datetime, ahead: timedelta = timedelta(0)) -> Wanted:
        """What an index can answer; `ahead` is how long before its deletion a case is told of."""
        return Wanted(
            status=Status(self.status) if self.status else None,
            assignee=member if self.whose == Whose.MINE else None,
            unassigned=self.whose == Whose.NOBODY,
            waiting=Waiting(self.waiting) if self.waiting else None,
            desk=DeskName(self.desk) if self.desk else None,
            late_at=now if self.late else None,
            mentioned=member if self.whose == Whose.FOR_ME else None,
            gone_by=now + ahead if self.going else None,
        )

    def fits(self, service: Service) -> Callable[[Listed], bool] | None:
        """What only the opened labels can answer; None where nothing is asked of them."""
        if not (self.kind or self.urgency or self.age or self.place):
            return None
        counties = _counties(service, self.place)
        return lambda line: line.labels is not None and self._fits(line.labels, counties)

    def _fits(self, labels: Assessment, counties: frozenset[str]) -> bool:
        where = frozenset({labels.place.county}) if labels.place.county else labels.place.among
        return (
            self.kind in ("", labels.kind)
            and self.urgency in ("", labels.urgency)
            and self.age in ("", Age.CHILD if labels.concerns_child else Age.ADULT)
            and (not self.place or (bool(where & counties) if counties else not where))
        )


def read_filter(service: Service, query: Mapping[str, str]) -> Filter:
    """The choices of an address; what is not known is as good as not there."""
    known: Mapping[str, frozenset[str]] = {
        "status": frozenset(Status) - {Status.CLOSED},
        "whose": frozenset(Whose),
        "waiting": frozenset(Waiting),
        "late": frozenset({LATE}),
        "going": frozenset({GOING}),
        "desk": frozenset(service.config.desks),
        "kind": frozenset(Kind),
        "urgency": frozenset(Urgency),
        "age": frozenset(Age),
        "place": frozenset({UNKNOWN_PLACE, *service.config.regions, *service.gazetteer.counties}),
    }
    given = {one.name: query.get(one.name, "")[:_LONGEST] for one in fields(Filter)}
    return Filter(**{name: value for name, value in given.items() if value in known[name]})


def read_saved(service: Service, query: str) -> Filter:
    """As `read_filter`, of an address's query as text."""
    return read_filter(service, dict(parse_qsl(query[:1000])))


def _counties(service: Service, place: str) -> frozenset[str]:
    """The counties that a chosen place stands for; none for "unknown"."""
    region = service.config.regions.get(RegionName(place))
    if region is not None:
        return region.counties
    return frozenset() if place in ("", UNKNOWN_PLACE) else frozenset({place})
