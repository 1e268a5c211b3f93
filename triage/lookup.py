"""Follows a text along the index of the lexicons; knows no concept and no language."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from triage.hits import Find, Read
from triage.lexicons import Branch, Form, Index, Lexicons, Piece, Sense
from triage.words import Word

_GAP = 3
"""Other words that `..` lets stand between two words of an entry."""

_NUMBER = attrgetter("number")
_GAP_LETTERS = 10
"""Letters that it lets stand between two parts of an entry without spaces."""


def look_up(text: Read, lexicons: Lexicons) -> list[Find]:
    """Every word and phrase of every language, in order; which languages to believe is decided elsewhere."""
    found: list[Find] = []
    for number, word in enumerate(text.words):
        if word.unspaced:
            found.extend(_in_run(word, number, lexicons))
            continue
        index = lexicons.lenient if text.bare[number] else lexicons.written
        for form in text.forms[number]:
            for branch in _branches(form, index):
                if branch.sense is not None:
                    found.append(_found(word, word, number, number + 1, branch.sense))
                if branch.next or branch.others:
                    _go_on(text, number, number + 1, branch, found)
    symbols = () if text.text.isascii() else tuple(_symbols(text, lexicons))
    return sorted((*found, *symbols), key=_NUMBER) if symbols else found


def _branches(key: str, index: Index) -> list[Branch]:
    """The entries whose first word this may be."""
    whole = index.whole.get(key)
    found = [] if whole is None else [whole]
    for size in index.start_sizes.get(key[:3]) or index.start_sizes.get(key[:2], ()):
        if size <= len(key) and (start := index.start.get(key[:size])) is not None:
            found.append(start)
    for size in index.end_sizes.get(key[-2:], ()):
        if size <= len(key) and (end := index.end.get(key[-size:])) is not None:
            found.append(end)
    if not key.isascii() and not index.inside.keys().isdisjoint(key):
        found.extend(_inside(key, index))
    return found


def _inside(key: str, index: Index) -> Iterator[Branch]:
    for letter in dict.fromkeys(key[:-1]):
        for text, branch in index.inside.get(letter, ()):
            if text in key:
                yield branch


def _go_on(text: Read, first: int, after: int, branch: Branch, found: list[Find]) -> None:
    """Find those entries of a branch that go on as the text does; it has been followed up to the word `after`."""
    words = text.words
    if after == len(words) or words[after].sentence != words[first].sentence:
        return
    for form in text.forms[after] if branch.next else ():
        if (longer := branch.next.get(form)) is not None:
            if longer.sense is not None:
                found.append(_found(words[first], words[after], first, after + 1, longer.sense))
            _go_on(text, first, after + 1, longer, found)
    for rest, sense in branch.others:
        if (last := _end(text, after, rest)) is not None:
            found.append(_found(words[first], words[last - 1], first, last, sense))


def _found(first: Word, last: Word, number: int, after: int, sense: Sense) -> Find:
    # As `Find(...)`, without the call that a NamedTuple makes in between.
    return tuple.__new__(Find, (first.start, last.end, number, after, sense))


def _end(text: Read, number: int, rest: Form) -> int | None:
    """The word after the phrase, or None where the text goes on otherwise."""
    for piece in rest:
        found = _next(text, number, piece)
        if found is None:
            return None
        number = found + 1
    return number


def _next(text: Read, number: int, piece: Piece) -> int | None:
    farthest = min(len(text.words), number + 1 + (_GAP if piece.gap else 0))
    for index in range(number, farthest):
        if text.words[index].sentence != text.words[number - 1].sentence:
            return None
        if any(piece.fits(form) for form in text.forms[index]):
            return index
    return None


def _in_run(word: Word, number: int, lexicons: Lexicons) -> Iterator[Find]:
    """The entries that begin anywhere in a run of a script without spaces."""
    run = word.key
    for offset, letter in enumerate(run):
        for parts, sense in lexicons.runs.get(letter, ()):
            if run.startswith(parts[0], offset) and (end := _run_end(run, offset, parts)) is not None:
                yield Find(word.start + offset, min(word.end, word.start + end), number, number + 1, sense)


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
            number = sum(1 for word in text.words if word.end <= start)
            yield Find(start, start + len(symbol), number, number, sense)
