"""Words of the lexicons found in a text, with where they stand; knows no rule and decides nothing."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from triage.branches import Sense
from triage.concepts import SMALL, Concept
from triage.model import Span
from triage.words import Words, cut

_BREAK = 3.0
"""How many words apart the end of a sentence puts what stands on its two sides."""

_LETTERS_A_WORD = {True: 2.0, False: 4.0}
"""Letters that make a word in Chinese, and in Thai."""

_MOSTLY_BARE = 0.06
"""Share of words with diacritics up to which a text may have left some out."""

_OWN_LINE = 4
"""Words from which on a line shows by itself whether its writer leaves diacritics out."""

_LONGEST = 24.0
"""Words that no hit is longer than."""

_MANY = 12
"""Hits from which on a search for the near ones is sooner done than a look at all."""

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_PERHAPS_DRAWN_OUT = re.compile(r"(.)\1\1", re.IGNORECASE)
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_PREFIXES = frozenset(
    ("وال", "بال", "فال", "كال", "ولل", "وب", "ول", "وس", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س")
)
_ARABIC_OPENINGS = frozenset(prefix[0] for prefix in _ARABIC_PREFIXES)
_LONGEST_PREFIX, _SHORTEST_ARABIC = 3, 3


class Hit(NamedTuple):
    """A concept in the text. `first` and `last` count words, a sentence's end as several, for distances.

    A tuple, because a page has hundreds.
    """

    concept: Concept
    lang: str
    start: int
    end: int
    first: float
    last: float
    clause: int

    @property
    def span(self) -> Span:
        """The characters."""
        return Span(self.start, self.end)

    def distance(self, other: "Hit") -> float:
        """Words between the two; 0 where they touch or overlap."""
        return max(0.0, other.first - self.last, self.first - other.last)

    def holds(self, other: "Hit") -> bool:
        """Whether the other is a part of it."""
        return self.start <= other.start and other.end <= self.end and self.end - self.start > other.end - other.start


@dataclass(frozen=True, slots=True)
class Read:
    """A text cut into words, each with its forms for looking up and its position."""

    text: str = field(repr=False)
    words: Words = field(repr=False)
    forms: Sequence[tuple[str, ...]] = field(repr=False)
    at: Sequence[float] = field(repr=False)
    bare: Sequence[bool] = field(repr=False)
    """Of each word whether its writer may have left diacritics out there."""

    @property
    def length(self) -> float:
        """How many words long the text is."""
        return self.at[-1] - _BREAK * self.words.sentences[-1] if self.words else 0.0


def read(text: str) -> Read:
    """Cut a text and place its words."""
    words = cut(text)
    plain = text.isascii()
    forms: list[tuple[str, ...]] = [*zip(words.keys, strict=True)]
    if _PERHAPS_DRAWN_OUT.search(text) or not (plain or _ARABIC.search(text) is None):
        forms = [_forms(key) for key in words.keys]
    return Read(text, words, forms, _at(words), [True] * len(words) if plain else _bare(words))


def _bare(words: Words) -> Sequence[bool]:
    """All words of a text with hardly a diacritic, else those of such a line: two keyboards may have written it."""
    accented = [not key.isascii() and key < _LAST_LATIN for key in words.keys]
    if _is_bare(accented):
        return [True] * len(words)
    begins = [number for number, gap in enumerate(words.gaps) if number == 0 or "\n" in gap]
    bare: list[bool] = []
    for first, after in pairwise((*begins, len(words))):
        line = accented[first:after]
        bare.extend([len(line) >= _OWN_LINE and _is_bare(line)] * len(line))
    return bare


_LAST_LATIN = "\u0370"
"""The first letter after those of Latin alphabets, with their marks."""


def _is_bare(accented: Sequence[bool]) -> bool:
    return sum(accented) <= len(accented) * _MOSTLY_BARE


def _at(words: Words) -> list[float]:
    """Where each word begins, and where the last one ends."""
    if not words:
        return [0.0]
    at = [number + _BREAK * sentence for number, sentence in enumerate(words.sentences)]
    at.append(len(words) + _BREAK * words.sentences[-1])
    if not words.runs:
        return at
    widths = [_width(words, number) - 1 if number in words.runs else 0.0 for number in range(len(words))]
    return [place + passed for place, passed in zip(at, accumulate(widths, initial=0.0), strict=True)]


def _width(words: Words, number: int) -> float:
    return (words.ends[number] - words.starts[number]) / _LETTERS_A_WORD[words.keys[number][0] > "\u2e80"]


def _forms(key: str) -> tuple[str, ...]:
    """A word as it is looked up: drawn-out letters short, and in Arabic also without joined particles."""
    if _DRAWN_OUT.search(key) and not key.isnumeric():
        return (_DRAWN_OUT.sub(r"\1", key), _DRAWN_OUT.sub(r"\1\1", key))
    if key[0] not in _ARABIC_OPENINGS:
        return (key,)
    longest = min(_LONGEST_PREFIX, len(key) - _SHORTEST_ARABIC)
    return (key, *(key[size:] for size in range(longest, 0, -1) if key[:size] in _ARABIC_PREFIXES))


class Find(NamedTuple):
    """A word or phrase of some languages in the text: characters, words from `number` up to, not including, `after`."""

    start: int
    end: int
    number: int
    after: int
    sense: Sense


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text says in the languages that it is in: hits in order, of two that begin alike the longer one first."""

    text: Read
    spoken: frozenset[str]
    finds: Sequence[Find] = field(repr=False)
    hits: Sequence[Hit] = field(repr=False)

    def is_common(self, number: int) -> bool:
        """Whether a word is one of the commonest of those languages."""
        finds = self.finds[bisect_left(self.finds, number, key=_NUMBER) : bisect_right(self.finds, number, key=_NUMBER)]
        return any(not self.spoken.isdisjoint(find.sense.common) for find in finds)


