"""What a text says around the places that it names: languages, cues, prepositions; decides nothing."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from operator import attrgetter, eq
from typing import NamedTuple

from triage.cues import PREPOSITIONS, ByLanguage, Cue, Cued, Cues, Hit, find_cues, languages, look_for
from triage.mentions import Mention
from triage.words import Words

_BETWEEN = 2
"""Words that may stand between a preposition and its name: `i centrala Malmö`, `in the town of Lund`."""

_FEW = 25
"""Who writes fewer than one word in so many with a capital letter inside sentences, leaves them out."""

BEYOND_LATIN = "\u0250"
"""The first letter of no Latin alphabet."""

_OPENING = 100
"""Words at the beginning that tell a text's languages; beyond them only what is around places is read."""

_NEAR = 20
"""Words beyond which no cue speaks of a place; the longest phrases are included."""

_FIRST = attrgetter("first")


class _BySentence(dict[int, Sequence[Hit]]):
    """The cues of each sentence in the languages of the text, found when they are first asked for."""

    def __init__(self, text: Cued, spoken: frozenset[str]) -> None:
        self._text, self._spoken = text, spoken

    def __missing__(self, sentence: int) -> Sequence[Hit]:
        found = self[sentence] = find_cues(self._text, _sentence(self._text.words, sentence), self._spoken)
        return found


@dataclass(frozen=True)
class Read:
    """A text cut into words, with its languages and their cues by sentence.

    `stretches` are what was read to tell the languages, `names` the first words of place names.
    """

    words: Words = field(repr=False)
    cued: Cued = field(repr=False)
    stretches: Sequence[range]
    spoken: frozenset[str]
    cues: Mapping[int, Sequence[Hit]] = field(repr=False)
    after: Mapping[str, ByLanguage] = field(repr=False)
    names: frozenset[int]

    @property
    def small(self) -> bool:
        """Whether the writer uses hardly any capital letter within sentences."""
        capital, inner = self._capitals
        return capital * _FEW < inner

    @property
    def loud(self) -> bool:
        """Whether nearly every word within a sentence has a capital letter."""
        capital, inner = self._capitals
        return capital * 2 > inner

    @cached_property
    def _capitals(self) -> tuple[int, int]:
        """How many words within sentences have a capital letter, and how many there are."""
        goes_on = map(eq, self.words.sentences, self.words.sentences[1:])
        inner = [word[0] for word in compress(self.words.written[1:], goes_on)]
        return sum(map(str.isupper, inner)), len(inner)

    def near(self, mention: Mention) -> Sequence[Hit]:
        """The cues of a place's sentence that begin some words before or after it, in order."""
        hits = self.cues[self.words.sentences[mention.first]]
        first, last = mention.first - _NEAR, mention.last + _NEAR
        return hits[bisect_left(hits, first, key=_FIRST) : bisect_right(hits, last, key=_FIRST)]


class Candidate(NamedTuple):
    """A mention with the cues `near` it, which of them there are, and what its preposition, if any, says."""

    mention: Mention
    near: Sequence[Hit]
    cues: frozenset[Cue]
    lead: Cue | None


def read(words: Words, mentions: Sequence[Mention], cues: Cues, lang: str | None) -> Read:
    """Look for cues in a text, and find out its languages by them."""
    cued, stretches = look_for(words, cues), _stretches(words, mentions)
    spoken = languages(cued, stretches, lang)
    names = frozenset(one.first for one in mentions)
    by_sentence = _BySentence(cued, spoken)
    return Read(words, cued, stretches, spoken, by_sentence, cues.after, names)


def _stretches(words: Words, mentions: Sequence[Mention]) -> Sequence[range]:
    """The opening, and beyond it the sentences with places and those beside them."""
    if len(words) <= _OPENING:
        return [range(len(words))]
    sentences = words.sentences
    around = {sentences[one.first] + step for one in mentions for step in (-1, 0, 1)}
    firsts = sorted(number for number in around if number - 1 not in around)
    lasts = sorted(number for number in around if number + 1 not in around)
    later = [
        range(bisect_left(sentences, first, _OPENING), bisect_right(sentences, last, _OPENING))
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return [range(_OPENING), *later]


def _sentence(words: Words, number: int) -> range:
    """The words of a sentence."""
    first = bisect_left(words.sentences, number)
    return range(first, bisect_right(words.sentences, number, first))


def look_around(mention: Mention, text: Read) -> Candidate:
    """A mention with what stands around it."""
    near = text.near(mention)
    return Candidate(mention, near, frozenset(hit.cue for hit in near), _preposition(mention, near, text))


def _preposition(mention: Mention, near: Sequence[Hit], text: Read) -> Cue | None:
    """What the preposition, postposition or case ending of a name says, if it has any."""
    joined = _said(heard(mention, text), text) if mention.joined else None
    if joined is not None:
        return joined
    words = text.words
    best: Hit | None = None
    for hit in near:
        if hit.cue in PREPOSITIONS and _leads_to(hit, mention, words) and (best is None or hit.end >= best.end):
            best = hit
    if best is not None:
        return best.cue
    after = text.after.get(words.keys[mention.last]) if mention.last < len(words) else None
    if after is None:
        return None
    return _said({lang: cue for lang, cue in after.items() if lang in text.spoken}, text)


def heard(mention: Mention, text: Read) -> ByLanguage:
    """What is joined to a name, in the languages of the text; other scripts than Latin need no such proof."""
    latin = text.words.keys[mention.first][0] < BEYOND_LATIN
    return {lang: cue for lang, cue in mention.joined.items() if lang in text.spoken or not latin}


def _said(by_language: ByLanguage, text: Read) -> Cue | None:
    """What a joined or following bit says, in the languages of the text first."""
    said = sorted(by_language.items(), key=lambda item: item[0] not in text.spoken)
    return next((cue for _, cue in said if cue is not None), None)


def _leads_to(hit: Hit, mention: Mention, words: Words) -> bool:
    if mention.first in words.runs:
        return 0 <= mention.span.start - hit.end <= _BETWEEN
    if not 0 <= mention.first - hit.last <= _BETWEEN or hit.last > mention.first:
        return False
    same_clause = words.clauses[hit.first] == words.clauses[mention.first]
    between = range(hit.last, mention.first)
    return same_clause and not any(words.is_capital(number) or number in words.runs for number in between)
