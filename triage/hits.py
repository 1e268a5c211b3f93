"""Words of the lexicons found in a text, with where they stand; knows no rule and decides nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from triage.concepts import SMALL, Concept
from triage.lexicons import Branch, Entries, Entry, Index, Lexicons, Piece
from triage.model import Span
from triage.words import Word, cut

_GAP = 3
"""Other words that `..` lets stand between two words of an entry."""

_SHORTEST_START, _LONGEST_END = 2, 8
_BREAK = 3.0
"""How many words apart the end of a sentence puts what stands on its two sides."""

_LETTERS_A_WORD = {True: 2.0, False: 4.0}
"""Letters that make a word in Chinese, and in Thai."""

_MOSTLY_BARE = 0.06
"""Share of words with diacritics up to which a text may have left some out."""

_NEAR = 60
"""Hits before a word among which a phrase that holds it is looked for; phrases are short."""

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "ولل", "وب", "ول", "وس", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س")
_SHORTEST_ARABIC = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept in the text. `first` and `last` count words, a sentence's end as several, for distances."""

    concept: Concept
    lang: str
    span: Span
    first: float
    last: float
    clause: int

    def distance(self, other: "Hit") -> float:
        """Words between the two; 0 where they touch or overlap."""
        return max(0.0, other.first - self.last, self.first - other.last)


@dataclass(frozen=True, slots=True)
class Read:
    """A text cut into words, each with its forms for looking up and its position."""

    text: str = field(repr=False)
    words: tuple[Word, ...] = field(repr=False)
    forms: tuple[tuple[str, ...], ...] = field(repr=False)
    at: tuple[float, ...] = field(repr=False)
    bare: bool

    @property
    def length(self) -> float:
        """How many words long the text is."""
        return self.at[-1] - _BREAK * self.words[-1].sentence if self.words else 0.0


def read(text: str) -> Read:
    """Cut a text and place its words."""
    words = cut(text)
    at = [0.0]
    for word in words:
        at.append(at[-1] + _width(word))
    breaks = [word.sentence * _BREAK for word in words]
    accented = sum(1 for word in words if not word.key.isascii() and word.key[0] < "\u0370")
    return Read(
        text=text,
        words=words,
        forms=tuple(_forms(word.key) for word in words),
        at=(*(start + pause for start, pause in zip(at, breaks, strict=False)), at[-1] + (breaks[-1] if breaks else 0)),
        bare=accented <= len(words) * _MOSTLY_BARE,
    )


def find_hits(text: Read, lexicons: Lexicons) -> tuple[Hit, ...]:
    """Every word and phrase of every language, in order; which languages to believe is decided elsewhere."""
    found = [
        *_spaced(text, lexicons.written),
        *_unspaced(text, lexicons.unspaced),
        *_symbols(text, lexicons.symbols),
    ]
    if text.bare:
        found += _spaced(text, lexicons.bare)
    return tuple(sorted(set(found), key=lambda hit: (hit.first, -hit.last)))


def without_parts(hits: Sequence[Hit]) -> list[Hit]:
    """Without small words that are part of a longer phrase: "told me" is no "me", "not allowed out" no "not"."""
    return [hit for place, hit in enumerate(hits) if hit.concept not in SMALL or not _is_part(hit, hits, place)]


def _is_part(hit: Hit, hits: Sequence[Hit], place: int) -> bool:
    """Whether a phrase before it holds the hit: of two with the same start the longer one is before."""
    for other in reversed(hits[max(0, place - _NEAR) : place]):
        longer = other.last - other.first > hit.last - hit.first
        if longer and hit.last <= other.last and other.concept not in (Concept.COMMON, Concept.WRITER, hit.concept):
            return True
    return False


def moved(hit: Hit, concept: Concept) -> Hit:
    """The same words standing for another concept."""
    return replace(hit, concept=concept)


def _width(word: Word) -> float:
    if not word.unspaced:
        return 1.0
    return (word.end - word.start) / _LETTERS_A_WORD[word.key[0] > "\u2e80"]


