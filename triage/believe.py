"""Which mentions are places at all, and which are ordinary words, persons or papers; knows no event."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter, itemgetter

from triage.cues import PREPOSITIONS, ByLanguage, Cue, Cues, Hit, find_cues, languages
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
_FIRST_LETTER = itemgetter(0)

_BESIDE = 3
"""Words between a doubtful name and the place that supports it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text cut into words, with its languages and their cues by sentence.

    `common` are words that are cues, `names` the first words of place names, `small` is true where the writer uses
    hardly any capital letter, `loud` where nearly every word has one.
    """

    words: Words = field(repr=False)
    spoken: frozenset[str]
    cues: Mapping[int, Sequence[Hit]] = field(repr=False)
    common: frozenset[tuple[int, int]] = field(repr=False)
    after: Mapping[str, ByLanguage] = field(repr=False)
    names: frozenset[int]
    small: bool
    loud: bool

    def near(self, mention: Mention) -> Sequence[Hit]:
        """The cues of a place's sentence that begin some words before or after it, in order."""
        hits = self.cues.get(self.words.sentences[mention.first], ())
        first, last = mention.first - _NEAR, mention.last + _NEAR
        return hits[bisect_left(hits, first, key=_FIRST) : bisect_right(hits, last, key=_FIRST)]


def read(words: Words, mentions: Sequence[Mention], cues: Cues, lang: str | None) -> Read:
    """Find out a text's languages, group its cues by sentence and see how its writer uses capital letters."""
    around = {words.sentences[one.first] + step for one in mentions for step in (-1, 0, 1)}
    later = (index for index in range(_OPENING, len(words)) if words.sentences[index] in around)
    found = find_cues(words, chain(range(min(_OPENING, len(words))), later), cues)
    spoken = languages(found, lang)
    hits = [hit for hit in found if not spoken.isdisjoint(hit.langs)]
    names = frozenset(one.first for one in mentions)
    common = frozenset((hit.first, hit.last) for hit in hits if hit.first in names and hit.cue is not Cue.TOWN)
    small, loud = _capitals(words)
    return Read(words, spoken, _by_sentence(hits, words), common, cues.after, names, small, loud)


def _by_sentence(hits: Iterable[Hit], words: Words) -> Mapping[int, Sequence[Hit]]:
    grouped: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.cue is not Cue.COMMON:
            grouped[words.sentences[hit.first]].append(hit)
    return dict(grouped)


def _capitals(words: Words) -> tuple[bool, bool]:
    """Whether hardly any word within a sentence has a capital letter, and whether nearly every one has."""
    sentences = words.sentences
    inner = [
        word for word, before, here in zip(words.written[1:], sentences, sentences[1:], strict=False) if before == here
    ]
    capital = sum(map(str.isupper, map(_FIRST_LETTER, inner)))
    return capital * _FEW < len(inner), capital * 2 > len(inner)


def preposition(mention: Mention, text: Read) -> Cue | None:
    """What the preposition, postposition or case ending of a name says, if it has any."""
    joined = _said(_heard(mention, text), text)
    if joined is not None:
        return joined
    words = text.words
    best: Hit | None = None
    for hit in text.near(mention):
        if hit.cue in PREPOSITIONS and _leads_to(hit, mention, words) and (best is None or hit.end >= best.end):
            best = hit
    if best is not None:
        return best.cue
    if mention.last == len(words):
        return None
    after = text.after.get(words.keys[mention.last], {})
    return _said({lang: cue for lang, cue in after.items() if lang in text.spoken}, text)


def _heard(mention: Mention, text: Read) -> ByLanguage:
    """What is joined to a name, in the languages of the text; other scripts than Latin need no such proof."""
    latin = text.words.keys[mention.first][0] < _BEYOND_LATIN
    return {lang: cue for lang, cue in mention.joined.items() if lang in text.spoken or not latin}


def _said(by_language: ByLanguage, text: Read) -> Cue | None:
    """What a joined or following bit says, in the languages of the text first."""
    said = sorted(by_language.items(), key=lambda item: item[0] not in text.spoken)
    return next((cue for _, cue in said if cue is not None), None)


