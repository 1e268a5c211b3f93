"""Fits the weights that stand beside the rules: `python -m benchmarks.learning` writes `triage/data/learned.tsv`.

Softmax regression: one model for all languages, on what the rules found and on the words. The examples that rules were
written on count less, for the rules look better there than they are. Takes minutes.
"""

import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.perturbations import PERTURBATIONS
from triage.assess import gather, load_knowledge
from triage.learned import COLUMNS, HUNDREDTHS, PAIR, TABLES, WORD, Weights, features

CORPORA = Path(__file__).parent.parent / "tests" / "triage" / "corpus"
WRITTEN = Path(__file__).parent.parent / "triage" / "data" / "learned.tsv"
SENTENCES = CORPORA.parent / "label_cases.tsv"
_FRESH, _OLD, _OTHERWISE, _SENTENCE = 1.0, 0.3, 0.25, 4.0
"""How much a text counts: a message that no rule was written on, one of the others, a fresh one written otherwise, and
a sentence of the tests, which the examples must not overrule."""

_MUCH: Mapping[str, float] = {WORD: 0.5, PAIR: 0.4}
"""How strongly words count against what was found in them; without it they would be learned by heart."""

_SELDOM = 3
"""Messages that a feature must occur in."""

_PENALTY = 1e-3
_STEPS, _STEP = 150, 0.05
_LEAST = 0.02
"""Rows that say less than this of every label are left out."""

Matrix = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, its labels by table, and how much it counts."""

    text: str
    labels: Mapping[str, str]
    counts: float


def read_corpus(name: str) -> list[dict[str, Any]]:
    """The messages of a corpus."""
    return [json.loads(line) for line in (CORPORA / name).read_text(encoding="utf-8").splitlines()]


def lessons() -> list[Lesson]:
    """What teaches: fresh messages, the same written otherwise, those of the rules, and the sentences of the tests."""
    fresh, old = read_corpus("learn.jsonl"), read_corpus("seen.jsonl")
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        sentences = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        *(Lesson(one["text"], one, _FRESH) for one in fresh),
        *(Lesson(one["text"], one, _SENTENCE) for one in sentences),
        *(Lesson(text, one, _OTHERWISE) for one in fresh for text in _otherwise(one)),
        *(Lesson(one["text"], one, _OLD) for one in old),
    ]


def _otherwise(message: Mapping[str, Any]) -> Iterator[str]:
    """One way in which the message may be written too: typing is no label."""
    chance = random.Random(message["id"])
    ways = [one for one in PERTURBATIONS if not one.apart]
    if sent := chance.choice(ways).change(message["text"], message["lang"], chance):
        yield "\n".join(sent)


def known(texts: Iterable[str]) -> list[Sequence[str]]:
    """The features of each text."""
    knowledge = load_knowledge()
    return [features(gather(text, knowledge).evidence) for text in texts]


def kept(found: Sequence[Sequence[str]]) -> list[str]:
    """The features that occur often enough, sorted."""
    return sorted(name for name, times in Counter(name for one in found for name in one).items() if times >= _SELDOM)


@dataclass(frozen=True, slots=True)
class Sparse:
    """Which features each text has: texts and features side by side, ordered by text; `by_feature` orders them anew."""

    texts: Places
    features: Places
    much: Matrix
    by_feature: Places

    def times(self, weights: Weights) -> Matrix:
        """A row a text: the sum of its features' weights."""
        return _summed(weights[self.features] * self.much[:, None], self.texts)

    def slope(self, wrong: Matrix) -> Weights:
        """A row a feature: the sum of what was wrong in its texts."""
        order = self.by_feature
        return _summed(wrong[self.texts[order]] * self.much[order, None], self.features[order])


def _summed(rows: Matrix, of: Places) -> Matrix:
    """Neighbouring rows of the same number added up."""
    begins = np.flatnonzero(np.diff(of, prepend=-1))
    summed: Matrix = np.add.reduceat(rows, begins)
    return summed


def sparse(found: Sequence[Sequence[str]], names: Sequence[str]) -> Sparse:
    """The features of some texts, of those named; every name must occur, and every text have one."""
    columns = {name: column for column, name in enumerate(names)}
    pairs = [(text, columns[name]) for text, one in enumerate(found) for name in one if name in columns]
    texts, places = np.array(pairs, np.int64).T
    return Sparse(texts, places, _scale(names)[places], np.argsort(places, kind="stable"))


def fit(there: Sparse, wanted: Matrix, counts: Matrix, rows: int) -> Weights:
    """Weights, so many `rows`, by which `there` says what is `wanted`: Adam's gradient steps, all messages at once."""
    weights = np.zeros((rows, len(COLUMNS)), np.float32)
    speed, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        wrong = (_shares(there.times(weights)) - wanted) * (counts / counts.sum())[:, None]
        slope = there.slope(wrong) + _PENALTY * weights
        # In place, and so in 32 bits all along.
        speed *= 0.9
        speed += 0.1 * slope
        spread *= 0.99
        spread += 0.01 * slope * slope
        fresh = (1 - 0.9**step), (1 - 0.99**step)
        weights -= _STEP * (speed / fresh[0]) / (np.sqrt(spread / fresh[1]) + 1e-8)
    return weights


def labels_of(taught: Sequence[Lesson]) -> Matrix:
    """A row a lesson, a column a label: 1 for those that it bears."""
    columns = {name: column for column, name in enumerate(COLUMNS)}
    wanted = np.zeros((len(taught), len(COLUMNS)), np.float32)
    for row, one in enumerate(taught):
        wanted[row, [columns[f"{table}={one.labels[table]}"] for table in TABLES]] = 1
    return wanted


def written(names: Sequence[str], weights: Weights) -> str:
    """The weights as a table: what a feature adds to each label, in hundredths."""
    added = np.rint(weights * _scale(names)[:, None] * HUNDREDTHS).astype(int)
    telling = np.abs(added).max(axis=1) >= _LEAST * HUNDREDTHS
    rows = ["\t".join((name, *map(str, row))) for name, row, tells in zip(names, added, telling, strict=True) if tells]
    return "\n".join(("\t".join(("feature", *COLUMNS)), *rows)) + "\n"


def _scale(names: Sequence[str]) -> Matrix:
    return np.array(
        [next((much for head, much in _MUCH.items() if name.startswith(head)), 1.0) for name in names], np.float32
    )


def _shares(totals: Matrix) -> Matrix:
    found = np.empty_like(totals)
    begin = 0
    for labels in TABLES.values():
        own = slice(begin, begin := begin + len(labels))
        raised = np.exp(totals[:, own] - totals[:, own].max(axis=1, keepdims=True))
        found[:, own] = raised / raised.sum(axis=1, keepdims=True)
    return found


def main() -> int:
    """Fit, and write the weights; returns 0."""
    taught = lessons()
    found = known(one.text for one in taught)
    names = kept([one for one, lesson in zip(found, taught, strict=True) if lesson.counts != _OTHERWISE])
    counts = np.array([one.counts for one in taught], np.float32)
    weights = fit(sparse(found, names), labels_of(taught), counts, len(names))
    WRITTEN.write_text(written(names, weights), encoding="utf-8")
    print(f"{len(taught)} messages, {len(names)} features: {WRITTEN.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
