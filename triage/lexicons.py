"""The words of all languages, read from `lexicon/<lang>.toml` and indexed; knows no text and no rule."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain

from triage.branches import Index, Part, Said, Sense, branch_of, by_first, index_of, sense_of
from triage.entries import GAP, NUMBERS, Entry, as_typed, as_written, cut_entries, entries
from triage.lasting import lasting
from triage.starts import Starts, starts_of
from triage.words import folded, is_unspaced, keys_of

Run = tuple[tuple[str, ...], Sense]
"""An entry of a script without spaces: the parts between its gaps, and what it says."""


@dataclass(frozen=True, slots=True)
class Lexicons:
    """All languages in one. `written` has entries as they are, `lenient` also as typed without diacritics.

    `runs` are those of scripts without spaces, by their first part.
    """

    languages: frozenset[str]
    written: Index = field(repr=False)
    lenient: Index = field(repr=False)
    runs: Starts[Sequence[Run]] = field(repr=False)
    symbols: Mapping[str, Sense] = field(repr=False)
    numbers: Mapping[str, int] = field(repr=False)


def load_lexicons() -> Lexicons:
    """Read the packaged lexicons: about two seconds, so once a process.

    Raises:
        ValueError: a file has a line that is no section, or a section that is no concept.
    """
    with lasting():
        return _indexed()


def _indexed() -> Lexicons:
    files = dict(read_lexicons())
    found = chain.from_iterable(cut_entries(lang, sections) for lang, sections in files.items())
    symbols, runs, spaced = _apart(found)
    written, typed = by_first(as_written(spaced)), by_first(as_typed(spaced))
    branches = {part: {first: branch_of(group) for first, group in written[part].items()} for part in Part}
    more = {
        part: {first: branch_of([*written[part].get(first, ()), *group]) for first, group in typed[part].items()}
        for part in Part
    }
    return Lexicons(
        languages=frozenset(files),
        written=index_of(branches),
        lenient=index_of({part: {**branches[part], **more[part]} for part in Part}),
        runs=_runs(runs),
        symbols=_symbols(symbols),
        numbers=dict(_numbers(files.values())),
    )


def languages() -> frozenset[str]:
    """Those that have a lexicon."""
    return frozenset(lang for lang, _ in _files())


def read_lexicons() -> Iterator[tuple[str, dict[str, str]]]:
    """The packaged files as they are: language, and words by section."""
    for lang, path in _files():
        try:
            yield lang, sections_of(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{lang}{_ENDING}: {error}") from None


def _files() -> Iterator[tuple[str, Traversable]]:
    folder = resources.files("triage") / "lexicon"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(_ENDING):
            yield path.name.removesuffix(_ENDING), path


_ENDING = ".toml"


def sections_of(text: str) -> dict[str, str]:
    """The lines `section = "words"` of a file; `tomllib`, which knows more, would take half a second.

    Raises:
        ValueError: there is another line, or a section twice; says in which line.
    """
    sections: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith("#"):
            match = _SECTION.fullmatch(line)
            if match is None or match[1] in sections:
                raise ValueError(f'line {number} is no section = "words", or its section is there already')
            sections[match[1]] = match[2]
    return sections


_SECTION = re.compile(r'(\w+) = "([^"\\]*)"')


def _runs(found: Iterable[Entry]) -> Starts[Sequence[Run]]:
    """Thai and Chinese: a gap in an entry stands for up to ten letters."""
    said: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for text, _, meaning in found:
        parts = tuple(part.strip("*") for part in text.replace(" ", "").split(GAP))
        said[parts].append(meaning)
    table: dict[str, list[Run]] = defaultdict(list)
    for parts, group in said.items():
        table[parts[0]].append((parts, sense_of(tuple(group))))
    return starts_of(table, _LETTERS)


_LETTERS = 2
"""Letters that few words of those scripts are shorter than."""


def _symbols(found: Iterable[Entry]) -> Mapping[str, Sense]:
    said: dict[str, list[Said]] = defaultdict(list)
    for text, _, meaning in found:
        said[text].append(meaning)
    return {text: sense_of(tuple(group)) for text, group in said.items()}


def _apart(found: Iterable[Entry]) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """Symbols, which hold no word; runs of a script without spaces; and all the rest."""
    symbols: list[Entry] = []
    runs: list[Entry] = []
    spaced: list[Entry] = []
    for one in found:
        entry, form, _ = one
        (symbols if not form else spaced if entry.isascii() or not is_unspaced(form[0].text) else runs).append(one)
    return symbols, runs, spaced


def _numbers(files: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, int]]:
    """Number words, written `sixteen 16`; also as typed without diacritics."""
    for table in files:
        for entry in entries(table.get(NUMBERS, "")):
            word, value = entry.split()
            key = keys_of(word)[0]
            yield key, int(value)
            yield folded(key), int(value)
