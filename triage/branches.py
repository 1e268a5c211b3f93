"""How the entries of the lexicons are found, by their first word and then by how they go on; knows no file, no text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from triage.concepts import Concept
from triage.starts import Starts, starts_of


class Part(StrEnum):
    """How much of a word an entry gives."""

    WHOLE = "word"
    START = "word*"
    END = "*word"
    INSIDE = "*word*"


# Python 3.11 takes as long to find a member of an enumeration as to compare two words.
_WHOLE, _START, _END = Part.WHOLE, Part.START, Part.END


class Piece(NamedTuple):
    """One word of an entry; `gap` is whether up to three other words may stand before it.

    A tuple, as `Entry`, because there are a hundred thousand and they are made a third as fast as dataclasses.
    """

    text: str
    part: Part
    gap: bool = False

    def fits(self, key: str) -> bool:
        """Whether a word of a text is meant."""
        part = self.part
        if part is _WHOLE:
            return key == self.text
        if part is _START:
            return key.startswith(self.text)
        return key.endswith(self.text) if part is _END else self.text in key


Form = tuple[Piece, ...]
Said = tuple[Concept, str]
Meant = tuple[Form, Said]
"""A word or phrase, or what is left of it, and what it stands for in which language."""


class Sense(NamedTuple):
    """What a word or phrase stands for, by language.

    `langs` are all its languages, for counting votes; `common` those in which it is one of the commonest words, which
    is nothing to stand for.
    """

    langs: frozenset[str]
    common: frozenset[str]
    concepts: Mapping[str, tuple[Concept, ...]]


class Others(NamedTuple):
    """Entries that go on otherwise than with one certain word.

    `near` are the beginnings of the word that must come next for one of them, `far` those of words that may come up to
    a gap later: most texts have neither, and need no closer look.
    """

    near: tuple[str, ...]
    far: tuple[str, ...]
    forms: tuple[tuple[Form, Sense], ...]


class Branch(NamedTuple):
    """Entries that begin alike: what the beginning says alone, if anything, and how they go on.

    `next` holds those that go on with exactly that word; `others`, if there are any, the rest.
    """

    sense: Sense | None
    next: Mapping[str, "Branch"]
    others: Others | None


Branches = Mapping[str, Branch]


@dataclass(frozen=True, slots=True)
class Parts:
    """Entries whose first word is given in part: its start, its end, or what is inside a word that is not ASCII.

    Ends are few: one look tells whether a word has any of them. `inside` is by the first letter.
    """

    starts: Starts[Branch] = field(repr=False)
    ends: Branches = field(repr=False)
    endings: tuple[str, ...] = field(repr=False)
    inside: Mapping[str, tuple[tuple[str, Branch], ...]] = field(repr=False)

    def begun(self, key: str) -> list[Branch]:
        """The entries whose first word this may be."""
        found = [branch for _, branch in self.starts.of(key)]
        if key.endswith(self.endings):
            found.extend(branch for end, branch in self.ends.items() if key.endswith(end))
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


def by_first(meant: Iterable[Meant]) -> Mapping[Part, Mapping[str, Sequence[Meant]]]:
    """Entries by their first word, without it."""
    tables: dict[Part, dict[str, list[Meant]]] = {part: defaultdict(list) for part in Part}
    for form, said in meant:
        text, part, _ = form[0]
        tables[part][text].append((form[1:], said))
    return tables


def branch_of(group: Sequence[Meant]) -> Branch:
    """What is left of entries that begin alike."""
    if len(group) == 1 and (branch := _branch_of_one(*group[0])) is not None:
        return branch
    alone: list[Said] = []
    following: dict[str, list[Meant]] = defaultdict(list)
    others: dict[Form, list[Said]] = defaultdict(list)
    for rest, said in group:
        if not rest:
            alone.append(said)
            continue
        text, part, gap = rest[0]
        if part is _WHOLE and not gap:
            following[text].append((rest[1:], said))
        else:
            others[rest].append(said)
    if not following and not others:
        return _end(tuple(alone))
    return Branch(
        sense=sense_of(tuple(alone)) if alone else None,
        next={key: branch_of(inner) for key, inner in following.items()},
        others=_others({form: sense_of(tuple(said)) for form, said in others.items()}),
    )


def _branch_of_one(rest: Form, said: Said) -> Branch | None:
    """As `branch_of` for most: a single entry that ends, or goes on with certain words."""
    branch = _end((said,))
    for text, part, gap in reversed(rest):
        if gap or part is not _WHOLE:
            return None
        branch = Branch(None, {text: branch}, None)
    return branch


@cache
def _end(said: tuple[Said, ...]) -> Branch:
    """One for all that end and say the same: so do two of three branches."""
    return Branch(sense_of(said), {}, None)


def _others(forms: Mapping[Form, Sense]) -> Others | None:
    if not forms:
        return None
    first = [form[0] for form in forms]
    near, far = ([_opening(piece) for piece in first if piece.gap is gap] for gap in (False, True))
    return Others(tuple(near), tuple(far), tuple(forms.items()))


def _opening(piece: Piece) -> str:
    """How a word that fits begins, as far as that is known."""
    return piece.text if piece.part in (Part.WHOLE, Part.START) else ""


@cache
def sense_of(said: tuple[Said, ...]) -> Sense:
    """One for all words that say the same: there are ten times as many words."""
    concepts: dict[str, tuple[Concept, ...]] = {}
    common: set[str] = set()
    for concept, lang in dict.fromkeys(said):
        if concept is Concept.COMMON:
            common.add(lang)
        else:
            concepts[lang] = (*concepts.get(lang, ()), concept)
    return Sense(frozenset({*concepts, *common}), frozenset(common), concepts)


def index_of(branches: Mapping[Part, Branches]) -> Index:
    """All branches, by how much of their first word they give, ready to be looked up."""
    parts = Parts(
        starts=starts_of(branches[Part.START], _LETTERS),
        ends=branches[Part.END],
        endings=tuple(branches[Part.END]),
        inside=_by_first_letter(branches[Part.INSIDE]),
    )
    return Index({key: (branch, *parts.begun(key)) for key, branch in branches[Part.WHOLE].items()}, parts)


_LETTERS = 4
"""Letters that few starts of words are shorter than."""


def _by_first_letter(inside: Branches) -> Mapping[str, tuple[tuple[str, Branch], ...]]:
    found: dict[str, list[tuple[str, Branch]]] = defaultdict(list)
    for text, branch in inside.items():
        found[text[0]].append((text, branch))
    return {letter: tuple(group) for letter, group in found.items()}
