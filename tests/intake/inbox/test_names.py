"""Names instead of codes."""

from types import SimpleNamespace

import pytest

from intake.inbox.names import place_name, read_place
from tests.service import GAZETTEER
from triage.model import NOWHERE, Place

SERVICE = SimpleNamespace(gazetteer=GAZETTEER)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place("24", "2480"), "Umeå"),
        (Place("24"), "Västerbotten"),
        (NOWHERE, ""),
        (Place("99"), "99"),
        (Place(municipality="9999"), "9999"),
    ],
)
def test_a_place_is_named_as_narrowly_as_it_is_known(place: Place, name: str) -> None:
    assert place_name(SERVICE, place).startswith(name)
    assert bool(place_name(SERVICE, place)) is bool(name)


def test_counties_that_the_text_leaves_open_are_all_named() -> None:
    assert place_name(SERVICE, Place(among=frozenset({"24", "25"}))).count(" / ") == 1


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("place=2480", Place(municipality="2480")),
        ("place=24", Place(county="24")),
        ("place=24/25", Place(among=frozenset({"24", "25"}))),
        ("place=chosen", None),
        ("place=", None),
        ("minor=yes", None),
    ],
)
def test_a_reason_for_a_place_holds_its_code(label: str, place: Place | None) -> None:
    assert read_place(label) == place
