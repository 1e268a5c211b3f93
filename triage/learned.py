"""What labelled examples say beside the rules: weights of what was found and said; knows no language and no place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import chain, islice, pairwise
from math import exp, log2
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.hits import Read
from triage.model import Kind, Minor, Span, Type, Urgency
from triage.rules import Signs, Verdict

Weights = NDArray[np.float32]
"""Rows and columns of numbers."""

Shares = Mapping[str, Mapping[str, float]]
"""How likely each label is, by table."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "minor": tuple(Minor),
    "type": tuple(Type),
    "urgency": tuple(Urgency),
}
"""The labels of each table, in the order of the columns."""

COLUMNS = tuple(f"{table}={label}" for table, labels in TABLES.items() for label in labels)

HUNDREDTHS = 100
"""What a feature adds is kept in whole hundredths: finer ones change no label, and a row is soon fetched."""

SIGN, WORD, PAIR, PART = "sign ", "word ", "pair ", "part "
"""How the names of those features begin that stand somewhere in the text."""

_LETTERS, _HAN_LETTERS = 4, 2
"""Letters of a part of a word, its ends counted; a word of Han writing has but two."""

_LONGEST = 6
LONG = 2**_LONGEST
"""Words from which on a text is longer than the examples are; all of those are alike in length."""

_SHOWN = 4
"""How many features explain a label."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a text once the rules have spoken: `signs` by name, and what each table decided."""

    text: Read
    signs: Signs = field(repr=False)
    verdicts: Mapping[str, Verdict]
    doubts: Sequence[Verdict]


@dataclass(frozen=True, slots=True)
class Features:
    """What the weights of a text are of, each once: what was `found` in it, and what it has `said`."""

    found: Sequence[str] = field(repr=False)
    said: Sequence[str] = field(repr=False)


def features(found: Evidence) -> Features:
    """What was found and how long the text is; its words, neighbouring words and parts of words.

    They have no diacritics: they must weigh the same when somebody types without. Parts are what a bent, joined or
    mistyped word has in common with those of the examples.
    """
    keys = found.text.words.bare
    own = chain.from_iterable(map(_own, dict.fromkeys(keys)))
    return Features(tuple(_circumstances(found)), tuple(dict.fromkeys((*own, *_pairs(keys)))))


def _pairs(keys: Iterable[str]) -> list[str]:
    return [f"{PAIR}{one} {other}" for one, other in pairwise(keys)]


def _own(key: str) -> list[str]:
    """A word and its parts."""
    framed, letters = _framed(key), _HAN_LETTERS if key[0] >= _HAN else _LETTERS
    found = [PART + framed[begin : begin + letters] for begin in range(len(framed) - letters + 1)]
    found.append(WORD + key)
    return found


def _framed(key: str) -> str:
    """A word with its ends; the words of a run without spaces have none that could be seen."""
    return key if key[0] >= _HAN else f" {key} "


_HAN = "\u2e80"
"""The first sign of the scripts whose words have two or three signs."""


def _circumstances(found: Evidence) -> Iterator[str]:
    yield "any"
    yield f"length {min(int(log2(found.text.length + 1)), _LONGEST)}"
    yield from (SIGN + name for name in found.signs if "=" not in name)
    for table, verdict in found.verdicts.items():
        yield f"label {table}={verdict.label}"
        yield f"rule {table}: {verdict.rule}"
    yield from (f"doubt {doubt.label}" for doubt in found.doubts)


