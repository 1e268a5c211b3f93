"""The words of all languages, read from `lexicon/<lang>.toml` and indexed; knows no text and no rule."""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from importlib import resources
from typing import NamedTuple

from triage.concepts import Concept
from triage.spelling import bare_spellings, other_script
from triage.words import cut, folded, is_unspaced, keys_of

_GAP = ".."
_JOINER = "\u200c"


class Part(Enum):
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


class Entry(NamedTuple):
    """A word or phrase without its first word, and what it stands for in which language."""

    rest: tuple[Piece, ...]
    concept: Concept
    lang: str


Entries = Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Branch:
    """Entries that begin alike: `single` are one word long, `next` go on with exactly that word, `others` in some way.

    An entry under `next` is without its first two words, under `others` without its first.
    """

    single: tuple[Entry, ...] = field(repr=False)
    next: Entries = field(repr=False)
    others: tuple[Entry, ...] = field(repr=False)


Branches = Mapping[str, Branch]


@dataclass(frozen=True, slots=True)
class Index:
    """Entries by their first word: as a whole word, its start, its end, or somewhere inside."""

    whole: Branches = field(repr=False)
    start: Branches = field(repr=False)
    end: Branches = field(repr=False)
    inside: Entries = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lexicons:
    """All languages in one: entries as written, entries as typed without diacritics, and number words."""

    languages: frozenset[str]
    written: Index = field(repr=False)
    bare: Index = field(repr=False)
    unspaced: Entries = field(repr=False)
    symbols: Entries = field(repr=False)
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
    return Lexicons(
        languages=frozenset(files),
        written=_index(spaced, _written),
        bare=_index(spaced, _bare),
        unspaced=_unspaced(runs),
        symbols={text: (Entry((), concept, lang),) for text, concept, lang in symbols},
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

Form = tuple[Piece, ...]
Found = tuple[str, Concept, str]
Forms = Callable[[str, str], set[Form]]


def _written(entry: str, lang: str) -> set[Form]:
    """As in the file; Persian also with a space where the file has a joiner, Serbian also in Cyrillic."""
    forms = {pieces(entry)} | ({pieces(entry.replace(_JOINER, " "))} if _JOINER in entry else set())
    return forms | {tuple(_respelt(piece, other_script(piece.text, lang)) for piece in form) for form in forms}


def _bare(entry: str, lang: str) -> set[Form]:
    """As typed on a keyboard that lacks the letters; the words of a phrase in one way of spelling each."""
    form = pieces(entry)
    spellings = [sorted(bare_spellings(piece.text, lang)) or [piece.text] for piece in form]
    ways = max(map(len, spellings))
    plain = {
        tuple(_respelt(piece, some[way % len(some)]) for piece, some in zip(form, spellings, strict=True))
        for way in range(ways)
    }
    return plain - {form}


def _respelt(piece: Piece, text: str) -> Piece:
    return Piece(text, piece.part, piece.gap)


def _index(found: Iterable[Found], forms: Forms) -> Index:
    tables: dict[Part, dict[str, list[Entry]]] = {part: defaultdict(list) for part in Part}
    for entry, concept, lang in found:
        for first, *rest in forms(entry, lang):
            key = first.text[:2] if first.part is Part.INSIDE else first.text
            kept = (first, *rest) if first.part is Part.INSIDE else tuple(rest)
            tables[first.part][key].append(Entry(kept, concept, lang))
    whole, start, end = (
        {first: _branch(group) for first, group in tables[part].items()} for part in (Part.WHOLE, Part.START, Part.END)
    )
    return Index(whole, start, end, _frozen(tables[Part.INSIDE]))


def _branch(group: Iterable[Entry]) -> Branch:
    single: list[Entry] = []
    others: list[Entry] = []
    following: dict[str, list[Entry]] = defaultdict(list)
    for entry in group:
        if not entry.rest:
            single.append(entry)
        elif entry.rest[0].part is Part.WHOLE and not entry.rest[0].gap:
            following[entry.rest[0].text].append(Entry(entry.rest[1:], entry.concept, entry.lang))
        else:
            others.append(entry)
    return Branch(tuple(single), _frozen(following), tuple(others))


def _unspaced(found: Iterable[Found]) -> Entries:
    """Thai and Chinese by their first letter; such an entry is one piece, its later letters."""
    table: dict[str, list[Entry]] = defaultdict(list)
    for entry, concept, lang in found:
        parts = [piece.strip("*") for piece in entry.replace(" ", "").split(_GAP)]
        rest = [Piece(part, Part.WHOLE, gap=number > 0) for number, part in enumerate(parts)]
        table[parts[0][0]].append(Entry(tuple(rest), concept, lang))
    return _frozen(table)


def _apart(found: Iterable[Found]) -> tuple[list[Found], list[Found], list[Found]]:
    """Symbols, which hold no word; runs of a script without spaces; and all the rest."""
    symbols: list[Found] = []
    runs: list[Found] = []
    spaced: list[Found] = []
    for one in found:
        keys = keys_of(one[0])
        (symbols if not keys else runs if is_unspaced(keys[0]) else spaced).append(one)
    return symbols, runs, spaced


def _frozen(table: Mapping[str, Sequence[Entry]]) -> Entries:
    return {key: tuple(group) for key, group in table.items()}


def _numbers(files: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, int]]:
    """Number words, written `sixteen 16`; also as typed without diacritics."""
    for table in files:
        for entry in entries(table.get("numbers", "")):
            word, value = entry.split()
            key = cut(word)[0].key
            yield key, int(value)
            yield folded(key), int(value)
