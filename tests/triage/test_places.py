"""The place that a text means, by the labelling guide: each line of the table is one sentence of it."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.gazetteer import Gazetteer
from triage.model import Doubt, Place
from triage.places import decide_place
from triage.words import folded, key_of

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "place_cases.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


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


CARRIERS = [
    "En tjej hålls på ett hotell i {name}.",
    "A girl is kept in a flat in {name} and cannot leave.",
    "Estoy en {name} y no puedo salir",
    "我在{name}，帮帮我",
]


@pytest.mark.parametrize("carrier", CARRIERS)
def test_all_290_municipalities_are_found_after_a_preposition(carrier: str, gazetteer: Gazetteer):
    missed = {
        name
        for code, name in gazetteer.municipalities.items()
        if decide_place(carrier.format(name=name), gazetteer).place.municipality != code
    }
    assert not missed


def test_nearly_all_municipalities_are_found_as_typed_on_a_foreign_keyboard(gazetteer: Gazetteer):
    text = "hjalp mig jag ar i {name} och far inte ga ut"
    missed = {
        name
        for code, name in gazetteer.municipalities.items()
        if decide_place(text.format(name=folded(key_of(name))), gazetteer).place.municipality != code
    }
    words = {"Trosa", "Kinda", "Mark", "Vara", "Nora", "Sala", "Mora", "Berg"}
    assert missed <= words | {"Håbo", "Malå", "Vännäs", "Åre", "Ånge", "Åmål", "Skara"}


def test_a_reason_names_the_place_and_the_cue(gazetteer: Gazetteer):
    text = "Förra året var de i Arvika, nu hyr de en villa i Karlstad."
    (reason,) = decide_place(text, gazetteer).reasons
    assert (reason.label, reason.rule) == ("place=1780", "place.now")
    assert [text[span.start : span.end] for span in reason.spans] == ["Karlstad", "nu"]


def test_spans_hold_on_the_original_text_when_it_is_decomposed(gazetteer: Gazetteer):
    text = unicodedata.normalize("NFD", "Tre kvinnor på ett hotell i Växjö varje natt")
    (reason,) = decide_place(text, gazetteer).reasons
    assert unicodedata.normalize("NFC", text[reason.spans[0].start : reason.spans[0].end]) == "Växjö"


def test_a_place_of_the_past_only_is_doubted(gazetteer: Gazetteer):
    assert Doubt.PLACE in decide_place("Förra året såldes hon i Växjö", gazetteer).doubts
    assert Doubt.PLACE not in decide_place("Hon säljs i Växjö", gazetteer).doubts


@given(st.text(max_size=300))
def test_any_text_at_all_is_read(gazetteer: Gazetteer, text: str):
    where = decide_place(text, gazetteer)
    assert all(0 <= span.start < span.end <= len(text) for reason in where.reasons for span in reason.spans)