def _forms(key: str) -> tuple[str, ...]:
    """A word as it is looked up: drawn-out letters short, and in Arabic also without joined particles."""
    if _DRAWN_OUT.search(key) and not key.isnumeric():
        return (_DRAWN_OUT.sub(r"\1", key), _DRAWN_OUT.sub(r"\1\1", key))
    if not "\u0600" <= key[0] <= "\u06ff":
        return (key,)
    short = (key.removeprefix(prefix) for prefix in _ARABIC_PREFIXES if key.startswith(prefix))
    return (key, *(form for form in short if len(form) >= _SHORTEST_ARABIC))


def _spaced(text: Read, index: Index) -> Iterator[Hit]:
    for number, forms in enumerate(text.forms):
        if text.words[number].unspaced:
            continue
        for key in forms:
            for branch in _branches(key, index):
                yield from _along(text, number, branch)
            for entry in _inside(key, index):
                last = _end(text, number + 1, entry.rest[1:])
                if last is not None:
                    yield _hit(text, number, last, entry)


def _branches(key: str, index: Index) -> Iterator[Branch]:
    """The entries whose first word this may be."""
    if (whole := index.whole.get(key)) is not None:
        yield whole
    for size in range(_SHORTEST_START, len(key) + 1):
        if (start := index.start.get(key[:size])) is not None:
            yield start
    for size in range(2, min(_LONGEST_END, len(key)) + 1):
        if (end := index.end.get(key[-size:])) is not None:
            yield end


def _along(text: Read, number: int, branch: Branch) -> Iterator[Hit]:
    """Those entries of a branch that the text goes on as, from its word `number`."""
    for entry in branch.single:
        yield _hit(text, number, number + 1, entry)
    for entry, after in _following(text, number + 1, branch):
        last = _end(text, after, entry.rest)
        if last is not None:
            yield _hit(text, number, last, entry)


def _following(text: Read, number: int, branch: Branch) -> Iterator[tuple[Entry, int]]:
    """Entries that may go on with the word `number`, and from which word on the rest of each must follow."""
    if number < len(text.words) and text.words[number].sentence == text.words[number - 1].sentence:
        for form in text.forms[number]:
            for entry in branch.next.get(form, ()):
                yield entry, number + 1
    for entry in branch.others:
        yield entry, number


def _inside(key: str, index: Index) -> Iterator[Entry]:
    """Entries that may stand anywhere in a word."""
    if not index.inside or key.isascii():
        return
    for offset in range(len(key) - 1):
        for entry in index.inside.get(key[offset : offset + 2], ()):
            if entry.rest[0].text in key:
                yield entry


def _end(text: Read, number: int, rest: Sequence[Piece]) -> int | None:
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


def _hit(text: Read, first: int, last: int, entry: Entry) -> Hit:
    words = text.words
    span = Span(words[first].start, words[last - 1].end)
    return Hit(entry.concept, entry.lang, span, text.at[first], text.at[last - 1] + 1, words[first].clause)


def _unspaced(text: Read, entries: Entries) -> Iterator[Hit]:
    for number, word in enumerate(text.words):
        if not word.unspaced:
            continue
        for offset, letter in enumerate(word.key):
            for entry in entries.get(letter, ()):
                end = _run_end(word.key, offset, entry.rest)
                if end is not None:
                    yield _run_hit(text, number, offset, end, entry)


def _symbols(text: Read, symbols: Entries) -> Iterator[Hit]:
    """Emoji and the like, which are no words."""
    for symbol, entries in symbols.items():
        start = text.text.find(symbol)
        if start < 0:
            continue
        number = sum(1 for word in text.words if word.end <= start)
        for entry in entries:
            at = text.at[number]
            yield Hit(entry.concept, entry.lang, Span(start, start + len(symbol)), at, at, number)


def _run_end(run: str, start: int, rest: Sequence[Piece]) -> int | None:
    for piece in rest:
        found = run.find(piece.text, start, start + len(piece.text) + 10) if piece.gap else start
        if found < 0 or not run.startswith(piece.text, found):
            return None
        start = found + len(piece.text)
    return start


def _run_hit(text: Read, number: int, offset: int, end: int, entry: Entry) -> Hit:
    word = text.words[number]
    letters = _LETTERS_A_WORD[word.key[0] > "\u2e80"]
    first = text.at[number] + offset / letters
    span = Span(word.start + offset, min(word.end, word.start + end))
    return Hit(entry.concept, entry.lang, span, first, text.at[number] + end / letters, word.clause)
