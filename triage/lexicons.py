"""The words of all languages, read from `lexicon/<lang>.toml` and indexed; knows no text and no rule."""

import gc
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources

from triage.branches import Form, Index, Part, Piece, Said, Sense, branch_of, by_first, index_of, sense_of
from triage.concepts import Concept
from triage.spelling import bare_spellings, other_script
from triage.starts import Starts, starts_of
from triage.words import folded, is_unspaced, keys_of

_GAP = ".."
_JOINER = "\u200c"


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
    """Read the packaged lexicons: about four seconds, so once a process.

    Raises:
        ValueError: a file is no TOML, or has a section that is no concept.
    """
    with _uncollected():
        return _indexed()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would go through a million new tuples again and again and find nothing."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _indexed() -> Lexicons:
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
    written = by_first((form, said, lang) for cut, entry, said, lang in cut_up for form in _written(cut, entry, lang))
    bare = by_first((form, said, lang) for cut, _, said, lang in cut_up for form in _bare(cut, lang))
    branches = {part: {first: branch_of(group) for first, group in written[part].items()} for part in Part}
    more = {
        part: {first: branch_of([*written[part].get(first, ()), *group]) for first, group in bare[part].items()}
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
    if _JOINER not in entry and lang != "sr":
        return (form,)
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


def _runs(found: Iterable[Found]) -> Starts[Sequence[Run]]:
    """Thai and Chinese: a gap in an entry stands for up to ten letters."""
    said: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for entry, concept, lang in found:
        parts = tuple(piece.strip("*") for piece in entry.replace(" ", "").split(_GAP))
        said[parts].append((concept, lang))
    table: dict[str, list[Run]] = defaultdict(list)
    for parts, group in said.items():
        table[parts[0]].append((parts, sense_of(tuple(group))))
    return starts_of(table, _LETTERS)


_LETTERS = 2
"""Letters that few words of those scripts are shorter than."""


def _symbols(found: Iterable[Found]) -> Mapping[str, Sense]:
    said: dict[str, list[Said]] = defaultdict(list)
    for text, concept, lang in found:
        said[text].append((concept, lang))
    return {text: sense_of(tuple(group)) for text, group in said.items()}


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
