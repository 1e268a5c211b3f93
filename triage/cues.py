"""Words around a place name that say what the place is to the victim, read from `data/cues`; knows no place."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from triage.starts import Starts, starts_of
from triage.words import Words, is_unspaced, key_of, keys_of


class Cue(StrEnum):
    """What a word says of a place; the values are the keys of the data files, explained in `data/cues/README.md`."""

    IN = "in"
    FROM = "from"
    TO = "to"
    NEAR = "near"
    NOW = "now"
    PAST = "past"
    PLAN = "plan"
    LEFT = "left"
    NOT = "not"
    IF = "if"
    HOME = "home"
    OTHERS = "others"
    OFFICE = "office"
    SERVICE = "service"
    HEARSAY = "hearsay"
    ADVERT = "advert"
    OWN_NUMBER = "own_number"
    TOWN = "town"
    PERSON = "person"
    CLOSING = "closing"
    ABROAD = "abroad"
    AND = "and"
    COMMON = "common"


PREPOSITIONS = frozenset({Cue.IN, Cue.FROM, Cue.TO, Cue.NEAR})


class Phrase(NamedTuple):
    """A cue as it is written: the keys after its first."""

    rest: tuple[str, ...]
    cue: Cue
    langs: frozenset[str]


class Hit(NamedTuple):
    """A cue found in a text: from word `first` up to, not including, word `last`; `start` and `end` are characters."""

    first: int
    last: int
    start: int
    end: int
    cue: Cue
    langs: frozenset[str]


class Begun(NamedTuple):
    """The languages of the cues that begin with a word, and those cues, the longest first."""

    langs: frozenset[str]
    phrases: tuple[Phrase, ...]


ByLanguage = Mapping[str, Cue | None]
"""Language -> what a word after a name, or a bit joined to it, says there; None: it is there and says nothing."""


@dataclass(frozen=True, slots=True)
class Cued:
    """A text with the cues that begin at each word, in whatever language; within a run they begin anywhere."""

    words: Words = field(repr=False)
    begun: Sequence[Begun] = field(repr=False)
    unspaced: Starts[Begun] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue words of all languages, and the bits that languages join to a name.

    `alone` are those of one word, `longer` those of several by their first two, `unspaced` those of scripts without
    spaces.
    """

    alone: Mapping[str, Begun] = field(repr=False)
    longer: Mapping[tuple[str, str], Begun] = field(repr=False)
    unspaced: Starts[Begun] = field(repr=False)
    after: Mapping[str, ByLanguage] = field(repr=False)
    stuck_before: Mapping[str, ByLanguage] = field(repr=False)
    stuck_after: Mapping[str, ByLanguage] = field(repr=False)
    prefixed: frozenset[str] = field(repr=False)


def load_cues() -> Cues:
    """Read `data/cues/*.toml`.

    Raises:
        ValueError: a file is no TOML or has a key that is no cue.
    """
    files = dict(_files())
    spaced: dict[tuple[str, ...], dict[tuple[tuple[str, ...], Cue], set[str]]] = defaultdict(lambda: defaultdict(set))
    unspaced: dict[str, dict[tuple[tuple[str, ...], Cue], set[str]]] = defaultdict(lambda: defaultdict(set))
    for lang, table in files.items():
        for cue, text in _entries(table.get("words", {})):
            if is_unspaced(text):
                unspaced[text][(), Cue(cue)].add(lang)
            else:
                parts = keys_of(text)
                spaced[parts[:2]][parts[1:], Cue(cue)].add(lang)
    return Cues(
        alone={opening[0]: _begun(found) for opening, found in spaced.items() if len(opening) == 1},
        longer={(opening[0], opening[1]): _begun(found) for opening, found in spaced.items() if len(opening) > 1},
        unspaced=starts_of({text: _begun(found) for text, found in unspaced.items()}, _LETTERS),
        after=_by_language(files, "after"),
        stuck_before=_by_language(files, "stuck_before"),
        stuck_after=_by_language(files, "stuck_after"),
        prefixed=frozenset(bit[0] for bit in _by_language(files, "stuck_before")),
    )


_LETTERS = 2
"""Letters that few cues of scripts without spaces are shorter than."""


def look_for(words: Words, cues: Cues) -> Cued:
    """Look a text's words up among the cues of all languages."""
    begun = [cues.alone.get(key, _NOTHING) for key in words.keys]
    for index in [index for index, pair in enumerate(pairwise(words.keys)) if pair in cues.longer]:
        phrases = _matching(words, index, cues)
        if phrases:
            langs, alone = begun[index]
            begun[index] = Begun(langs | _languages(phrases), (*phrases, *alone))
    return Cued(words, begun, cues.unspaced)


_COMMON = Cue.COMMON
"""Asked of every cue: looking a member up in its enumeration takes longer than all else that is done to it."""

