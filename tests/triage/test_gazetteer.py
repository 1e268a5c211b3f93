"""The names of Sweden: the packaged tables, the place that a person chose, the search field."""

import csv
from importlib import resources

import pytest

from triage.gazetteer import Gazetteer, Needs, UnknownPlace, place_from_choice, search_places
from triage.model import NOWHERE, Place

DATA = resources.files("triage") / "data"
TABLES = ["ambiguous", "area_codes", "areas", "counties", "municipalities", "names", "places", "postcodes"]


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / f"{table}.csv").read_text(encoding="utf-8").splitlines()))


def test_all_municipalities_lie_in_the_21_counties(gazetteer: Gazetteer):
    assert len(gazetteer.municipalities) == 290
    assert {code[:2] for code in gazetteer.municipalities} == set(gazetteer.counties)
    assert len(gazetteer.counties) == 21


@pytest.mark.parametrize("table", TABLES)
def test_no_table_knows_a_region(table: str):
    assert not any("region" in column for column in rows(table)[0])


def test_every_code_in_every_table_is_one_of_scb(gazetteer: Gazetteer):
    known = set(gazetteer.municipalities) | set(gazetteer.counties) | {row["name"] for row in rows("areas")}
    codes = [row["municipality"] for row in rows("places")]
    codes += [row["target"] for row in rows("names")]
    codes += [code for row in rows("area_codes") for code in f"{row['municipalities']} {row['counties']}".split()]
    codes += [code for row in rows("postcodes") for code in f"{row['municipality']} {row['county']}".split()]
    codes += [code for row in rows("areas") for code in row["counties"].split()]
    assert set(codes) <= known


def test_every_need_in_the_table_has_a_rule():
    assert {row["needs"] for row in rows("ambiguous")} <= {need.value for need in Needs}


@pytest.mark.parametrize(
    ("county", "municipality", "expected"),
    [
        (None, None, NOWHERE),
        ("14", None, Place("14")),
        ("14", "1480", Place("14", "1480")),
        (None, "1480", Place("14", "1480")),
    ],
)
def test_a_chosen_municipality_brings_its_county(county, municipality, expected, gazetteer: Gazetteer):
    assert place_from_choice(county, municipality, gazetteer) == expected


@pytest.mark.parametrize(("county", "municipality"), [("02", None), ("14", "9999"), ("01", "1480"), ("", "x")])
def test_a_choice_that_is_none_is_refused(county, municipality, gazetteer: Gazetteer):
    with pytest.raises(UnknownPlace):
        place_from_choice(county, municipality, gazetteer)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("goteb", "Göteborg"),
        ("GÖTEB", "Göteborg"),
        ("skan", "Skåne län"),
        ("rosengå", "Rosengård, Malmö"),
        ("  umeå ", "Umeå"),
    ],
)
def test_the_search_field_needs_no_diacritics(query: str, first: str, gazetteer: Gazetteer):
    assert search_places(query, gazetteer)[0].label == first


def test_the_search_field_lists_wider_places_first_and_no_more_than_asked(gazetteer: Gazetteer):
    found = search_places("s", gazetteer, limit=30)
    assert len(found) == 30
    assert found[0].label == "Skåne län"


@pytest.mark.parametrize("query", ["", "   ", "zzz", "\u0301"])
def test_the_search_field_finds_nothing_for_nothing(query: str, gazetteer: Gazetteer):
    assert search_places(query, gazetteer) == []


def test_a_namesake_keeps_all_its_meanings(gazetteer: Gazetteer):
    name = gazetteer.exact["smedby"][0][1]
    assert name.municipalities == {"0581", "0880"}


def test_names_stay_out_of_what_is_printed(gazetteer: Gazetteer):
    assert "Smedby" not in repr(gazetteer)
