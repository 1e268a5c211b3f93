"""Counting as the networks do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridges.segments import Encoding, segments

CASES = (
    ("nothing", "", 0, Encoding.GSM7, 0),
    ("full GSM-7", "a" * 160, 1, Encoding.GSM7, 160),
    ("one too many", "a" * 161, 2, Encoding.GSM7, 161),
    ("two full parts", "a" * 306, 2, Encoding.GSM7, 306),
    ("three parts", "a" * 307, 3, Encoding.GSM7, 307),
    ("å ä ö é stay", "åäöé" * 40, 1, Encoding.GSM7, 160),
    ("signs that count two", "^{}\\[]~|€", 1, Encoding.GSM7, 18),
    ("euro signs over the edge", "€" * 81, 2, Encoding.GSM7, 162),
    ("an escape pair is not cut", "a" * 152 + "€" + "a" * 152, 3, Encoding.GSM7, 306),
    ("ç turns it all", "ç" + "a" * 69, 1, Encoding.UCS2, 70),
    ("curly quotes", "“hej”", 1, Encoding.UCS2, 5),
    ("long dash", "hej – då", 1, Encoding.UCS2, 8),
    ("full UCS-2", "ж" * 70, 1, Encoding.UCS2, 70),
    ("UCS-2 in two", "ж" * 71, 2, Encoding.UCS2, 71),
    ("UCS-2 two full", "ж" * 134, 2, Encoding.UCS2, 134),
    ("UCS-2 in three", "ж" * 135, 3, Encoding.UCS2, 135),
    ("emoji count two", "🙂" * 35, 1, Encoding.UCS2, 70),
    ("a surrogate pair is not cut", "ж" * 66 + "🙂" + "ж" * 66, 3, Encoding.UCS2, 134),
    ("the automatic answer in Swedish", "Hej! Meddelandet kom fram. Vi läser vardagar 8-16.", 1, Encoding.GSM7, 50),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_text_is_counted_as_it_is_billed(case):
    _, text, parts, encoding, units = case
    assert segments(text) == (parts, encoding, units)


@given(st.text(max_size=400))
def test_parts_hold_the_text_and_not_much_more(text):
    parts, encoding, units = segments(text)
    room = 153 if encoding is Encoding.GSM7 else 67
    assert parts * room + 7 >= units
    assert parts <= 1 or units > (parts - 1) * (room - 1)
