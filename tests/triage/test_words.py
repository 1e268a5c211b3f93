"""Texts cut into words in every script, on the characters of the original."""

import unicodedata
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.words import cut, folded, key_of


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Hej, Örebro!", ["hej", "örebro"]),
        ("Göteborgs-Posten", ["göteborgs", "posten"]),
        ("मैं माल्मो में", ["मैं", "माल्मो", "में"]),
        ("የምኖረው በማልሞ", ["የምኖረው", "በማልሞ"]),
        ("في مَالمو", ["في", "مالمو"]),
        ("می‌خواهند", ["ميخواهند"]),
        ("в Гётеборге", ["в", "гетеборге"]),
        ("我在Malmö工作", ["我在", "malmö", "工作"]),
        ("snake_case", ["snake", "case"]),
        ("ـــ", ["ـــ"]),
        ("\u064b \u093c", ["\u064b", "\u093c"]),
    ],
)
def test_words_are_looked_up_without_what_writers_leave_out(text: str, keys: list[str]):
    assert cut(text).keys == keys


@pytest.mark.parametrize(
    ("text", "sentences", "clauses"),
    [
        ("ett två", [0, 0], [0, 0]),
        ("ett, två", [0, 0], [0, 1]),
        ("ett. två", [0, 1], [0, 1]),
        ("ett\nTvå", [0, 1], [0, 1]),
        ("ett\ntvå", [0, 0], [0, 1]),
        ("ett\n\ntvå", [0, 1], [0, 1]),
        ("ett.\ntvå", [0, 1], [0, 1]),
        ("واحد؟ اثنان، ثلاثة", [0, 1, 1], [0, 1, 2]),
        ("一。二", [0, 1], [0, 1]),
    ],
)
def test_marks_part_sentences_and_clauses(text: str, sentences: list[int], clauses: list[int]):
    words = cut(text)
    assert (words.sentences, words.clauses) == (sentences, clauses)


@pytest.mark.parametrize(("key", "plain"), [("malmö", "malmo"), ("gøteborg", "goteborg"), ("łódź", "lodz"), ("a", "a")])
def test_a_folded_key_has_no_diacritics(key: str, plain: str):
    assert folded(key) == plain


@given(st.text(max_size=200))
def test_words_stand_in_order_on_the_original_text(text: str):
    words = cut(text)
    places = list(zip(words.starts, words.ends, strict=True))
    assert all(before <= after for before, after in pairwise(chain.from_iterable(places)))
    assert [text[start:end] for start, end in places] == words.written
    assert [key_of(word) for word in words.written] == words.keys


@given(st.text(alphabet="åäöéüÅÄÖ ma", max_size=40))
def test_composed_and_decomposed_letters_are_one(text: str):
    decomposed = unicodedata.normalize("NFD", text)
    assert cut(decomposed).keys == cut(unicodedata.normalize("NFC", text)).keys


def test_words_stay_out_of_what_is_printed():
    assert "hemligt" not in repr(cut("hemligt"))
