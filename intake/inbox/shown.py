"""A stranger's text made safe to look at, with the words marked that a label came from; knows no template."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from triage.model import Span

_CONCEALING = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)
"""Controls, and the marks that turn the order of letters around: they can make a text read as what it is not.
Surrogates cannot be sent at all: one of them in a message would make the whole case unreadable."""

_STAND_IN = "\ufffd"
_RUNS = re.compile(b"\0+|\1+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marked` where some label came from it."""

    text: str = field(repr=False)
    marked: bool


def plain(text: str) -> str:
    """The text with a stand-in for each character that conceals; as long as before, so that spans still fit."""
    return _CONCEALING.sub(_STAND_IN, text.replace("\r\n", " \n").replace("\r", "\n"))


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Cut a text at the edges of these spans; they may overlap, and what lies outside the text is left out."""
    safe = plain(text)
    marked = bytearray(len(safe))
    for span in spans:
        start = min(max(span.start, 0), len(safe))
        end = max(min(span.end, len(safe)), start)
        marked[start:end] = b"\1" * (end - start)
    return [Piece(safe[run.start() : run.end()], run[0][0] == 1) for run in _RUNS.finditer(marked)]


def quotes(text: str, spans: Iterable[Span]) -> list[str]:
    """The words that spans point at, each once, in the order of the spans."""
    safe = plain(text)
    words = (safe[max(span.start, 0) : max(span.end, 0)].strip() for span in spans)
    return list(dict.fromkeys(word for word in words if word))
