"""The words of all languages, read from `lexicon/<lang>.toml` and indexed; knows no text and no rule."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

from triage.concepts import Concept
from triage.spelling import bare_spellings, other_script
from triage.words import folded, is_unspaced, keys_of

_GAP = ".."
_JOINER = "\u200c"


class Part(StrEnum):
    """How much of a word an entry gives."""

    WHOLE = "word"
    START = "word*"
    END = "*word"
    INSIDE = "*word*"


class Piece(NamedTuple):
    """One word of an entry; `gap` is whether up to three other words may stand before it.

    A tuple, as `Entry`, because there are a hundred thousand and they are made a third as fast as dataclasses.
    """

    text: str
    part: Part
    gap: bool = False

    def fits(self, key: str) -> bool:
        """Whether a word of a text is meant."""
        if self.part is Part.WHOLE:
            return key == self.text
        if self.part is Part.START:
            return key.startswith(self.text)
        return key.endswith(self.text) if self.part is Part.END else self.text in key


Form = tuple[Piece, ...]
Said = tuple[Concept, str]
Meant = tuple[Form, Concept, str]
"""A word or phrase, or what is left of it, and what it stands for in which language."""


class Sense(NamedTuple):
    """What a word or phrase stands for, by language.

    `langs` are all its languages, for counting votes; `common` those in which it is one of the commonest words, which
    is nothing to stand for.
    """

    langs: frozenset[str]
    common: frozenset[str]
    concepts: Mapping[str, tuple[Concept, ...]]


class Branch(NamedTuple):
    """Entries that begin alike: what the beginning says alone, if anything, and how the others go on.

    `next` holds those that go on with exactly that word; `others` the rest of those that go on in another way.
    """

    sense: Sense | None
    next: Mapping[str, "Branch"]
    others: tuple[tuple[Form, Sense], ...]


Branches = Mapping[str, Branch]
Sizes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Parts:
    """Entries whose first word is given in part: its start, its end, or what is inside a word that is not ASCII.

    `start_sizes` are the lengths of the starts by their first letters, the shortest first, `end_sizes` those of the
    ends by their last two: so few are worth a look. `inside` is by the first letter.
    """

    start: Branches = field(repr=False)
    start_sizes: Sizes = field(repr=False)
    end: Branches = field(repr=False)
    end_sizes: Sizes = field(repr=False)
    inside: Mapping[str, tuple[tuple[str, Branch], ...]] = field(repr=False)

    def begun(self, key: str) -> list[Branch]:
        """The entries whose first word this may be."""
        sizes = self.start_sizes
        found = [
            self.start[key[:size]]
            for size in sizes.get(key[:4]) or sizes.get(key[:3]) or sizes.get(key[:2], ())
            if key[:size] in self.start
        ]
        for size in self.end_sizes.get(key[-2:], ()):
            if (end := self.end.get(key[-size:])) is not None:
                found.append(end)
        if not key.isascii() and not self.inside.keys().isdisjoint(key):
            found.extend(self._inside(key))
        return found

    def _inside(self, key: str) -> Iterator[Branch]:
        for letter in dict.fromkeys(key[:-1]):
            for text, branch in self.inside.get(letter, ()):
                if text in key:
                    yield branch


@dataclass(frozen=True, slots=True)
class Index:
    """Entries by their first word: in `known` all that a word of the lexicons begins, in `parts` those of any other."""

    known: Mapping[str, tuple[Branch, ...]] = field(repr=False)
    parts: Parts = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lexicons:
    """All languages in one. `written` has entries as they are, `lenient` also as typed without diacritics.

    `runs` are those of scripts without spaces, by their first letter: the parts between gaps, and what they say.
    """

    languages: frozenset[str]
    written: Index = field(repr=False)
    lenient: Index = field(repr=False)
    runs: Mapping[str, tuple[tuple[tuple[str, ...], Sense], ...]] = field(repr=False)
    symbols: Mapping[str, Sense] = field(repr=False)
    numbers: Mapping[str, int] = field(repr=False)


def load_lexicons() -> Lexicons:
    """Read the packaged lexicons: about three seconds, so once a process.

    Raises:
        ValueError: a file is no TOML, or has a section that is no concept.
    """
    files = dict(read_lexicons())
    found = [
        (entry, Concept(concept), lang)
        for lang, table in files.items()
        for concept, words in table.items()
        if concept != "numbers"
        for entry in entries(words)
    ]
    symbols, runs, spaced = _apart(found)
    cut_up = [(pieces(entry), entry, concept, lang) for entry, concept, lang in spaced]
    written = _by_first((form, said, lang) for cut, entry, said, lang in cut_up for form in _written(cut, entry, lang))
    bare = _by_first((form, said, lang) for cut, _, said, lang in cut_up for form in _bare(cut, lang))
    branches = {part: {first: _branch(group) for first, group in written[part].items()} for part in Part}
    more = {
        part: {first: _branch([*written[part].get(first, ()), *group]) for first, group in bare[part].items()}
        for part in Part
    }
    return Lexicons(
        languages=frozenset(files),
        written=_index(branches),
        lenient=_index({part: {**branches[part], **more[part]} for part in Part}),
        runs=_runs(runs),
        symbols=_symbols(symbols),
        numbers=dict(_numbers(files.values())),
    )


def read_lexicons() -> Iterator[tuple[str, dict[str, str]]]:
    """The packaged files as they are: language, and words by section."""
    folder = resources.files("triage") / "lexicon"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            yield path.name.removesuffix(".toml"), tomllib.loads(path.read_text(encoding="utf-8"))


def entries(words: str) -> list[str]:
    """The words and phrases of a section: they are separated by commas."""
    return [entry.strip() for entry in words.replace("\n", " ").split(",") if entry.strip()]


def pieces(entry: str) -> tuple[Piece, ...]:
    """An entry's words: `*` stands for any letters, `..` for up to three words."""
    if entry.isascii() and entry.isalnum():
        return (Piece(entry.lower(), Part.WHOLE),)
    return tuple(_pieces(entry))


