"""Place names in a text, each with the words it came from; knows no grammar beyond the bits joined to a name."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from operator import itemgetter

from triage.cues import ByLanguage, Cues
from triage.gazetteer import LEFT, Gazetteer, Index, Name, Needs
from triage.model import Span
from triage.numbers import find_area_codes, find_postcodes
from triage.words import SWEDISH, Words, folded

_MAY_BEND = frozenset({Needs.NOTHING, Needs.EXACT, Needs.CAPITAL, Needs.PREPOSITION})
"""Names that an ending leaves recognisable; the others are words with endings of their own."""

_LONGEST_ENDING, _LONGEST_PREFIX = 8, 3

_DIGIT = re.compile(r"\d")
_FIRST_LETTER = itemgetter(0)


class Form(StrEnum):
    """How close the words in the text are to the name."""

    EXACT = "exact"
    PLAIN = "plain"
    INFLECTED = "inflected"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in the text: characters `span`, words from `first` up to, not including, `last`.

    `joined` is what the bit joined to it says, by language; `capital` whether it is written as names are.
    """

    span: Span
    name: Name = field(repr=False)
    form: Form
    first: int
    last: int
    capital: bool
    joined: ByLanguage = field(default_factory=dict)


def find_in(text: str, words: Words, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Every name in the text that may be a place, in order, without overlaps; what they mean is decided elsewhere.

    `words` are the text's own, cut before.
    """
    found = [*_names(words, gazetteer), *_runs(words, gazetteer), *_numbers(text, words, gazetteer)]
    return tuple(sorted(found, key=lambda mention: mention.span.start))


def _names(words: Words, gazetteer: Gazetteer) -> Iterator[Mention]:
    end = 0
    for index in _promising(words, gazetteer):
        mention = None if index < end or index in words.runs else _at(words, index, gazetteer)
        if mention is not None:
            end = mention.last
            yield mention


def _promising(words: Words, gazetteer: Gazetteer) -> list[int]:
    """The words that may begin a name: most cannot, which is soon seen."""
    keys, single, longer, bending = words.keys, gazetteer.single, gazetteer.longer, gazetteer.bending
    begun = [
        index
        for index, bare in enumerate(words.bare)
        if (bases := bending.get(bare[:LEFT])) is not None
        and (
            bare in single
            or bare.startswith(bases)
            or (bare in longer and not longer[bare].isdisjoint(keys[index + 1 : index + 2]))
        )
    ]
    prefixed = gazetteer.cues.prefixed
    if prefixed.isdisjoint(map(_FIRST_LETTER, keys)):
        return begun
    return sorted({*begun, *(index for index, key in enumerate(keys) if key[0] in prefixed)})


def _at(words: Words, index: int, gazetteer: Gazetteer) -> Mention | None:
    """The name that begins at a word: as it is, without diacritics, or with something joined to it."""
    key, bare = words.keys[index], words.bare[index]
    if bare in gazetteer.single or bare in gazetteer.longer:
        mention = _whole(words, index, gazetteer)
        if mention is not None:
            return mention
    if key[0] in gazetteer.cues.prefixed or bare.startswith(gazetteer.bending.get(bare[:LEFT], ())):
        return _inflected(words, index, gazetteer)
    return None


def _whole(words: Words, index: int, gazetteer: Gazetteer) -> Mention | None:
    """The name that begins at a word as it is, or else without diacritics."""
    key, bare = words.keys[index], words.bare[index]
    found = _longest(gazetteer.exact, key, words.keys, index)
    if found is not None:
        return _mention(words, index, found[1], found[0], Form.EXACT)
    if bare is not key and not SWEDISH.isdisjoint(key):
        return None
    found = _longest(gazetteer.plain, bare, words.keys, index) or _longest(gazetteer.exact, bare, words.keys, index)
    return None if found is None else _mention(words, index, found[1], found[0], Form.PLAIN)


def _longest(names: Index, first: str, keys: Sequence[str], index: int) -> tuple[Name, int] | None:
    for rest, name in names.get(first, ()):
        last = index + 1 + len(rest)
        if not rest or rest == tuple(keys[index + 1 : last]):
            return name, last
    return None


def _mention(words: Words, first: int, last: int, name: Name, form: Form, joined: ByLanguage | None = None) -> Mention:
    span = Span(words.starts[first], words.ends[last - 1])
    return Mention(span, name, form, first, last, words.is_capital(first), joined or {})


def _inflected(words: Words, index: int, gazetteer: Gazetteer) -> Mention | None:
    """A name of one word with a case ending or a joined preposition (`Malmössä`, `Уппсале`, `بمالمو`)."""
    bare = _stripped(words.keys[index], gazetteer.cues)
    if not bare:
        return None
    whole = ((_single(base, gazetteer), joined) for base, joined in bare)
    stems = ((gazetteer.stems.get(base), joined) for base, joined in bare)
    for name, joined in chain(whole, stems):
        if name is not None and name.needs in _MAY_BEND:
            return _mention(words, index, index + 1, name, Form.INFLECTED, joined)
    return None


def _stripped(key: str, cues: Cues) -> list[tuple[str, ByLanguage]]:
    """The word without what may be joined to it, and what that says; the longest bit first."""
    before, after = cues.stuck_before, cues.stuck_after
    endings = range(min(_LONGEST_ENDING, len(key) - LEFT), 0, -1)
    bare = [(key[:-size], after[key[-size:]]) for size in endings if key[-size:] in after]
    if key[0] in cues.prefixed:
        prefixes = range(min(_LONGEST_PREFIX, len(key) - 2), 0, -1)
        bare += [(key[size:], before[key[:size]]) for size in prefixes if key[:size] in before]
    return bare


def _single(key: str, gazetteer: Gazetteer) -> Name | None:
    """The name of exactly this one word, also without diacritics."""
    bare = folded(key)
    if bare not in gazetteer.single:
        return None
    for names, form in ((gazetteer.exact, key), (gazetteer.exact, bare), (gazetteer.plain, bare)):
        rest, name = names.get(form, ((("",), None),))[-1]
        if name is not None and not rest:
            return name
    return None


def _runs(words: Words, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Names inside runs of unspaced script."""
    for index in sorted(words.runs):
        run, start, offset = words.keys[index], words.starts[index], 0
        while offset < len(run):
            found = gazetteer.unspaced.of(run, offset)
            if not found:
                offset += 1
                continue
            key, name = found[-1]
            span = Span(start + offset, start + offset + len(key))
            yield Mention(span, name, Form.EXACT, index, index + 1, True)
            offset += len(key)


def _numbers(text: str, words: Words, gazetteer: Gazetteer) -> Iterator[Mention]:
    if _DIGIT.search(text) is None:
        return
    for span, name in (*find_postcodes(text, gazetteer), *find_area_codes(text, gazetteer)):
        first, last = bisect_right(words.ends, span.start), bisect_left(words.starts, span.end)
        yield Mention(span, name, Form.NUMBER, first, last, True)
