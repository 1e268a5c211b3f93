"""The words and phrases of a lexicon, cut into pieces, as written and as people type them; knows no rule, no text."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain

from triage.branches import Form, Meant, Part, Piece, Said
from triage.concepts import Concept
from triage.spelling import bare_spellings, other_script
from triage.words import keys_of

GAP = ".."
"""Stands for up to three words; in a script without spaces for up to ten letters."""

NUMBERS = "numbers"
"""The section that says no concept."""

_JOINER = "\u200c"
_PARTS = {(False, False): Part.WHOLE, (False, True): Part.START, (True, False): Part.END, (True, True): Part.INSIDE}

Entry = tuple[str, Form, Said]
"""A word or phrase: as it stands in the file, cut up, and what it says."""


def entries(words: str) -> list[str]:
    """The words and phrases of a section: they are separated by commas."""
    return [entry for part in words.split(",") if (entry := part.strip())]


def cut_entries(lang: str, sections: Mapping[str, str]) -> Iterator[Entry]:
    """The entries of a language; a word is cut once, however many phrases it stands in."""
    cut = cache(cut_token)
    for section, words in sections.items():
        if section != NUMBERS:
            said = Concept(section), lang
            for entry in entries(words):
                yield entry, pieces(entry, cut), said


def cut_token(token: str) -> Form:
    """What stands between two spaces: a word, or several, as with a hyphen; a `*` leaves its first or last one open."""
    if token.isascii() and token.isalnum():
        return (Piece(token.lower(), Part.WHOLE),)
    keys = keys_of(token.strip("*"))
    opens, closes, last = token.startswith("*"), token.endswith("*"), len(keys) - 1
    parts = (_PARTS[opens and number == 0, closes and number == last] for number in range(len(keys)))
    return tuple(map(Piece, keys, parts))


def pieces(entry: str, cut: Callable[[str], Form] = cut_token) -> Form:
    """An entry's words: `*` stands for any letters, `..` for up to three words."""
    tokens = entry.split()
    if len(tokens) == 1:
        return cut(entry)
    if GAP in tokens:
        return tuple(_gapped(tokens, cut))
    return tuple(chain.from_iterable(map(cut, tokens)))


def _gapped(tokens: Iterable[str], cut: Callable[[str], Form]) -> Iterator[Piece]:
    gap = False
    for token in tokens:
        gap = gap or token == GAP
        for text, part, _ in cut(token):
            yield Piece(text, part, gap)
            gap = False


def as_written(found: Iterable[Entry]) -> Iterator[Meant]:
    """As in the file; Persian also with a space where the file has a joiner, Serbian also in Cyrillic."""
    for entry, form, said in found:
        yield form, said
        if _JOINER in entry or said[1] == "sr":
            for other in _written_otherwise(entry, form, said[1]):
                yield other, said


def _written_otherwise(entry: str, form: Form, lang: str) -> Iterable[Form]:
    forms = [form, pieces(entry.replace(_JOINER, " "))]
    forms += [tuple([Piece(other_script(text, lang), part, gap) for text, part, gap in form]) for form in forms]
    return dict.fromkeys(other for other in forms if other != form)


def as_typed(found: Iterable[Entry]) -> Iterator[Meant]:
    """As typed on a keyboard that lacks the letters; the words of a phrase in one way of spelling each."""
    spell = cache(_bare)
    for entry, form, said in found:
        if not entry.isascii():
            for plain in _ways([spell(piece, said[1]) for piece in form]):
                if plain != form:
                    yield plain, said


def _bare(piece: Piece, lang: str) -> Form:
    """A word in all ways of spelling it, or as it is."""
    text, part, gap = piece
    if text.isascii():
        return (piece,)
    return tuple([Piece(bare, part, gap) for bare in sorted(bare_spellings(text, lang))]) or (piece,)


def _ways(spelt: list[Form]) -> Iterable[Form]:
    ways = max(map(len, spelt))
    return dict.fromkeys([tuple([some[way % len(some)] for some in spelt]) for way in range(ways)])
