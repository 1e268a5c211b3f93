"""What is hidden in a text for somebody else's eyes."""

import pytest

from intake.inbox.case.masks import MASK, mask, read_words


@pytest.mark.parametrize(
    ("text", "hidden", "shown"),
    [
        ("Amina bor här", ["Amina"], f"{MASK} bor här"),
        ("AMINA och amina", ["Amina"], f"{MASK} och {MASK}"),
        ("Amina\n Berg", ["Amina Berg"], MASK),
        ("Amina Berg", ["Amina", "Amina Berg"], MASK),
        ("a.b (c)", ["a.b", "(c)"], f"{MASK} {MASK}"),
        ("axb", ["a.b"], "axb"),
        ("أمينة هنا", ["أمينة"], f"{MASK} هنا"),
        ("Amina", [], "Amina"),
        ("Amina", ["", "  "], "Amina"),
    ],
)
def test_every_place_of_a_word_is_hidden(text: str, hidden: list[str], shown: str) -> None:
    assert mask(text, hidden) == shown


def test_words_are_read_one_a_line() -> None:
    assert read_words("Amina\n\n  Berg \n") == ["Amina", "Berg"]
