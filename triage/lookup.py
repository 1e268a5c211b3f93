"""Follows a text along the index of the lexicons; knows no concept and no language."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from operator import attrgetter

from triage.branches import Branch, Form, Index, Others, Piece, Sense
from triage.hits import Find, Read
from triage.lexicons import Lexicons
from triage.words import Words

_GAP = 3
"""Other words that `..` lets stand between two words of an entry."""

_NUMBER = attrgetter("number")
_GAP_LETTERS = 10
"""Letters that it lets stand between two parts of an entry without spaces."""


def look_up(text: Read, lexicons: Lexicons) -> list[Find]:
    """Every word and phrase of every language, in order; which languages to believe is decided elsewhere."""
    found: list[Find] = []
    starts, ends = text.words.starts, text.words.ends
    for number, (forms, following) in enumerate(pairwise((*text.forms, ()))):
        for branch in _branches(forms, lexicons.lenient if text.bare[number] else lexicons.written):
            if branch.sense is not None:
                # As `Find(...)`, without the calls in between.
                found.append(tuple.__new__(Find, (starts[number], ends[number], number, number + 1, branch.sense)))
            if branch.others or not branch.next.keys().isdisjoint(following):
                _go_on(text, number, number + 1, branch, found)
    if text.text.isascii():
        return found
    runs = (find for number in sorted(text.words.runs) for find in _in_run(text.words, number, lexicons))
    more = (*runs, *_symbols(text, lexicons))
    return sorted((*found, *more), key=_NUMBER) if more else found


def _branches(forms: tuple[str, ...], index: Index) -> Iterable[Branch]:
    """The entries whose first word this may be, in any of its forms."""
    if len(forms) == 1:
        return index.known.get(forms[0]) or index.parts.begun(forms[0])
    return [branch for form in forms for branch in index.known.get(form) or index.parts.begun(form)]


def _go_on(text: Read, first: int, after: int, branch: Branch, found: list[Find]) -> None:
    """Find those entries of a branch that go on as the text does; it has been followed up to the word `after`."""
    sentences = text.words.sentences
    if after == len(sentences) or sentences[after] != sentences[first]:
        return
    for form in text.forms[after] if branch.next else ():
        if (longer := branch.next.get(form)) is not None:
            if longer.sense is not None:
                found.append(_found(text.words, first, after + 1, longer.sense))
            if longer.next or longer.others:
                _go_on(text, first, after + 1, longer, found)
    if branch.others and _may_go_on(text, after, branch.others):
        for rest, sense in branch.others.forms:
            if (last := _end(text, after, rest)) is not None:
                found.append(_found(text.words, first, last, sense))


def _may_go_on(text: Read, after: int, others: Others) -> bool:
    """Whether a word comes that may belong to one of them."""
    if others.near and any(form.startswith(others.near) for form in text.forms[after]):
        return True
    coming = chain.from_iterable(text.forms[after : after + 1 + _GAP]) if others.far else ()
    return any(form.startswith(others.far) for form in coming)


def _found(words: Words, number: int, after: int, sense: Sense) -> Find:
    return Find(words.starts[number], words.ends[after - 1], number, after, sense)


def _end(text: Read, number: int, rest: Form) -> int | None:
    """The word after the phrase, or None where the text goes on otherwise."""
    for piece in rest:
        found = _next(text, number, piece)
        if found is None:
            return None
        number = found + 1
    return number


def _next(text: Read, number: int, piece: Piece) -> int | None:
    sentences = text.words.sentences
    farthest = min(len(sentences), number + 1 + (_GAP if piece.gap else 0))
    for index in range(number, farthest):
        if sentences[index] != sentences[number - 1]:
            return None
        if any(piece.fits(form) for form in text.forms[index]):
            return index
    return None


def _in_run(words: Words, number: int, lexicons: Lexicons) -> Iterator[Find]:
    """The entries that begin anywhere in a run of a script without spaces."""
    run, start, last = words.keys[number], words.starts[number], words.ends[number]
    for offset in range(len(run)):
        entries = [entry for _, group in lexicons.runs.of(run, offset) for entry in group]
        for parts, sense in entries:
            if (end := _run_end(run, offset, parts)) is not None:
                yield Find(start + offset, min(last, start + end), number, number + 1, sense)


def _run_end(run: str, offset: int, parts: Iterable[str]) -> int | None:
    end = offset
    for part in parts:
        found = run.find(part, end, end + len(part) + (_GAP_LETTERS if end > offset else 0))
        if found < 0:
            return None
        end = found + len(part)
    return end


def _symbols(text: Read, lexicons: Lexicons) -> Iterator[Find]:
    """Emoji and the like, which are no words."""
    for symbol, sense in lexicons.symbols.items():
        start = text.text.find(symbol)
        if start >= 0:
            number = bisect_right(text.words.ends, start)
            yield Find(start, start + len(symbol), number, number, sense)
