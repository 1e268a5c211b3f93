"""Prove that every language has every section, says nothing twice, and can be found as written and as typed."""

import tomllib
from collections import Counter
from importlib import resources

import pytest

from tests.triage.languages import WANTED
from triage.concepts import OPTIONAL, Concept
from triage.entries import entries, pieces
from triage.hits import hear, read
from triage.lexicons import Lexicons, read_lexicons, sections_of
from triage.lookup import look_up

FILES = dict(read_lexicons())
REQUIRED = {concept.value for concept in set(Concept) - OPTIONAL}


def concepts_in(text: str, lexicons: Lexicons) -> set[Concept]:
    words = read(text)
    return {hit.concept for hit in hear(words, look_up(words, lexicons), lexicons.languages).hits}


def test_no_file_is_for_a_language_that_the_service_does_not_name():
    assert set(FILES) <= WANTED


def test_the_files_are_toml():
    folder = resources.files("triage") / "lexicon"
    assert {lang: tomllib.loads((folder / f"{lang}.toml").read_text(encoding="utf-8")) for lang in FILES} == FILES


@pytest.mark.parametrize(
    "damaged", ['sex = "a, b', "sex = 'a'", 'sex = "a\nb"', 'sex = "a" # b', 'sex = "a"\nsex = "b"', 'sex = "a\\"b"']
)
def test_a_damaged_file_is_refused(damaged: str):
    assert sections_of('# words\n\nsex = "a, b"\n') == {"sex": "a, b"}
    with pytest.raises(ValueError, match="section"):
        sections_of(damaged)


@pytest.mark.parametrize("lang", FILES)
def test_a_language_has_every_section_and_no_unknown_one(lang: str):
    sections = set(FILES[lang]) - {"numbers"}
    assert REQUIRED - sections == set()
    assert sections <= {concept.value for concept in Concept}


@pytest.mark.parametrize("lang", FILES)
def test_no_section_is_empty_and_none_says_a_word_twice(lang: str):
    twice = {}
    for section, words in FILES[lang].items():
        assert entries(words), section
        counts = Counter(entries(words))
        twice |= {f"{section}: {word}": count for word, count in counts.items() if count > 1}
    assert twice == {}


@pytest.mark.parametrize(
    ("typed", "concept"),
    [
        ("inlåst", Concept.LOCKED),
        ("inlast", Concept.LOCKED),
        ("INLÅST", Concept.LOCKED),
        ("inlaast", Concept.LOCKED),
        ("heeelp", Concept.HELP),
        ("помогите", Concept.HELP),
        ("pomogite", Concept.HELP),
        ("туслаарай", Concept.HELP),
        ("tuslaarai", Concept.HELP),
        ("пасош", Concept.PAPERS),
    ],
)
def test_a_word_is_found_as_written_and_as_typed(typed: str, concept: Concept, lexicons: Lexicons):
    assert concept in concepts_in(typed, lexicons)


def test_dots_let_other_words_stand_between(lexicons: Lexicons):
    assert Concept.BUYER in concepts_in("han betalade en ung tjej för sex", lexicons)
    assert len(pieces("betal* .. för sex")) == 3


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence(lexicons: Lexicons):
    assert Concept.BUYER not in concepts_in("Han betalade. För sex år sedan.", lexicons)
