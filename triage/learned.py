"""What labelled examples say beside the rules: weights of signs, rules and words; knows no language and no place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import chain, pairwise
from math import log2

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

SIGN, WORD, PAIR = "sign ", "word ", "pair "
"""How the names of those features begin that stand somewhere in the text."""

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


def features(found: Evidence) -> Sequence[str]:
    """What the weights are of, each once: what was found, how long the text is, its words and neighbouring words.

    Words have no diacritics: they must weigh the same when somebody types without.
    """
    keys = _keys(found)
    words = (WORD + key for key in keys)
    pairs = (f"{PAIR}{one} {other}" for one, other in pairwise(keys))
    return tuple(dict.fromkeys(chain(_circumstances(found), words, pairs)))


def _keys(found: Evidence) -> Sequence[str]:
    return tuple(map(folded, found.text.words.keys))


def _circumstances(found: Evidence) -> Iterator[str]:
    yield "any"
    yield f"length {min(int(log2(found.text.length + 1)), _LONGEST)}"
    yield from (SIGN + name for name in found.signs if "=" not in name)
    for table, verdict in found.verdicts.items():
        yield f"label {table}={verdict.label}"
        yield f"rule {table}: {verdict.rule}"
    yield from (f"doubt {doubt.label}" for doubt in found.doubts)


def _places(found: Evidence) -> Iterator[tuple[str, Span]]:
    """Where those features stand that stand somewhere."""
    words, keys = found.text.words, _keys(found)
    spans = [Span(*ends) for ends in zip(words.starts, words.ends, strict=True)]
    yield from ((SIGN + name, hit.span) for name, hits in found.signs.items() for hit in hits)
    yield from zip((WORD + key for key in keys), spans, strict=True)
    for (one, first), (other, last) in pairwise(zip(keys, spans, strict=True)):
        yield f"{PAIR}{one} {other}", Span(first.start, last.end)


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights, and in which row each feature has its own."""

    rows: Mapping[str, int] = field(repr=False)
    weights: Weights = field(repr=False)

    def shares(self, found: Evidence) -> Shares:
        """How likely each label is by the examples, by table; a table's shares are 1 together.

        Examples are short: the many words of a longer text weigh no more together than those of one as long as they.
        """
        names = [name for name in features(found) if name in self.rows]
        words = [self.rows[name] for name in names if name.startswith((WORD, PAIR))]
        others = [self.rows[name] for name in names if not name.startswith((WORD, PAIR))]
        share = min(1.0, LONG / max(found.text.length, 1.0))
        return _shares(self.weights[others].sum(axis=0) + np.float32(share) * self.weights[words].sum(axis=0))

    def why(self, found: Evidence, label: str, rather_than: str) -> tuple[Span, ...]:
        """The words that spoke most for one label (``kind=help``) and against the other, in the order of the text."""
        more, less = COLUMNS.index(label), COLUMNS.index(rather_than)
        places: dict[str, list[Span]] = defaultdict(list)
        for name, span in _places(found):
            places[name].append(span)
        spoke = {
            name: self.weights[row, more] - self.weights[row, less]
            for name in places
            if (row := self.rows.get(name)) is not None
        }
        loudest = sorted((name for name, weight in spoke.items() if weight > 0), key=spoke.__getitem__, reverse=True)
        shown = {(span.start, span.end) for name in loudest[:_SHOWN] for span in places[name]}
        return tuple(Span(*ends) for ends in sorted(shown))


def _shares(total: Weights) -> Shares:
    """Sums of weights as shares (softmax of each table)."""
    found: dict[str, Mapping[str, float]] = {}
    begin = 0
    for table, labels in TABLES.items():
        own = total[begin : begin + len(labels)]
        raised = np.exp(own - own.max())
        found[table] = dict(zip(labels, (raised / raised.sum()).tolist(), strict=True))
        begin += len(labels)
    return found


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
