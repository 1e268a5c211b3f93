"""Which mentions are places at all, and which are ordinary words, persons or papers; knows no event."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, compress
from operator import attrgetter, eq
from typing import NamedTuple

from triage.cues import PREPOSITIONS, ByLanguage, Cue, Cued, Cues, Hit, find_cues, languages, look_for
from triage.gazetteer import Needs
from triage.mentions import Form, Mention
from triage.words import Words

_BETWEEN = 2
"""Words that may stand between a preposition and its name: `i centrala Malmö`, `in the town of Lund`."""

_TRUSTED_LENGTH = 5
"""Letters from which a name without its diacritics is hardly another word (those that are stand in `ambiguous.csv`)."""

_UNDENIABLE_LENGTH = 7
"""Letters from which a name with a case ending is believed in whatever language the ending is."""

_SHORTEST_PLAIN = 3
"""Letters of a name that may not be more for it to count without its diacritics."""

_FEW = 25
"""Who writes fewer than one word in so many with a capital letter inside sentences, leaves them out."""

_BEYOND_LATIN = "\u0250"
"""The first letter of no Latin alphabet."""

_OPENING = 100
"""Words at the beginning that tell a text's languages; beyond them only what is around places is read."""

_NEAR = 20
"""Words beyond which no cue speaks of a place; the longest phrases are included."""

_FIRST = attrgetter("first")

_BESIDE = 3
"""Words between a doubtful name and the place that supports it."""


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


def _candidate(mention: Mention, text: Read) -> Candidate:
    near = text.near(mention)
    return Candidate(mention, near, frozenset(hit.cue for hit in near), _preposition(mention, near, text))


def _preposition(mention: Mention, near: Sequence[Hit], text: Read) -> Cue | None:
    """What the preposition, postposition or case ending of a name says, if it has any."""
    joined = _said(_heard(mention, text), text) if mention.joined else None
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


def _heard(mention: Mention, text: Read) -> ByLanguage:
    """What is joined to a name, in the languages of the text; other scripts than Latin need no such proof."""
    latin = text.words.keys[mention.first][0] < _BEYOND_LATIN
    return {lang: cue for lang, cue in mention.joined.items() if lang in text.spoken or not latin}


def _said(by_language: ByLanguage, text: Read) -> Cue | None:
    """What a joined or following bit says, in the languages of the text first."""
    said = sorted(by_language.items(), key=lambda item: item[0] not in text.spoken)
    return next((cue for _, cue in said if cue is not None), None)


def believed(mentions: Sequence[Mention], text: Read) -> list[Candidate]:
    """The mentions that are places: sure ones, and those that a sure one beside them supports."""
    possible = [mention for mention in mentions if mention.name.needs is not Needs.NEVER]
    sure = {number: one for number, mention in enumerate(possible) if (one := _sure(mention, text)) is not None}
    places = [one.mention for one in sure.values()]
    doubted = ((number, mention) for number, mention in enumerate(possible) if number not in sure)
    supported = {number: one for number, mention in doubted if (one := _supported(mention, places, text)) is not None}
    return [one for _, one in sorted((sure | supported).items())]


def _sure(mention: Mention, text: Read) -> Candidate | None:
    """What stands around a name that is a place, whatever else the text says."""
    if (mention.name.needs in _WORDS and not mention.capital) or _is_word(mention, text):
        return None
    one = _candidate(mention, text)
    return one if _is_sure(one, text) else None


_NAMES_ONLY = frozenset({Needs.NOTHING, Needs.EXACT})
"""What names need that are no words besides."""

_WORDS = frozenset({Needs.CUE, Needs.NAME, Needs.TOWN})
"""What names need that are so common words that written as words they are not sure."""


def _supported(mention: Mention, sure: Sequence[Mention], text: Read) -> Candidate | None:
    """What stands around a name with a preposition, or beside or within a sure place, and in the same county."""
    related = [other for other in sure if not mention.name.counties.isdisjoint(other.name.counties)]
    if not related or not (mention.capital or text.small) or _is_word(mention, text):
        return None
    one = _candidate(mention, text)
    led = one.lead is not None
    is_supported = led or (mention.capital and any(_belong_together(mention, other) for other in related))
    return one if is_supported and not _is_person(one, text) else None


def _belong_together(mention: Mention, other: Mention) -> bool:
    """Whether two names of one county stand beside each other or lie in the same municipality."""
    near = max(mention.first - other.last, other.first - mention.last) < _BESIDE
    return near or not mention.name.municipalities.isdisjoint(other.name.municipalities)


def _leads_to(hit: Hit, mention: Mention, words: Words) -> bool:
    if mention.first in words.runs:
        return 0 <= mention.span.start - hit.end <= _BETWEEN
    if not 0 <= mention.first - hit.last <= _BETWEEN or hit.last > mention.first:
        return False
    same_clause = words.clauses[hit.first] == words.clauses[mention.first]
    between = range(hit.last, mention.first)
    return same_clause and not any(words.is_capital(number) or number in words.runs for number in between)


def _is_word(mention: Mention, text: Read) -> bool:
    """Whether the name is one of the commonest words of the text's languages, and not written as a name within it."""
    if mention.first in text.words.runs or (mention.capital and not _opens(mention.first, text)):
        return False
    rest = tuple(text.words.keys[mention.first + 1 : mention.last])
    said = [one for one in text.cued.begun[mention.first].phrases if one.rest == rest]
    return any(one.cue is not Cue.TOWN and not text.spoken.isdisjoint(one.langs) for one in said)


