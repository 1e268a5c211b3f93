"""Prove on a sample that danger is found however a message is written; `benchmarks/perturbing.py` measures the rest."""

import json
import random
from collections.abc import Mapping, Sequence
from itertools import islice

import pytest

from benchmarks.perturbations import PERTURBATIONS, Perturbation, in_pieces, one_typo, upper, without_diacritics
from benchmarks.perturbing import Pair, Reader, load_reader, pairs, text_of
from benchmarks.triage_score import BURIED, CORPORA
from triage.assess import Knowledge
from triage.model import Kind, Urgency

OTHERS = 12
EXACT = ("upper case", "lower case", "a greeting before", "diacritics dropped", "signed by a Nora or a Vara")
"""What says the same in other letters, or nothing at all of what happens."""

BARE_AND_SPELT = [
    "jag ar inlast i kallaren pa ett hus och dorren har hanglas\nHälsningar",
    "Hej på er!\ndom har last in mig i ett hus utanfor orebro, jag ar radd\nÅsa",
]


def sample() -> list[str]:
    """Every acute message of `dev.jsonl`, and some of the others."""
    lines = (CORPORA / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line) for line in lines]
    acute = [text_of(one) for one in messages if one["urgency"] == "acute"]
    others = [text_of(one) for one in messages if one["urgency"] != "acute"]
    return [*acute, *islice(others, 0, None, len(others) // OTHERS)]


@pytest.fixture(scope="module")
def reader(knowledge: Knowledge) -> Reader:
    return load_reader(knowledge)


@pytest.fixture(scope="module")
def found(reader: Reader) -> Mapping[str, Sequence[Pair]]:
    known = {text: reader.read((text,)) for text in sample()}
    return {one.name: pairs(known, one, reader, known) for one in PERTURBATIONS}


@pytest.mark.parametrize("name", EXACT)
def test_urgency_hangs_on_no_capital_diacritic_greeting_or_signature(name: str, found: Mapping[str, Sequence[Pair]]):
    assert sum(pair.changed("urgency") for pair in found[name]) <= 1
    assert sum(pair.changed("kind") for pair in found[name]) <= 1


@pytest.mark.parametrize("name", EXACT)
def test_the_region_hangs_on_none_of_them_either(name: str, found: Mapping[str, Sequence[Pair]]):
    assert sum(pair.changed("region") for pair in found[name]) <= 1


@pytest.mark.parametrize("name", [one.name for one in PERTURBATIONS if "typo" not in one.name and not one.apart])
def test_what_is_acute_stays_at_least_high(name: str, found: Mapping[str, Sequence[Pair]]):
    acute = [pair for pair in found[name] if pair.before["urgency"] == Urgency.ACUTE]
    assert acute
    assert not [pair for pair in acute if pair.after["urgency"] in BURIED]


def test_a_message_in_pieces_is_hardly_ever_less_urgent(found: Mapping[str, Sequence[Pair]]):
    assert sum(pair.sank for pair in found["in three pieces, read together"]) <= 1


def test_one_typo_seldom_makes_a_message_less_urgent(found: Mapping[str, Sequence[Pair]]):
    assert sum(pair.sank for pair in found["a typo in one word"]) <= 3


@pytest.mark.parametrize("text", BARE_AND_SPELT)
def test_a_line_without_diacritics_is_read_beside_one_that_has_them(text: str, reader: Reader):
    labels = reader.read((text,))
    assert (labels["kind"], labels["urgency"]) == (Kind.HELP, Urgency.ACUTE)


def test_a_past_of_the_writers_own_makes_what_they_saw_no_past(reader: Reader):
    seen = "Chefen på bygget i Gävle har tagit arbetarnas pass och de får inte gå ut ensamma om kvällarna."
    aside = "Själv bodde jag och min familj förut under många år i Karlstad."
    assert reader.read((seen, aside))["urgency"] == Urgency.HIGH


@pytest.mark.parametrize("one", PERTURBATIONS, ids=lambda one: one.name)
def test_chance_is_the_same_each_time(one: Perturbation):
    texts = [one.change("Hon är inlåst i ett hus i Borås", "sv", random.Random(7)) for _ in range(2)]
    assert texts[0] == texts[1]


def test_a_message_is_written_otherwise_as_it_says():
    text = "Hon är inlåst i Borås"
    assert without_diacritics(text, "sv", random.Random(1)) == ("Hon ar inlast i Boras",)
    assert upper(text, "sv", random.Random(1)) == ("HON ÄR INLÅST I BORÅS",)
    assert " ".join(in_pieces(text, "sv", random.Random(1))) == text
    assert one_typo(text, "sv", random.Random(1))[0] != text
