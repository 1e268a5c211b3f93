"""Prove that danger which happens now is found in every language, and that what only sounds like it is not."""

import csv
from pathlib import Path

import pytest

from triage.assess import Knowledge, assess
from triage.lexicons import read_lexicons
from triage.model import Kind, Urgency

TABLE = Path(__file__).with_name("danger_cases.tsv")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["lang"])
def test_danger_now_is_acute_and_a_call_for_help(row: dict[str, str], knowledge: Knowledge):
    found = assess(row["text"], knowledge)
    assert (found.urgency, found.kind, found.lang) == (Urgency.ACUTE, Kind.HELP, row["lang"])


def test_the_cases_cover_every_language():
    assert {row["lang"] for row in rows()} == set(dict(read_lexicons()))


@pytest.mark.parametrize("text", ["🆘", "🆘🆘", "help pls no police", "hjälp"])
def test_a_bare_cry_is_help_today(text: str, knowledge: Knowledge):
    found = assess(text, knowledge)
    assert (found.kind, found.urgency) == (Kind.HELP, Urgency.HIGH)


@pytest.mark.parametrize(
    "text",
    [
        "Tyskland: wir kriegen 9 Euro die Stunde auf der Baustelle in Malmö",
        "Praca od rano do nocy w Malmö, zatrudnienie bez umowy",
        "در خونه یک خانواده در مالمو کار می‌کند",
        "Парень из организации в Мальмё пытался помочь рабочим",
        "Hány órát dolgoznak Malmöben?",
    ],
)
def test_ordinary_words_are_no_injury_and_no_war(text: str, knowledge: Knowledge):
    found = assess(text, knowledge)
    assert found.urgency is not Urgency.ACUTE
    assert found.type.value not in ("war_service", "organ")
