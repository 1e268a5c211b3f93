"""The place that a text means, by the labelling guide: each line of the table is one sentence of it."""

from pathlib import Path

import pytest

from triage.gazetteer import Gazetteer
from triage.model import Place
from triage.places import decide_place
from triage.tables import load_gazetteer

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "place_cases.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def told(place: Place, gazetteer: Gazetteer) -> str:
    """A place as the table writes it."""
    if place.municipality:
        return gazetteer.municipalities[place.municipality]
    if place.county:
        return gazetteer.counties[place.county]
    return "open" if place.among else "-"


@pytest.mark.parametrize(("expected", "rule", "text"), CASES, ids=[f"{n}-{case[1]}" for n, case in enumerate(CASES)])
def test_the_place_is_where_the_victim_is(expected: str, rule: str, text: str, gazetteer: Gazetteer):
    where = decide_place(text.replace("\\n", "\n"), gazetteer)
    found = told(where.place, gazetteer)
    assert found == expected or (expected == "-" and found == "open" and rule == "vague"), where.reasons
