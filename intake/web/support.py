"""Whom to call, from the packaged directory: numbers by place and hour; knows no page and no person's place."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import resources

from triage.calendar import STOCKHOLM, Calendar, is_open
from triage.model import Duty, Place

GOOD_FOR = timedelta(days=365)
"""How long after it was verified a local number is still shown; national ones are known to stay."""
_UNIT_NAMES = {"mika": "Mika-mottagningen", "kast": "KAST-mottagningen"}
_OFFICE = Duty(days=frozenset(range(5)), opens=time(8), closes=time(16))


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call. `hours` as the directory has them: ``always``, ``office``, ``07-21``; empty is unknown."""

    id: str
    name: str
    phone: str
    url: str
    hours: str
    minors: bool
    audience: frozenset[str]
    counties: frozenset[str]
    municipalities: frozenset[str]
    verified_on: date

    @property
    def tel(self) -> str:
        """The number as a ``tel:`` link has it."""
        return self.phone.replace(" ", "").replace("-", "")

    @property
    def is_national(self) -> bool:
        """Whether it serves the whole country."""
        return not self.counties and not self.municipalities

    def serves(self, place: Place) -> bool:
        """Whether it is there for this place."""
        return self.is_national or place.county in self.counties or place.municipality in self.municipalities

    def is_stale(self, today: date) -> bool:
        """Whether nobody has verified it for so long that it is not shown."""
        return not self.is_national and today - self.verified_on > GOOD_FOR

    def is_open(self, calendar: Calendar, now: datetime) -> bool | None:
        """Whether somebody answers at `now` (aware); None where the directory does not say."""
        office = is_open(_OFFICE, calendar, now)
        local = now.astimezone(STOCKHOLM).time()
        match self.hours.split("-"):
            case ["always"]:
                return True
            case ["office"]:
                return office
            case ["after office hours"]:
                return not office
            case [opens, closes]:
                return time(int(opens)) <= local < time(int(closes))
        return None


@dataclass(frozen=True, slots=True)
class Unit:
    """A counselling unit without a number of its own. `mika`: for who has had sex for payment, `kast`: who buys sex."""

    name: str
    mika: bool
    kast: bool
    counties: frozenset[str]
    municipalities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Support:
    """The directory; `fallback` is how the social emergency service is reached where none is listed."""

    contacts: Mapping[str, Contact] = field(repr=False)
    fallback: str
    units: Sequence[Unit] = ()

    def __getitem__(self, name: str) -> Contact:
        return self.contacts[name]

    def near(self, place: Place, today: date) -> Sequence[Contact]:
        """The local contacts of a place, those that are still good."""
        found = (one for one in self.contacts.values() if not one.is_national and one.serves(place))
        return [one for one in found if not one.is_stale(today)]

    def units_near(self, place: Place) -> Sequence[Unit]:
        """The counselling units of a place."""
        return [one for one in self.units if place.county in one.counties or place.municipality in one.municipalities]

    def stale(self, today: date) -> Sequence[Contact]:
        """What the operator must verify before pages show it again."""
        return [one for one in self.contacts.values() if one.is_stale(today)]


def load_support() -> Support:
    """Read the packaged directory."""
    table = tomllib.loads(resources.files("intake.web").joinpath("support.toml").read_text(encoding="utf-8"))
    as_of = date.fromisoformat(f"{table['as_of']}-01")
    contacts = (_contact(row, as_of) for row in table["contact"])
    units = [_unit(row) for row in table["unit"]]
    return Support({one.id: one for one in contacts}, table["fallback"]["socialjour_via"], units)


def _unit(row: Mapping[str, object]) -> Unit:
    kinds = str(row["kind"]).split("+")
    name = str(row.get("name", "")) or " och ".join(_UNIT_NAMES[kind] for kind in kinds)
    return Unit(name, "mika" in kinds, "kast" in kinds, _words(row.get("counties")), _words(row.get("municipalities")))


def _contact(row: Mapping[str, object], as_of: date) -> Contact:
    verified_on = row.get("verified_on", as_of)
    return Contact(
        id=str(row["id"]),
        name=str(row["name"]),
        phone=str(row.get("phone", "")),
        url=str(row.get("url", "")),
        hours=str(row.get("hours", "")),
        minors=bool(row.get("minors", False)),
        audience=_words(row.get("for")),
        counties=_words(row.get("counties")),
        municipalities=_words(row.get("municipalities")),
        verified_on=verified_on if isinstance(verified_on, date) else as_of,
    )


def _words(value: object) -> frozenset[str]:
    return frozenset(str(word) for word in value) if isinstance(value, Iterable) else frozenset()
