"""Postcodes and area codes: what is one, and what is money, a date or a mobile number."""

import pytest

from triage.gazetteer import Gazetteer
from triage.numbers import find_area_codes, find_postcodes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("411 05 Göteborg", ["1480"]),
        ("SE-411 05", ["1480"]),
        ("S-41105 Göteborg", ["1480"]),
        ("postnummer: 972 31", ["2580"]),
        ("den har 791 70 som postnummer", ["2080"]),
        ("zip code 22100", ["1281"]),
        ("211 22, Malmö", ["1280"]),
        ("150 00 kronor", []),
        ("15000 Sek", []),
        ("ring 070-174 06 05 Malmö", []),
        ("2026-11-21 Malmö", []),
        ("12 345 67", []),
    ],
)
def test_a_postcode_is_marked_or_stands_before_a_place(text: str, expected: list[str], gazetteer: Gazetteer):
    assert [code for _, name in find_postcodes(text, gazetteer) for code in name.municipalities] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("063-10 00 00", ["2380"]),
        ("+46 63 10 00 00", ["2380"]),
        ("0046 (0)63 100000", ["2380"]),
        ("031/390 06 00", ["1480"]),
        ("0980-319 200", ["2584"]),
        ("08-465 004 00", ["0180"]),
        ("070-174 06 05", []),
        ("+46 70 174 06 05", []),
        ("+48 63 10 00 00", []),
        ("063-10", []),
        ("0631000001234567", []),
    ],
)
def test_an_area_code_begins_a_swedish_fixed_number(text: str, expected: list[str], gazetteer: Gazetteer):
    assert [code for _, name in find_area_codes(text, gazetteer) for code in name.municipalities] == expected


def test_the_span_covers_the_number_as_written(gazetteer: Gazetteer):
    text = "Nr i annonsen: 063-10 00 00, kväll"
    ((span, _),) = find_area_codes(text, gazetteer)
    assert text[span.start : span.end] == "063-10 00 00"
