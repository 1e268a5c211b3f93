"""The names of Sweden as a value: which municipality or counties a name means; knows no text and no region."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from triage.cues import Cues
from triage.model import NOWHERE, Place
from triage.starts import Starts
from triage.words import folded, key_of


class NameKind(StrEnum):
    """What a name is the name of."""

    MUNICIPALITY = "municipality"
    LOCALITY = "locality"
    DISTRICT = "district"
    LANDMARK = "landmark"
    COUNTY = "county"
    PROVINCE = "province"
    POSTCODE = "postcode"
    AREA_CODE = "area code"


class Needs(StrEnum):
    """What must stand around a name that is also an ordinary word or a person's name (`ambiguous.csv`)."""

    NOTHING = ""
    EXACT = "exact"
    CAPITAL = "capital"
    PREPOSITION = "preposition"
    CUE = "cue"
    NAME = "name"
    TOWN = "town"
    NEVER = "never"


class UnknownPlace(Exception):
    """A code is none of SCB's, or the municipality does not lie in the county."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name and all it may mean: municipalities, or counties where it is wider than a municipality.

    `prefer` is the municipality that it means where nothing tells otherwise.
    """

    text: str
    kind: NameKind
    municipalities: frozenset[str]
    counties: frozenset[str]
    needs: Needs = Needs.NOTHING
    prefer: str = ""
    foreign: bool = False

    def meaning(self, municipalities: frozenset[str]) -> "Name":
        """The same name where it means these municipalities only."""
        return replace(self, municipalities=municipalities, counties=frozenset(code[:2] for code in municipalities))


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that a person may pick from a list: what to show, and what it stands for."""

    label: str
    kind: NameKind
    place: Place


LEFT = 4
"""Letters that are left of a name at least when its ending is taken off."""

Index = Mapping[str, tuple[tuple[tuple[str, ...], Name], ...]]
"""First word -> the words that follow, and the name; the longest first."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names, indexed, with the cue words that decide between them; load it once (`tables.load_gazetteer`).

    Most words are seen to be no name by three looks, without diacritics: `single` are the names of one word,
    `longer` the first words of the others with the second ones, `bending`, by the first letters of every name, what an
    ending may be joined to.
    """

    counties: Mapping[str, str]
    municipalities: Mapping[str, str]
    exact: Index = field(repr=False)
    plain: Index = field(repr=False)
    unspaced: Starts[Name] = field(repr=False)
    stems: Mapping[str, Name] = field(repr=False)
    single: frozenset[str] = field(repr=False)
    longer: Mapping[str, frozenset[str]] = field(repr=False)
    bending: Mapping[str, tuple[str, ...]] = field(repr=False)
    postcodes: Mapping[str, Name] = field(repr=False)
    area_codes: Mapping[str, Name] = field(repr=False)
    choices: tuple[tuple[str, Choice], ...] = field(repr=False)
    cues: Cues = field(repr=False)


def place_from_choice(county: str | None, municipality: str | None, gazetteer: Gazetteer) -> Place:
    """The place that a person chose; a municipality brings its county along.

    Raises:
        UnknownPlace: a code is none of SCB's, or the two contradict each other.
    """
    if municipality is None:
        if county is not None and county not in gazetteer.counties:
            raise UnknownPlace
        return Place(county=county) if county else NOWHERE
    if municipality not in gazetteer.municipalities or county not in (None, municipality[:2]):
        raise UnknownPlace
    return Place(county=municipality[:2], municipality=municipality)


def search_places(query: str, gazetteer: Gazetteer, limit: int = 20) -> list[Choice]:
    """Counties, municipalities and places whose name begins with `query`, with or without diacritics."""
    wanted = folded(key_of(query.strip()))
    if not wanted:
        return []
    found = (choice for key, choice in gazetteer.choices if key.startswith(wanted))
    return [choice for choice, _ in zip(found, range(limit), strict=False)]