def _is_sure(one: Candidate, text: Read) -> bool:
    mention = one.mention
    if mention.form is Form.NUMBER:
        return True
    if _is_person(one, text):
        return False
    led = one.lead is not None or _is_called_town(one)
    return _SURE[mention.form](mention, led, mention.capital or text.small, text)


def _as_written(mention: Mention, led: bool, written: bool, text: Read) -> bool:
    """A name in its own spelling: sure, unless it is a word or a person's name too."""
    if mention.name.needs in _NAMES_ONLY:
        return written or led or not mention.name.foreign
    if mention.capital and mention.name.needs is not Needs.TOWN and _is_in_another_script(mention, text):
        return True
    match mention.name.needs:
        case Needs.CAPITAL:
            return mention.capital or led or (written and _stands_alone(mention, text))
        case Needs.PREPOSITION:
            return (written and led) or (written and _stands_alone(mention, text))
        case Needs.CUE:
            return mention.capital and (led or _stands_alone(mention, text))
        case Needs.NAME:
            return mention.capital and led
        case _:
            return False


def _without_diacritics(mention: Mention, led: bool, written: bool, _: Read) -> bool:
    match mention.name.needs:
        case Needs.NOTHING:
            return led or (written and len(mention.name.text) >= _TRUSTED_LENGTH)
        case Needs.PREPOSITION | Needs.CAPITAL:
            return led and len(mention.name.text) > _SHORTEST_PLAIN
        case _:
            return False


def _with_ending(mention: Mention, led: bool, written: bool, text: Read) -> bool:
    size = text.words.ends[mention.first] - text.words.starts[mention.first]
    native = bool(_heard(mention, text))
    if mention.name.needs is Needs.PREPOSITION:
        return led and native
    return written if native else (led or mention.capital) and size >= _UNDENIABLE_LENGTH


_SURE: Mapping[Form, Callable[[Mention, bool, bool, Read], bool]] = {
    Form.EXACT: _as_written,
    Form.PLAIN: _without_diacritics,
    Form.INFLECTED: _with_ending,
}


def _is_person(one: Candidate, text: Read) -> bool:
    """Whether a name that people bear too stands as a person's: beside another name, or after `heter`."""
    mention, words = one.mention, text.words
    if not mention.capital:
        return False
    if mention.name.needs in _NAMES_ONLY:
        return _is_surname(one, text)
    told = Cue.PERSON in one.cues and any(
        hit.cue is Cue.PERSON and 0 <= mention.first - hit.last <= 1 for hit in one.near
    )
    if told or text.loud:
        return told or _signs(mention, text)
    before = mention.first > 0 and words.gaps[mention.first] == " " and words.is_capital(mention.first - 1)
    after = mention.last < len(words) and words.gaps[mention.last] == " " and words.is_capital(mention.last)
    return after or (before and not _follows_preposition(one)) or _signs(mention, text)


def _signs(mention: Mention, text: Read) -> bool:
    """Whether a name stands last, after the close of a letter, on its line or on the next: "Mvh Nora"."""
    words = text.words
    if mention.last < len(words) and "\n" not in words.gaps[mention.last]:
        return False
    sentence = words.sentences[mention.first]
    near = chain(text.cues[sentence - 1], text.cues[sentence])
    return any(hit.last == mention.first and hit.cue is Cue.CLOSING for hit in near)


def _is_surname(one: Candidate, text: Read) -> bool:
    """Whether a name that is nothing else follows a first name after `heter`: "she is called Linnea Kalmar"."""
    words, before = text.words, one.mention.first - 1
    if Cue.PERSON not in one.cues or before < 0 or words.gaps[before + 1] != " " or not words.is_capital(before):
        return False
    return any(hit.cue is Cue.PERSON and hit.last == before for hit in one.near)


def _follows_preposition(one: Candidate) -> bool:
    return any(hit.last == one.mention.first and hit.cue in PREPOSITIONS for hit in one.near)


def _opens(index: int, text: Read) -> bool:
    """Whether a word has its capital only for opening a sentence."""
    return index == 0 or text.words.sentences[index - 1] != text.words.sentences[index]


def _is_called_town(one: Candidate) -> bool:
    if Cue.TOWN not in one.cues:
        return False
    first, last = one.mention.first, one.mention.last
    return any(hit.cue is Cue.TOWN and (hit.first == last or hit.last == first) for hit in one.near)


def _is_in_another_script(mention: Mention, text: Read) -> bool:
    """Whether a Latin name stands between words of another script, where hardly anything else is written in Latin."""
    keys = text.words.keys
    beside = (*keys[max(0, mention.first - 1) : mention.first], *keys[mention.last : mention.last + 1])
    return keys[mention.first][0] < _BEYOND_LATIN and any(key[0] >= _BEYOND_LATIN for key in beside)


def _stands_alone(mention: Mention, text: Read) -> bool:
    """Whether the name is all that its clause says: a signature, a line of its own, the end of an address."""
    words = text.words
    before, after = mention.first - 1, mention.last
    clause = words.clauses[mention.first]
    opens = before < 0 or words.clauses[before] != clause
    return opens and (after >= len(words) or words.clauses[after] != clause)
