"""Prove that the labelled corpus has the shape its guide asks for; must not judge whether a label is true."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from triage.model import Kind, Minor, Type, Urgency

HERE = Path(__file__).parent
GEOGRAPHY = HERE.parents[1] / "triage" / "data"
HALVES = {"seen": "S", "unseen": "U"}
OTHER_TONGUES = "ar fa so ti am ro bg es pt fr th ru uk pl lt sq hu vi zh mn de tr sr ur hi tl"
LANGUAGES = {"sv", "en", *re.findall(r"\w+", OTHER_TONGUES)}  # sr stands for Serbian, Croatian and Bosnian

# Ranges that PTS reserves for fiction, as national numbers: https://www.pts.se (nummer för fiktion).
FICTION = (
    range(46500400, 46500500),  # Stockholm, behind 08
    range(313900600, 313900700),  # Göteborg
    range(406280400, 406280500),  # Malmö
    range(980319200, 980319300),  # Kiruna
    range(701740605, 701740700),  # mobile
)
PHONE = re.compile(r"(?<![\d.,])(?:\+46|0)(?:[ -]?\d){7,}(?!\d)")


def read(half: str) -> list[dict]:
    lines = (HERE / "corpus" / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def table(name: str, key: str) -> dict[str, dict[str, str]]:
    with (GEOGRAPHY / name).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


CASES = [(half, case) for half in HALVES for case in read(half)]
MUNICIPALITIES = table("municipalities.csv", "municipality_code")
COUNTIES = table("counties.csv", "county_code")
REGIONS = {row["region"] for row in COUNTIES.values()}

each = pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for _, case in CASES])


def national(number: str) -> int:
    return int(re.sub(r"\D", "", re.sub(r"^\+46", "", number)))


@each
def test_every_label_is_one_that_triage_can_give(case):
    assert case["kind"] in set(Kind)
    assert case["type"] in set(Type)
    assert case["urgency"] in set(Urgency)
    assert case["minor"] in set(Minor)
    assert case["channel"] in {"web", "sms", "telegram"}
    assert case["lang"] in LANGUAGES
    assert case["hard"] is bool(case.get("why"))


@each
def test_a_place_exists_and_fills_in_upwards(case):
    region, county, municipality = case["region"], case["county"], case["municipality"]
    if municipality is not None:
        assert MUNICIPALITIES[municipality]["county_code"] == county
    if county is not None:
        assert COUNTIES[county]["region"] == region
    assert region is None or region in REGIONS


@each
def test_other_carries_no_case(case):
    if case["kind"] != Kind.OTHER:
        return
    assert (case["type"], case["urgency"], case["minor"]) == (Type.UNCLEAR, Urgency.LOW, Minor.UNKNOWN)
    assert case["region"] is case["county"] is case["municipality"] is None


@each
def test_parts_joined_are_the_text_and_identifiers_stand_in_it(case):
    if "parts" in case:
        assert case["channel"] == "telegram"
        assert "\n".join(case["parts"]) == case["text"]
    assert all(words in case["text"] for words in (*case["pii"], *case["ads"]))


@each
def test_phone_numbers_come_from_the_ranges_of_fiction(case):
    numbers = [national(found) for found in PHONE.findall(case["text"])]
    assert all(any(number in span for span in FICTION) for number in numbers)


@each
def test_links_and_handles_are_nobodys(case):
    found = re.findall(r"https?://\S+|(?<!\w)@\w+", case["text"])
    assert all("example" in address for address in found)


def test_ids_are_unique_and_name_their_half():
    ids = [case["id"] for _, case in CASES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(HALVES[half] + r"\d{3}", case["id"]) for half, case in CASES)


def test_no_text_occurs_twice():
    texts = Counter(" ".join(case["text"].casefold().split()) for _, case in CASES)
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("half", HALVES)
def test_each_half_holds_every_language_county_and_label(half):
    cases = read(half)
    spoken = Counter(case["lang"] for case in cases)
    assert {lang for lang, count in spoken.items() if count >= 4} == LANGUAGES
    assert {case["county"] for case in cases} >= set(COUNTIES)
    for field, labels in (("kind", Kind), ("type", Type), ("urgency", Urgency), ("minor", Minor)):
        assert {case[field] for case in cases} == set(labels)
