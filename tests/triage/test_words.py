"""Texts cut into words in every script, on the characters of the original."""

import unicodedata
from itertools import pairwise

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
    assert [word.key for word in cut(text)] == keys


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
    assert [word.sentence for word in words] == sentences
    assert [word.clause for word in words] == clauses


@pytest.mark.parametrize(("key", "plain"), [("malmö", "malmo"), ("gøteborg", "goteborg"), ("łódź", "lodz"), ("a", "a")])
def test_a_folded_key_has_no_diacritics(key: str, plain: str):
    assert folded(key) == plain


@given(st.text(max_size=200))
def test_words_stand_in_order_on_the_original_text(text: str):
    words = cut(text)
    assert all(before.end <= after.start for before, after in pairwise(words))
    assert all(key_of(text[word.start : word.end]) == word.key for word in words)


@given(st.text(alphabet="åäöéüÅÄÖ ma", max_size=40))
def test_composed_and_decomposed_letters_are_one(text: str):
    decomposed = unicodedata.normalize("NFD", text)
    assert [word.key for word in cut(decomposed)] == [word.key for word in cut(unicodedata.normalize("NFC", text))]


def test_words_stay_out_of_what_is_printed():
    assert "hemligt" not in repr(cut("hemligt"))