def believed(mentions: Sequence[Mention], text: Read) -> list[Mention]:
    """The mentions that are places: sure ones, and those that a sure one beside them supports."""
    possible = [one for one in mentions if one.name.needs is not Needs.NEVER and not _is_word(one, text)]
    judged = [(one, _is_sure(one, text)) for one in possible]
    sure = [one for one, is_sure in judged if is_sure]
    return [one for one, is_sure in judged if is_sure or _is_supported(one, sure, text)]


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
    named = mention.first in text.words.runs or (mention.capital and not _opens(mention.first, text))
    return not named and (mention.first, mention.last) in text.common


def _is_sure(mention: Mention, text: Read) -> bool:
    if mention.form is Form.NUMBER:
        return True
    if _is_person(mention, text):
        return False
    led = preposition(mention, text) is not None or _is_called_town(mention, text)
    return _SURE[mention.form](mention, led, mention.capital or text.small, text)


def _as_written(mention: Mention, led: bool, written: bool, text: Read) -> bool:
    """A name in its own spelling: sure, unless it is a word or a person's name too."""
    if mention.capital and mention.name.needs is not Needs.TOWN and _is_in_another_script(mention, text):
        return True
    match mention.name.needs:
        case Needs.NOTHING | Needs.EXACT:
            return written or led or not mention.name.foreign
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


def _is_supported(mention: Mention, sure: Sequence[Mention], text: Read) -> bool:
    """Whether a place in the same municipality is in the text, or one in the same county beside the doubtful name."""
    if _is_person(mention, text) or not (mention.capital or text.small):
        return False
    led = preposition(mention, text) is not None
    for other in sure:
        near = max(mention.first - other.last, other.first - mention.last) < _BESIDE
        if not mention.name.municipalities.isdisjoint(other.name.municipalities) and (led or mention.capital):
            return True
        if (led or (near and mention.capital)) and not mention.name.counties.isdisjoint(other.name.counties):
            return True
    return False


def _is_person(mention: Mention, text: Read) -> bool:
    """Whether a name that people bear too stands as a person's: beside another name, or after `heter`."""
    words = text.words
    if not mention.capital:
        return False
    if mention.name.needs in (Needs.NOTHING, Needs.EXACT):
        return _is_surname(mention, text)
    told = any(hit.cue is Cue.PERSON and 0 <= mention.first - hit.last <= 1 for hit in text.near(mention))
    if told or text.loud:
        return told or _signs(mention, text)
    before = mention.first > 0 and words.gaps[mention.first] == " " and words.is_capital(mention.first - 1)
    after = mention.last < len(words) and words.gaps[mention.last] == " " and words.is_capital(mention.last)
    return after or (before and not _follows_preposition(mention, text)) or _signs(mention, text)


def _signs(mention: Mention, text: Read) -> bool:
    """Whether a name stands last, after the close of a letter, on its line or on the next: "Mvh Nora"."""
    words = text.words
    if mention.last < len(words) and "\n" not in words.gaps[mention.last]:
        return False
    sentence = words.sentences[mention.first]
    near = (hit for number in (sentence - 1, sentence) for hit in text.cues.get(number, ()))
    return any(hit.cue is Cue.CLOSING and hit.last == mention.first for hit in near)


def _is_surname(mention: Mention, text: Read) -> bool:
    """Whether a name that is nothing else follows a first name after `heter`: "she is called Linnea Kalmar"."""
    words, first = text.words, mention.first - 1
    if first < 0 or words.gaps[mention.first] != " " or not words.is_capital(first):
        return False
    return any(hit.cue is Cue.PERSON and hit.last == first for hit in text.near(mention))


def _follows_preposition(mention: Mention, text: Read) -> bool:
    return any(hit.last == mention.first and hit.cue in PREPOSITIONS for hit in text.near(mention))


def _opens(index: int, text: Read) -> bool:
    """Whether a word has its capital only for opening a sentence."""
    return index == 0 or text.words.sentences[index - 1] != text.words.sentences[index]


def _is_called_town(mention: Mention, text: Read) -> bool:
    return any(
        hit.cue is Cue.TOWN and (hit.first == mention.last or hit.last == mention.first) for hit in text.near(mention)
    )


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
