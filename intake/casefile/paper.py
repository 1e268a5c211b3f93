"""A copy of a case as PDF: Latin, Cyrillic, Greek, Thai and Arabic script, shaped as they are read; knows no page.

fpdf2 lays out, HarfBuzz shapes (without it Thai marks and Arabic letters fall apart), Noto's fonts come with us.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from unicodedata import bidirectional

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from intake.casefile.export import Copy
from intake.model import Direction

_FONT, _FALLBACK = "NotoSans", ("NotoSansThai", "NotoSansArabic")
_LINE, _MARGIN = 5.5, 20
_TITLE, _HEAD, _TEXT = 16, 9, 11
_DIRECTED = frozenset({"L", "R", "AL", "EN", "AN"})
_MOST_UNDIRECTED = 100
"""fpdf2 looks for the next letter with a direction by recursion: a thousand emoji or empty lines would end it."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The words around the text, in the language of whoever takes the copy; `facts` stand on top."""

    title: str
    facts: Mapping[str, str] = field(repr=False)
    speakers: Mapping[Direction, str]
    at: Callable[[datetime], str]
    remarks: str
    file: str
    sorts: Mapping[str, str]


def to_pdf(copy: Copy, labels: Labels) -> bytes:
    """The copy as a PDF of A4 pages."""
    paper = _blank_paper()
    _line(paper, f"{labels.title} {copy.found.case.id[:5]}", _TITLE)
    for name, value in labels.facts.items():
        _line(paper, f"{name}: {value}", _HEAD)
    for message in copy.found.messages:
        _piece(paper, f"{labels.speakers[message.direction]} · {labels.at(message.sent_at)}", message.text)
    _casework(paper, copy, labels)
    return bytes(paper.output())


def _casework(paper: FPDF, copy: Copy, labels: Labels) -> None:
    if copy.found.remarks:
        _line(paper, labels.remarks, _TITLE)
    for remark in copy.found.remarks:
        _piece(paper, f"{remark.login} · {labels.at(remark.at)}", remark.text)
    if copy.file.history:
        _line(paper, labels.file, _TITLE)
    for entry in copy.file.history:
        _piece(paper, f"{labels.sorts[entry.fact.sort]} · {labels.at(entry.at)}", " · ".join(entry.words))


def _blank_paper() -> FPDF:
    paper = FPDF(format="A4")
    paper.set_margin(_MARGIN)
    paper.set_auto_page_break(True, _MARGIN)
    with ExitStack() as stack:
        for name in (_FONT, *_FALLBACK):
            font = resources.files("intake").joinpath("fonts", f"{name}-Regular.ttf")
            paper.add_font(name, fname=stack.enter_context(resources.as_file(font)))
    paper.set_fallback_fonts(list(_FALLBACK), exact_match=False)
    paper.set_text_shaping(True)
    paper.add_page()
    return paper


def _piece(paper: FPDF, head: str, text: str) -> None:
    paper.ln(3)
    _line(paper, head, _HEAD)
    _line(paper, text, _TEXT)


def _line(paper: FPDF, text: str, size: int) -> None:
    paper.set_font(_FONT, size=size)
    # Half a surrogate, which some text may hold, has no glyph and no encoding.
    shown = text.encode("utf-8", "replace").decode()
    for piece in _pieces(shown):
        paper.multi_cell(0, _LINE * size / _TEXT, piece, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _pieces(text: str) -> Iterator[str]:
    """The lines of a text, cut too where so many signs stand in a row that have no direction."""
    for line in text.split("\n"):
        begin = undirected = 0
        for at, sign in enumerate(line):
            undirected = 0 if bidirectional(sign) in _DIRECTED else undirected + 1
            if undirected == _MOST_UNDIRECTED:
                yield line[begin:at]
                begin, undirected = at, 1
        yield line[begin:]