def _pieces(entry: str) -> Iterator[Piece]:
    gap = False
    for token in entry.split():
        if token == _GAP:
            gap = True
            continue
        keys = keys_of(token.strip("*"))
        for number, key in enumerate(keys):
            opens = token.startswith("*") and number == 0
            closes = token.endswith("*") and number == len(keys) - 1
            yield Piece(key, _PARTS[opens, closes], gap)
            gap = False


_PARTS = {(False, False): Part.WHOLE, (False, True): Part.START, (True, False): Part.END, (True, True): Part.INSIDE}

Found = tuple[str, Concept, str]


def _written(form: Form, entry: str, lang: str) -> Iterable[Form]:
    """As in the file; Persian also with a space where the file has a joiner, Serbian also in Cyrillic."""
    forms = [form, pieces(entry.replace(_JOINER, " "))] if _JOINER in entry else [form]
    if lang != "sr":
        return dict.fromkeys(forms)
    cyrillic = [tuple(_respelt(piece, other_script(piece.text, lang)) for piece in form) for form in forms]
    return dict.fromkeys(forms + cyrillic)


def _bare(form: Form, lang: str) -> Iterable[Form]:
    """As typed on a keyboard that lacks the letters; the words of a phrase in one way of spelling each."""
    if all(piece.text.isascii() for piece in form):
        return ()
    spellings = [sorted(bare_spellings(piece.text, lang)) or [piece.text] for piece in form]
    ways = max(map(len, spellings))
    plain = (
        tuple(_respelt(piece, some[way % len(some)]) for piece, some in zip(form, spellings, strict=True))
        for way in range(ways)
    )
    return dict.fromkeys(one for one in plain if one != form)


def _respelt(piece: Piece, text: str) -> Piece:
    return Piece(text, piece.part, piece.gap)


def _by_first(meant: Iterable[Meant]) -> Mapping[Part, Mapping[str, Sequence[Meant]]]:
    tables: dict[Part, dict[str, list[Meant]]] = {part: defaultdict(list) for part in Part}
    for form, concept, lang in meant:
        tables[form[0].part][form[0].text].append((form[1:], concept, lang))
    return tables


