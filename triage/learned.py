"""What labelled examples say beside the rules: weights of signs, rules and words; knows no language and no place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import chain, islice, pairwise
from math import exp, log2

import numpy as np
from numpy.typing import NDArray

from triage.hits import Read
from triage.model import Kind, Minor, Span, Type, Urgency
from triage.rules import Signs, Verdict
from triage.words import folded

Weights = NDArray[np.float32]
"""One row a feature, one column a label; or one such row."""

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
"""Weights are written as whole hundredths, so that two versions can be compared line by line."""

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
    keys = _keys(found)
    own = chain.from_iterable(map(_own, dict.fromkeys(keys)))
    return Features(tuple(_circumstances(found)), tuple(dict.fromkeys((*own, *_pairs(keys)))))


def _keys(found: Evidence) -> Sequence[str]:
    keys = found.text.words.keys
    return keys if found.text.text.isascii() else [folded(key) for key in keys]


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
class Opinion:
    """What the examples say of one text: how likely each label is, by table; a table's shares are 1 together.

    `names` are the features that have weights, `weights` a row for each of them.
    """

    shares: Shares
    found: Evidence = field(repr=False)
    names: Sequence[str] = field(repr=False)
    weights: Weights = field(repr=False)

    def why(self, label: str, rather_than: str) -> tuple[Span, ...]:
        """The words that spoke most for one label (``kind=help``) and against the other, in the order of the text."""
        spoke = self.weights[:, COLUMNS.index(label)] - self.weights[:, COLUMNS.index(rather_than)]
        loudest = (self.names[row] for row in np.argsort(-spoke, kind="stable").tolist() if spoke[row] > 0)
        standing = islice((name for name in loudest if name.startswith(_STANDING)), _SHOWN)
        shown = {(span.start, span.end) for name in standing for span in _places(name, self.found)}
        return tuple(Span(*ends) for ends in sorted(shown))


_STANDING = (SIGN, WORD, PAIR, PART)


def _places(name: str, found: Evidence) -> list[Span]:
    """Where a feature stands."""
    words, keys = found.text.words, _keys(found)
    _, _, what = name.partition(" ")
    if name.startswith(SIGN):
        return [hit.span for hit in found.signs[what]]
    if name.startswith(PAIR):
        pairs = enumerate(pairwise(keys))
        return [Span(words.starts[at], words.ends[at + 1]) for at, pair in pairs if " ".join(pair) == what]
    fits = what.__eq__ if name.startswith(WORD) else lambda key: what in _framed(key)
    return [Span(words.starts[at], words.ends[at]) for at, key in enumerate(keys) if fits(key)]


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights, and in which row each feature has its own."""

    rows: Mapping[str, int] = field(repr=False)
    weights: Weights = field(repr=False)

    def weigh(self, found: Evidence) -> Opinion:
        """What the examples make of a text.

        Examples are short: the many words of a longer text weigh no more together than those of one as long as they.
        """
        told = features(found)
        circumstances = [name for name in told.found if name in self.rows]
        names = circumstances + [name for name in told.said if name in self.rows]
        weights = self.weights[[self.rows[name] for name in names]]
        if found.text.length > LONG:
            weights[len(circumstances) :] *= LONG / found.text.length
        return Opinion(_shares(weights.sum(axis=0).tolist()), found, names, weights)


def _shares(totals: Sequence[float]) -> Shares:
    """Sums of weights, a column each, as shares (softmax of each table)."""
    columns = iter(totals)
    return {table: _share(dict(zip(labels, columns, strict=False))) for table, labels in TABLES.items()}


def _share(own: Mapping[str, float]) -> Mapping[str, float]:
    most = max(own.values())
    raised = {label: exp(total - most) for label, total in own.items()}
    together = sum(raised.values())
    return {label: share / together for label, share in raised.items()}


def load_learned() -> Learned:
    """Read the packaged weights, `data/learned.tsv`: a feature a line, a weight a column.

    Raises:
        ValueError: the columns are not the labels that there are, or a weight is no number.
    """
    path = resources.files("triage") / "data" / "learned.tsv"
    header, *lines = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line)
    if tuple(header[1:]) != COLUMNS:
        raise ValueError("learned.tsv has other columns than there are labels")
    weights = np.array([line[1:] for line in lines], dtype=np.float32) / np.float32(HUNDREDTHS)
    return Learned({line[0]: row for row, line in enumerate(lines)}, weights)
