"""A stranger's text, made safe to look at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.inbox.shown import pieces, plain, quotes
from triage.model import Span

ANY_TEXT = st.text(st.characters(codec=None))
SPANS = st.lists(st.builds(Span, st.integers(-5, 60), st.integers(-5, 60)))


@pytest.mark.parametrize("concealing", ["\u202e", "\u2066", "\u2069", "\0", "\x1b", "\x85", "\ud800", "\ufffb"])
def test_what_conceals_is_shown_by_a_stand_in(concealing: str) -> None:
    assert plain(f"a{concealing}b") == "a\ufffdb"


@pytest.mark.parametrize("kept", ["\n", "\t", "\u200f", "\u200d", "é", "e\u0301", "👩‍👧", "ไทย", "\u2028"])
def test_what_belongs_to_writing_stays(kept: str) -> None:
    assert plain(f"a{kept}b") == f"a{kept}b"


@given(ANY_TEXT, SPANS)
def test_pieces_are_the_whole_text_and_can_be_sent(text: str, spans: list[Span]) -> None:
    shown = "".join(piece.text for piece in pieces(text, spans))
    assert shown == plain(text)
    assert len(shown) == len(text)
    shown.encode()


@given(ANY_TEXT, SPANS)
def test_exactly_the_characters_of_the_spans_are_marked(text: str, spans: list[Span]) -> None:
    marked = [piece.marked for piece in pieces(text, spans) for _ in piece.text]
    assert marked == [any(span.start <= at < span.end for span in spans) for at in range(len(text))]


def test_overlapping_spans_make_one_mark() -> None:
    found = pieces("en flicka på 15 år", [Span(3, 12), Span(10, 18)])
    assert [(piece.text, piece.marked) for piece in found] == [("en ", False), ("flicka på 15 år", True)]


def test_a_quote_is_given_once() -> None:
    assert quotes("Umeå, Umeå", [Span(0, 4), Span(6, 10), Span(4, 4), Span(50, 60)]) == ["Umeå"]