def hear(text: Read, finds: Sequence[Find], spoken: frozenset[str]) -> Heard:
    """Believe those finds, which are in order, that are in a language that is spoken."""
    found: list[tuple[float, float, Hit]] = []
    for find in finds:
        start, end, _, _, (_, _, concepts) = find
        for lang in concepts.keys() & spoken:
            first, last, clause = _place(text, find)
            for concept in concepts[lang]:
                # As `Hit(...)`, without the call that a NamedTuple makes in between.
                found.append((first, -last, tuple.__new__(Hit, (concept, lang, start, end, first, last, clause))))
    found.sort()
    return Heard(text, spoken, finds, [hit for (_, _, hit), _ in groupby(found)])


def _place(text: Read, find: Find) -> tuple[float, float, int]:
    """First and last word of a find, and its clause; an emoji, which is no word, stands before the next one."""
    start, end, number, after, _ = find
    words, first = text.words, text.at[number]
    if number == after:
        return first, first, number
    if number not in words.runs:
        return first, text.at[after - 1] + 1, words.clauses[number]
    letters, opens = _LETTERS_A_WORD[words.keys[number][0] > "\u2e80"], words.starts[number]
    return first + (start - opens) / letters, first + (end - opens) / letters, words.clauses[number]


_SAYS_WHO = frozenset({Concept.WRITER, Concept.OTHERS})
"""Concepts whose phrases only say who: their parts speak for themselves, as the men of "four men" do."""


def without_parts(hits: Iterable[Hit]) -> list[Hit]:
    """Without small words that are part of a longer phrase: "told me" is no "me", "not allowed out" no "not".

    The hits come in order, so that a phrase is before its parts.
    """
    kept: list[Hit] = []
    around: list[Hit] = []
    for hit in hits:
        if hit.concept in SMALL:
            around = [phrase for phrase in around if phrase.last > hit.first]
            if around and any(_takes_in(phrase, hit) for phrase in around):
                continue
        kept.append(hit)
        if hit.concept not in _SAYS_WHO:
            around.append(hit)
    return kept


def _takes_in(phrase: Hit, hit: Hit) -> bool:
    longer = phrase.last - phrase.first > hit.last - hit.first
    return longer and hit.last <= phrase.last and phrase.concept is not hit.concept


def beginning(hits: Sequence[Hit], earliest: float, latest: float) -> Sequence[Hit]:
    """Those that begin between two words, both included; they must be in order."""
    return hits[bisect_left(hits, earliest, key=_FIRST) : bisect_right(hits, latest, key=_FIRST)]


def beside(hits: Sequence[Hit], hit: Hit, reach: float) -> Sequence[Hit]:
    """Those at most so many words away from a hit; they must be in order."""
    earliest, latest = hit.first - reach, hit.last + reach
    near = hits if len(hits) < _MANY else beginning(hits, earliest - _LONGEST, latest)
    return [other for other in near if other.first <= latest and other.last >= earliest]


_FIRST = attrgetter("first")
_NUMBER = attrgetter("number")