_NOTHING = Begun(frozenset(), ())
_LANGS = itemgetter(0)


def find_cues(text: Cued, stretch: range, spoken: frozenset[str]) -> list[Hit]:
    """The cues of the `spoken` languages that begin in a stretch of words, in order, the longer of two first.

    Words that are only common in a language say nothing of a place, and are no hits.
    """
    found: list[Hit] = []
    words = text.words
    for index, (_, phrases) in zip(stretch, text.begun[stretch.start : stretch.stop], strict=True):
        if index in words.runs:
            found.extend(_inside(text, index, spoken))
        for rest, cue, langs in phrases:
            if cue is not _COMMON and not spoken.isdisjoint(langs):
                last = index + 1 + len(rest)
                # As `Hit(...)`, without the call that a NamedTuple makes in between.
                place = (index, last, words.starts[index], words.ends[last - 1], cue, langs)
                found.append(tuple.__new__(Hit, place))
    return found


def languages(text: Cued, stretches: Iterable[range], lang: str | None) -> frozenset[str]:
    """The languages of a text: `lang`, and those of the cues in `stretches` of it.

    A word of several votes for each a little. Swedish has a vote beforehand: it is what most people write, and few
    words can decide wrongly.
    """
    votes: dict[str, float] = defaultdict(float, sv=_BEFOREHAND)
    for codes, times in Counter(chain.from_iterable(_voices(text, part) for part in stretches)).items():
        share = times / len(codes) if codes else 0.0
        for code in codes:
            votes[code] += share
    best = max(votes.values())
    return frozenset(code for code, vote in votes.items() if vote >= best * _NEARLY) | ({lang} if lang else set())


_BEFOREHAND = 0.7
"""Swedish's votes before a word is read."""

_NEARLY = 0.6
"""Share of the first language's votes that makes another one spoken too."""


def _voices(text: Cued, stretch: range) -> list[frozenset[str]]:
    """Of each word of a stretch, and each letter of a run, the languages of the cues that begin there."""
    voices = [*map(_LANGS, text.begun[stretch.start : stretch.stop])]
    for index in sorted(text.words.runs.intersection(stretch), reverse=True):
        at = index - stretch.start
        voices[at : at + 1] = [_languages(begun for _, begun in found) for _, found in _begun_in(text, index)]
    return voices


def _languages(known: Iterable[Begun | Phrase]) -> frozenset[str]:
    return frozenset().union(*(one.langs for one in known))


def _matching(words: Words, index: int, cues: Cues) -> list[Phrase]:
    """The cues that go on as the text does, of those that begin with the same two words."""
    keys = words.keys
    begun = cues.longer[keys[index], keys[index + 1]]
    return [one for one in begun.phrases if one.rest == tuple(keys[index + 1 : index + 1 + len(one.rest)])]


def _inside(text: Cued, index: int, spoken: frozenset[str]) -> Iterator[Hit]:
    """The cues that begin anywhere in a run of unspaced script."""
    for offset, found in _begun_in(text, index):
        start = text.words.starts[index] + offset
        for written, begun in reversed(found):
            for _, cue, langs in begun.phrases:
                if cue is not _COMMON and not spoken.isdisjoint(langs):
                    yield Hit(index, index + 1, start, start + len(written), cue, langs)


def _begun_in(text: Cued, index: int) -> Iterator[tuple[int, Sequence[tuple[str, Begun]]]]:
    """The letters of a run at which cues begin, and those cues, the shortest first."""
    run = text.words.keys[index]
    for offset in range(len(run)):
        found = text.unspaced.of(run, offset)
        if found:
            yield offset, found


def _files() -> Iterator[tuple[str, dict[str, Any]]]:
    folder = resources.files("triage") / "data" / "cues"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            yield path.name.removesuffix(".toml"), tomllib.loads(path.read_text(encoding="utf-8"))


def _entries(table: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    return ((cue, text) for cue, texts in table.items() for text in texts)


def _by_language(files: Mapping[str, Mapping[str, Any]], part: str) -> dict[str, ByLanguage]:
    found: dict[str, dict[str, Cue | None]] = defaultdict(dict)
    for lang, table in files.items():
        for cue, text in _entries(table.get(part, {})):
            found[key_of(text)][lang] = None if cue == "plain" else Cue(cue)
    return dict(found)


def _begun(found: Mapping[tuple[tuple[str, ...], Cue], set[str]]) -> Begun:
    """The cues that begin alike, each with what follows its first word."""
    longest_first = sorted(found.items(), key=lambda item: -len(item[0][0]))
    phrases = tuple(Phrase(rest, cue, frozenset(langs)) for (rest, cue), langs in longest_first)
    return Begun(_languages(phrases), phrases)