@dataclass(frozen=True, slots=True)
class Layers:
    """A network with one layer of hidden units (ReLU), and a way past them.

    `past` has a row a feature and a column a label, `inner` a row a feature and a column a hidden unit, `outer` a row a
    hidden unit and a column a label. `at_rest` is what each label, and `idle` what each hidden unit, begins with.
    """

    past: Weights = field(repr=False)
    inner: Weights = field(repr=False)
    outer: Weights = field(repr=False)
    at_rest: Weights = field(repr=False)
    idle: Weights = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the examples say of one text: how likely each label is, by table; a table's shares are 1 together.

    `rows` are those of its features that have weights, `added` what each adds to the labels and then to the hidden
    units, `weights` how much it counts, and `awake` which units the text wakes: of those alone, all is a sum, and tells
    what each feature added.
    """

    shares: Shares
    found: Evidence = field(repr=False)
    learned: "Learned" = field(repr=False)
    rows: Sequence[int] = field(repr=False)
    added: Weights = field(repr=False)
    weights: Weights = field(repr=False)
    awake: NDArray[np.bool_] = field(repr=False)

    def why(self, label: str, rather_than: str) -> tuple[Span, ...]:
        """The words that spoke most for one label (``kind=help``) and against the other, in the order of the text."""
        more, less = COLUMNS.index(label), COLUMNS.index(rather_than)
        past, outer = np.zeros(len(COLUMNS), np.float32), self.learned.outer
        past[[more, less]] = 1, -1
        spoken = np.concatenate([past, (outer[:, more] - outer[:, less]) * self.awake])
        added = self.weights * (self.added @ spoken)
        loudest = (self.rows[at] for at in np.argsort(-added, kind="stable").tolist() if added[at] > 0)
        standing = (name for name in map(self.learned.names.__getitem__, loudest) if name.startswith(_STANDING))
        shown = {(span.start, span.end) for name in islice(standing, _SHOWN) for span in _places(name, self.found)}
        return tuple(Span(*ends) for ends in sorted(shown))


_STANDING = (SIGN, WORD, PAIR, PART)


def _places(name: str, found: Evidence) -> list[Span]:
    """Where a feature stands."""
    words, keys = found.text.words, found.text.words.bare
    _, _, what = name.partition(" ")
    if name.startswith(SIGN):
        return [hit.span for hit in found.signs[what]]
    if name.startswith(PAIR):
        first, _, second = what.partition(" ")
        pairs = [at for at, pair in enumerate(pairwise(keys)) if pair == (first, second)]
        return [Span(words.starts[at], words.ends[at + 1]) for at in pairs]
    letters = what.strip(" ")
    holding = [at for at, key in enumerate(keys) if letters in key]
    fits = what.__eq__ if name.startswith(WORD) else lambda key: what in _framed(key)
    return [Span(words.starts[at], words.ends[at]) for at in holding if fits(keys[at])]


@dataclass(frozen=True, slots=True)
class Learned:
    """What is packaged of a network: in `added`, of each feature in its row, `past` and then `inner`, in hundredths.

    `rows` are the rows by feature, and `own` of a word that has weights, its own and its parts': worked out once, for
    most words of most texts are among those.
    """

    names: Sequence[str] = field(repr=False)
    added: NDArray[np.int8] = field(repr=False)
    outer: Weights = field(repr=False)
    at_rest: Weights = field(repr=False)
    idle: Weights = field(repr=False)
    rows: Mapping[str, int] = field(init=False, repr=False)
    own: Mapping[str, Sequence[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Number the features."""
        object.__setattr__(self, "rows", {name: row for row, name in enumerate(self.names)})
        words = (name.removeprefix(WORD) for name in self.names if name.startswith(WORD))
        object.__setattr__(self, "own", {word: self._rows(_own(word)) for word in words})

    def weigh(self, found: Evidence) -> Opinion:
        """What the examples make of a text.

        Examples are short: the many words of a longer text weigh no more together than those of one as long as they.
        """
        circumstances, said = self._rows(_circumstances(found)), self._said(found.text.words.bare)
        rows = (*circumstances, *said)
        added = self.added.take(rows, axis=0).astype(np.float32)
        weights = np.full(len(rows), 1 / HUNDREDTHS, np.float32)
        if found.text.length > LONG:
            weights[len(circumstances) :] *= LONG / found.text.length
        sums = weights @ added
        units = sums[len(COLUMNS) :] + self.idle
        totals = sums[: len(COLUMNS)] + self.at_rest + np.maximum(units, 0) @ self.outer
        return Opinion(_shares(totals.tolist()), found, self, rows, added, weights, units > 0)

    def _said(self, keys: Sequence[str]) -> Iterable[int]:
        """The rows of what `features` finds said."""
        rows: list[int] = []
        for key in dict.fromkeys(keys):
            rows += self.own.get(key) or self._rows(_own(key))
        return dict.fromkeys(rows + self._rows(_pairs(keys)))

    def _rows(self, names: Iterable[str]) -> list[int]:
        return [row for name in names if (row := self.rows.get(name)) is not None]


def packed(names: Sequence[str], layers: Layers) -> Learned:
    """A network as it is packaged, with the names of its features in order.

    Raises:
        OverflowError: a feature adds more than 1.27.
    """
    hundredths = np.rint(np.concatenate([layers.past, layers.inner], axis=1) * HUNDREDTHS)
    if np.abs(hundredths).max() > np.iinfo(np.int8).max:
        raise OverflowError("a feature adds more than a byte of hundredths holds")
    return Learned(names, hundredths.astype(np.int8), layers.outer, layers.at_rest, layers.idle)


def _shares(totals: Sequence[float]) -> Shares:
    """Sums of weights, a column each, as shares (softmax of each table)."""
    columns = iter(totals)
    return {table: _share(dict(zip(labels, columns, strict=False))) for table, labels in TABLES.items()}


def _share(own: Mapping[str, float]) -> Mapping[str, float]:
    most = max(own.values())
    raised = {label: exp(total - most) for label, total in own.items()}
    together = sum(raised.values())
    return {label: share / together for label, share in raised.items()}


_ARRAYS = ("added", "outer", "at_rest", "idle")


def load_learned() -> Learned:
    """Read the packaged network, `data/learned.npz`.

    Raises:
        ValueError: the columns are not the labels that there are.
    """
    with (resources.files("triage") / "data" / "learned.npz").open("rb") as file, np.load(file) as arrays:
        names, labels = (bytes(arrays[lines]).decode().split("\n") for lines in ("names", "labels"))
        if tuple(labels) != COLUMNS:
            raise ValueError("learned.npz has other columns than there are labels")
        return Learned(names, *(arrays[name] for name in _ARRAYS))


def save_learned(learned: Learned, path: Path) -> None:
    """Write a network as `load_learned` reads it; names and labels a line each."""
    lines = {"names": learned.names, "labels": COLUMNS}
    texts: dict[str, Any] = {name: np.frombuffer("\n".join(told).encode(), np.uint8) for name, told in lines.items()}
    np.savez_compressed(path, **{name: getattr(learned, name) for name in _ARRAYS}, **texts)
