"""Ready answers: ten in each language, the same placeholders, nothing promised that the duties forbid."""

import re

import pytest

from intake.casefile.ready import LANGUAGES, filled_in, hours_in_words, load_ready
from tests.service import make_config

ANSWERS = load_ready()
KEYS = ["received", "safe", "support", "under_18", "reflection", "work", "return", "tip", "professional", "buyer"]
DESK = make_config().desks["syd"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_has_the_ten_in_the_same_order(lang: str):
    assert list(ANSWERS[lang]) == KEYS


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_an_answer_has_the_same_placeholders_and_numbers_in_every_language(lang: str, key: str):
    def told(text: str) -> tuple[list[str], int, list[str]]:
        return sorted(re.findall(r"\{\w+\}", text)), text.count("["), sorted(re.findall(r"\d[\d -]*\d", text))

    assert told(ANSWERS[lang][key].text) == told(ANSWERS["sv"][key].text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_left_to_fill_in_but_what_only_the_coordinator_knows(lang: str):
    for ready in ANSWERS[lang].values():
        text = filled_in(ready, DESK, lang)
        assert "{" not in text
        assert 40 < len(text) < 700


def test_hours_are_said_as_each_language_writes_weekdays():
    assert hours_in_words(DESK.hours, "sv") == "mån–fre 08:00–16:00"
    assert hours_in_words(DESK.hours, "ro") == "lun.–vin. 08:00–16:00"