def _index(branches: Mapping[Part, Branches]) -> Index:
    whole, start, end, inside = (branches[part] for part in (Part.WHOLE, Part.START, Part.END, Part.INSIDE))
    opened = {text[:_LETTERS] for text in start}
    short = [text for text in start if len(text) < _LETTERS]
    sizes = [(text[:_LETTERS], len(text)) for text in start]
    sizes += [(letters, len(text)) for text in short for letters in opened if letters.startswith(text)]
    end_sizes = _sizes((text[-2:], len(text)) for text in end)
    parts = Parts(start, _sizes(sizes), end, end_sizes, _by_first_letter(inside))
    return Index({key: (branch, *parts.begun(key)) for key, branch in whole.items()}, parts)


_LETTERS = 4
"""Letters by which starts are found; few are shorter."""


def _branch(group: Sequence[Meant]) -> Branch:
    if len(group) == 1 and not group[0][0]:
        return Branch(_sense((group[0][1:],)), {}, ())
    alone: list[Said] = []
    following: dict[str, list[Meant]] = defaultdict(list)
    others: dict[Form, list[Said]] = defaultdict(list)
    for rest, concept, lang in group:
        if not rest:
            alone.append((concept, lang))
        elif rest[0].part is Part.WHOLE and not rest[0].gap:
            following[rest[0].text].append((rest[1:], concept, lang))
        else:
            others[rest].append((concept, lang))
    return Branch(
        sense=_sense(tuple(alone)) if alone else None,
        next={key: _branch(inner) for key, inner in following.items()},
        others=tuple((rest, _sense(tuple(said))) for rest, said in others.items()),
    )


@cache
def _sense(said: tuple[Said, ...]) -> Sense:
    """One for all words that say the same: there are ten times as many words."""
    concepts: dict[str, tuple[Concept, ...]] = {}
    common: set[str] = set()
    for concept, lang in dict.fromkeys(said):
        if concept is Concept.COMMON:
            common.add(lang)
        else:
            concepts[lang] = (*concepts.get(lang, ()), concept)
    return Sense(frozenset({*concepts, *common}), frozenset(common), concepts)


def _sizes(found: Iterable[tuple[str, int]]) -> Sizes:
    sizes: dict[str, set[int]] = defaultdict(set)
    for letters, size in found:
        sizes[letters].add(size)
    return {letters: tuple(sorted(group)) for letters, group in sizes.items()}


def _by_first_letter(inside: Branches) -> Mapping[str, tuple[tuple[str, Branch], ...]]:
    found: dict[str, list[tuple[str, Branch]]] = defaultdict(list)
    for text, branch in inside.items():
        found[text[0]].append((text, branch))
    return {letter: tuple(group) for letter, group in found.items()}


def _runs(found: Iterable[Found]) -> Mapping[str, tuple[tuple[tuple[str, ...], Sense], ...]]:
    """Thai and Chinese: a gap in an entry stands for up to ten letters."""
    said: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for entry, concept, lang in found:
        parts = tuple(piece.strip("*") for piece in entry.replace(" ", "").split(_GAP))
        said[parts].append((concept, lang))
    table: dict[str, list[tuple[tuple[str, ...], Sense]]] = defaultdict(list)
    for parts, group in said.items():
        table[parts[0][0]].append((parts, _sense(tuple(group))))
    return {letter: tuple(group) for letter, group in table.items()}


def _symbols(found: Iterable[Found]) -> Mapping[str, Sense]:
    said: dict[str, list[Said]] = defaultdict(list)
    for text, concept, lang in found:
        said[text].append((concept, lang))
    return {text: _sense(tuple(group)) for text, group in said.items()}


def _apart(found: Iterable[Found]) -> tuple[list[Found], list[Found], list[Found]]:
    """Symbols, which hold no word; runs of a script without spaces; and all the rest."""
    symbols: list[Found] = []
    runs: list[Found] = []
    spaced: list[Found] = []
    for one in found:
        keys = keys_of(one[0])
        (symbols if not keys else runs if is_unspaced(keys[0]) else spaced).append(one)
    return symbols, runs, spaced


def _numbers(files: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, int]]:
    """Number words, written `sixteen 16`; also as typed without diacritics."""
    for table in files:
        for entry in entries(table.get("numbers", "")):
            word, value = entry.split()
            key = keys_of(word)[0]
            yield key, int(value)
            yield folded(key), int(value)
