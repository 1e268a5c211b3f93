"""Prove that the labelled corpus has the shape its guide asks for; must not judge whether a label is true."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.triage.languages import WANTED
from triage.model import Kind, Minor, Type, Urgency

HERE = Path(__file__).parent
GEOGRAPHY = HERE.parents[1] / "triage" / "data"
HALVES = {"seen": "S", "unseen": "U"}
OTHERS = {"learn": "L", "held": "H", "blind": "B"}
PARTS = HALVES | OTHERS

# Ranges that PTS reserves for fiction, as national numbers: https://www.pts.se (nummer för fiktion).
FICTION = (
    range(46500400, 46500500),  # Stockholm, behind 08
    range(313900600, 313900700),  # Göteborg
    range(406280400, 406280500),  # Malmö
    range(980319200, 980319300),  # Kiruna
    range(701740605, 701740700),  # mobile
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@\w+")
PHONE = re.compile(r"(?<![\d.,])(?:\+46|0)(?:[ -]?\d){7,}(?!\d)")


def read(half: str) -> list[dict]:
    lines = (HERE / "corpus" / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def codes(name: str) -> frozenset[str]:
    with (GEOGRAPHY / name).open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


CASES = [(part, case) for part in PARTS for case in read(part)]
MUNICIPALITIES = codes("municipalities.csv")
COUNTIES = codes("counties.csv")
REGIONS = {
    "Nord": {"22", "23", "24", "25"},
    "Mitt": {"03", "19", "21"},
    "Stockholm": {"01", "09"},
    "Bergslagen": {"17", "18", "20"},
    "Öst": {"04", "05", "06"},
    "Väst": {"13", "14"},
    "Syd": {"07", "08", "10", "12"},
}


def ids_that_break(rule: Callable[[dict], bool]) -> list[str]:
    return [case["id"] for _, case in CASES if not rule(case)]


def has_labels_that_exist(case: dict) -> bool:
    vocabulary = {"kind": Kind, "type": Type, "urgency": Urgency, "minor": Minor}
    return (
        all(case[field] in set(labels) for field, labels in vocabulary.items())
        and case["channel"] in {"web", "sms", "telegram"}
        and case["lang"] in WANTED
        and case["hard"] is bool(case.get("why"))
    )


def has_a_place_that_exists(case: dict) -> bool:
    region, county, municipality = case["region"], case["county"], case["municipality"]
    if municipality is not None:
        return municipality in MUNICIPALITIES and municipality[:2] == county and county in REGIONS[region]
    if county is not None:
        return county in COUNTIES & REGIONS[region]
    return region is None or region in REGIONS


def is_empty_if_other(case: dict) -> bool:
    if case["kind"] != Kind.OTHER:
        return True
    labels = (case["type"], case["urgency"], case["minor"], case["region"])
    return labels == (Type.UNCLEAR, Urgency.LOW, Minor.UNKNOWN, None)


def has_parts_that_are_the_text(case: dict) -> bool:
    parts = case.get("parts", [case["text"]])
    return "\n".join(parts) == case["text"] and ("parts" not in case or case["channel"] == "telegram")


def quotes_its_identifiers(case: dict) -> bool:
    return all(words in case["text"] for words in (*case["pii"], *case["ads"]))


def calls_nobody(case: dict) -> bool:
    numbers = [int(re.sub(r"^46|\D", "", found.removeprefix("+"))) for found in PHONE.findall(case["text"])]
    return all(any(number in span for span in FICTION) for number in numbers)


def links_to_nobody(case: dict) -> bool:
    return all("example" in address for address in ADDRESS.findall(case["text"]))


@pytest.mark.parametrize(
    "rule",
    [
        has_labels_that_exist,
        has_a_place_that_exists,
        is_empty_if_other,
        has_parts_that_are_the_text,
        quotes_its_identifiers,
        calls_nobody,
        links_to_nobody,
    ],
)
def test_every_message(rule):
    assert ids_that_break(rule) == []


def test_ids_are_unique_and_name_their_part():
    ids = [case["id"] for _, case in CASES]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(PARTS[part] + r"\d{3,4}", case["id"]) for part, case in CASES)


def test_no_text_occurs_twice():
    texts = Counter(" ".join(case["text"].casefold().split()) for _, case in CASES)
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("half", HALVES)
def test_each_half_holds_every_language_county_and_label(half):
    cases = read(half)
    spoken = Counter(case["lang"] for case in cases)
    assert {lang for lang, count in spoken.items() if count >= 4} == WANTED
    assert {case["county"] for case in cases} >= COUNTIES
    for field, labels in (("kind", Kind), ("type", Type), ("urgency", Urgency), ("minor", Minor)):
        assert {case[field] for case in cases} == set(labels)
