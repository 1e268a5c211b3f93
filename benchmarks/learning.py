"""Fits the weights that stand beside the rules: `python -m benchmarks.learning` writes `triage/data/learned.npz`.

Small networks, side by side: one model for all languages, on what the rules found, on the words and on parts of them.
Each sees the texts in another order, and together they err less than one. The examples that rules were written on count
less, for the rules look better there than they are. Takes minutes.
"""

import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from benchmarks.networks import fit
from benchmarks.perturbations import PERTURBATIONS
from triage.assess import gather, load_knowledge
from triage.learned import COLUMNS, PAIR, PART, TABLES, WORD, Layers, Learned, Weights, features, packed, save_learned

CORPORA = Path(__file__).parent.parent / "tests" / "triage" / "corpus"
WRITTEN = Path(__file__).parent.parent / "triage" / "data" / "learned.npz"
SENTENCES = CORPORA.parent / "label_cases.tsv"
_FRESH, _OLD, _OTHERWISE, _SENTENCE = 1.0, 0.3, 0.25, 4.0
"""How much a text counts: a message that no rule was written on, one of the others, a fresh one written otherwise, and
a sentence of the tests, which the examples must not overrule."""

_MUCH: Mapping[str, float] = {WORD: 0.5, PAIR: 0.4, PART: 0.3}
"""How strongly words count against what was found in them; without it they would be learned by heart."""

_SELDOM = 3
"""Messages that a feature must occur in."""

_NETWORKS = 3
_LEAST = 0.05
"""Features that add less than this to every label and hidden unit are left out."""


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
    told = (features(gather(text, knowledge).evidence) for text in texts)
    return [(*one.found, *one.said) for one in told]


def kept(found: Sequence[Sequence[str]]) -> list[str]:
    """The features that occur often enough, sorted."""
    return sorted(name for name, times in Counter(name for one in found for name in one).items() if times >= _SELDOM)


def table_of(found: Sequence[Sequence[str]], names: Sequence[str]) -> csr_array:
    """A row a text, a column a feature of those named: how much it counts where it is there, else 0."""
    columns = {name: column for column, name in enumerate(names)}
    rows = [[columns[name] for name in one if name in columns] for one in found]
    there = np.concatenate([np.array(row, np.int32) for row in rows])
    ends = np.cumsum([0, *map(len, rows)])
    return csr_array((_scale(names)[there], there, ends), shape=(len(rows), len(names)))


def labels_of(taught: Sequence[Lesson]) -> Weights:
    """A row a lesson, a column a label: 1 for those that it bears."""
    columns = {name: column for column, name in enumerate(COLUMNS)}
    wanted = np.zeros((len(taught), len(COLUMNS)), np.float32)
    for row, one in enumerate(taught):
        wanted[row, [columns[f"{table}={one.labels[table]}"] for table in TABLES]] = 1
    return wanted


def side_by_side(networks: Sequence[Layers], names: Sequence[str]) -> Layers:
    """Networks as one, which says the mean of what they say; each weight as it counts where its feature is there."""
    many, scale = np.float32(len(networks)), _scale(names)[:, None]
    return Layers(
        past=scale * np.mean([one.past for one in networks], axis=0, dtype=np.float32),
        inner=scale * np.concatenate([one.inner for one in networks], axis=1),
        outer=np.concatenate([one.outer / many for one in networks]),
        at_rest=np.mean([one.at_rest for one in networks], axis=0, dtype=np.float32),
        idle=np.concatenate([one.idle for one in networks]),
    )


def telling(names: Sequence[str], layers: Layers) -> Learned:
    """The network as it is packaged, without the features that hardly say anything."""
    tells = np.maximum(np.abs(layers.past).max(axis=1), np.abs(layers.inner).max(axis=1)) >= _LEAST
    left = [name for name, told in zip(names, tells, strict=True) if told]
    return packed(left, replace(layers, past=layers.past[tells], inner=layers.inner[tells]))


def _scale(names: Sequence[str]) -> Weights:
    return np.array(
        [next((much for head, much in _MUCH.items() if name.startswith(head)), 1.0) for name in names], np.float32
    )


def main() -> int:
    """Fit, and write the weights; returns 0."""
    taught = lessons()
    found = known(one.text for one in taught)
    names = kept([one for one, lesson in zip(found, taught, strict=True) if lesson.counts != _OTHERWISE])
    there, wanted = table_of(found, names), labels_of(taught)
    counts = np.array([one.counts for one in taught], np.float32)
    layers = side_by_side([fit(there, wanted, counts, seed) for seed in range(_NETWORKS)], names)
    learned = telling(names, layers)
    save_learned(learned, WRITTEN)
    print(f"{len(taught)} messages, {len(learned.names)} features: {WRITTEN.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
