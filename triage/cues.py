"""Words around a place name that say what the place is to the victim, read from `data/cues`; knows no place."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
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
    """The cues that begin with a word: it `alone`, and the `longer` ones by their second word, the longest first."""

    alone: tuple[Phrase, ...]
    longer: Mapping[str, tuple[Phrase, ...]]


ByLanguage = Mapping[str, Cue | None]
"""Language -> what a word after a name, or a bit joined to it, says there; None: it is there and says nothing."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue words of all languages, by their first word, and the bits that languages join to a name."""

    spaced: Mapping[str, Begun] = field(repr=False)
    unspaced: Starts[tuple[Phrase, ...]] = field(repr=False)
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
    spaced: dict[str, dict[tuple[tuple[str, ...], Cue], set[str]]] = defaultdict(lambda: defaultdict(set))
    unspaced: dict[str, dict[tuple[tuple[str, ...], Cue], set[str]]] = defaultdict(lambda: defaultdict(set))
    for lang, table in files.items():
        for cue, text in _entries(table.get("words", {})):
            parts = (text,) if is_unspaced(text) else keys_of(text)
            phrases = unspaced if is_unspaced(text) else spaced
            phrases[parts[0]][parts[1:], Cue(cue)].add(lang)
    return Cues(
        spaced={first: _begun(phrases) for first, phrases in spaced.items()},
        unspaced=starts_of({text: _begun(phrases).alone for text, phrases in unspaced.items()}, _LETTERS),
        after=_by_language(files, "after"),
        stuck_before=_by_language(files, "stuck_before"),
        stuck_after=_by_language(files, "stuck_after"),
        prefixed=frozenset(bit[0] for bit in _by_language(files, "stuck_before")),
    )


_LETTERS = 2
"""Letters that few cues of scripts without spaces are shorter than."""


def find_cues(words: Words, chosen: Iterable[int], cues: Cues) -> tuple[Hit, ...]:
    """The cues of every language that begin at the chosen words, in order, the longer of two first."""
    found: list[Hit] = []
    keys, starts, ends = words.keys, words.starts, words.ends
    for index in chosen:
        if index in words.runs:
            found.extend(_inside(words, index, cues))
        elif (begun := cues.spaced.get(keys[index])) is not None:
            if begun.longer:
                found.extend(_longer(words, index, begun))
            for _, cue, langs in begun.alone:
                # As `Hit(...)`, without the call that a NamedTuple makes in between.
                found.append(tuple.__new__(Hit, (index, index + 1, starts[index], ends[index], cue, langs)))
    return tuple(found)


def languages(hits: Sequence[Hit], lang: str | None) -> frozenset[str]:
    """The languages of a text: `lang`, and those of its cue words; a word of several votes for each a little.

    Swedish has a vote beforehand: it is what most people write, and few words can decide wrongly.
    """
    spoken: dict[int, frozenset[str]] = {}
    for hit in hits:
        before = spoken.get(hit.start)
        spoken[hit.start] = hit.langs if before is None else before | hit.langs
    votes: dict[str, float] = defaultdict(float, sv=_BEFOREHAND)
    for codes, times in Counter(spoken.values()).items():
        for code in codes:
            votes[code] += times / len(codes)
    best = max(votes.values())
    return frozenset(code for code, vote in votes.items() if vote >= best * _NEARLY) | ({lang} if lang else set())


_BEFOREHAND = 0.7
"""Swedish's votes before a word is read."""

_NEARLY = 0.6
"""Share of the first language's votes that makes another one spoken too."""


def _longer(words: Words, index: int, begun: Begun) -> Iterator[Hit]:
    """The cues of several words that begin at a word."""
    follows = words.keys[index + 1 : index + 2]
    for rest, cue, langs in begun.longer.get(follows[0], ()) if follows else ():
        last = index + 1 + len(rest)
        if rest == tuple(words.keys[index + 1 : last]):
            yield Hit(index, last, words.starts[index], words.ends[last - 1], cue, langs)


def _inside(words: Words, index: int, cues: Cues) -> Iterator[Hit]:
    """The cues that begin anywhere in a run of unspaced script."""
    run, start = words.keys[index], words.starts[index]
    for offset in range(len(run)):
        for text, phrases in reversed(cues.unspaced.of(run, offset)):
            for _, cue, langs in phrases:
                yield Hit(index, index + 1, start + offset, start + offset + len(text), cue, langs)


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


def _begun(phrases: Mapping[tuple[tuple[str, ...], Cue], set[str]]) -> Begun:
    alone: list[Phrase] = []
    longer: dict[str, list[Phrase]] = defaultdict(list)
    for (rest, cue), langs in sorted(phrases.items(), key=lambda item: -len(item[0][0])):
        (longer[rest[0]] if rest else alone).append(Phrase(rest, cue, frozenset(langs)))
    return Begun(tuple(alone), {second: tuple(group) for second, group in longer.items()})
