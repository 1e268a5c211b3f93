"""Fits one small network: a layer of hidden units, and a way past them; knows no text, only which features it has.

Softmax of each table over the sum of both ways; cross entropy, in small batches (Adam), with features and units left
out by chance (dropout), so that none is relied on alone. Libraries that do it bring gigabytes along.
"""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from triage.learned import TABLES, Layers, Weights

_UNITS = 32
_EPOCHS, _BATCH = 6, 128
_STEP = 5e-3
"""How far the first step goes; later ones shorter, down to nothing."""

_FEATURES_OUT, _UNITS_OUT = 0.2, 0.4
_SPREAD = 0.05


def fit(there: csr_array, wanted: Weights, counts: Weights, seed: int) -> Layers:
    """The network by which texts get the labels `wanted` (a row a text, 1 for its labels), each weighed by `counts`."""
    chance = np.random.default_rng(seed)
    network = _begun(there.shape[1], wanted.shape[1], chance)
    speeds, spreads = ([np.zeros_like(part) for part in _parts(network)] for _ in range(2))
    batches = list(_batches(there.shape[0], chance))
    for step, batch in enumerate(batches, start=1):
        slopes = _slopes(network, there[batch], wanted[batch], counts[batch], chance)
        length = np.float32(_STEP * (1 - step / len(batches)))
        for part, slope, speed, spread in zip(_parts(network), _parts(slopes), speeds, spreads, strict=True):
            _adam(part, slope, speed, spread, step, length)
    return network


def _begun(features: int, labels: int, chance: np.random.Generator) -> Layers:
    return Layers(
        past=np.zeros((features, labels), np.float32),
        inner=(_SPREAD * chance.standard_normal((features, _UNITS), np.float32)),
        outer=((2 * chance.random((_UNITS, labels), np.float32) - 1) / np.sqrt(np.float32(_UNITS))),
        at_rest=np.zeros(labels, np.float32),
        idle=np.zeros(_UNITS, np.float32),
    )


def _parts(layers: Layers) -> list[Weights]:
    return [getattr(layers, part.name) for part in fields(layers)]


def _batches(texts: int, chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(_EPOCHS):
        order = chance.permutation(texts)
        yield from (order[begin : begin + _BATCH] for begin in range(0, texts, _BATCH))


def _slopes(network: Layers, there: csr_array, wanted: Weights, counts: Weights, chance: np.random.Generator) -> Layers:
    """How the error of a batch grows with each weight."""
    there = csr_array((_thinned(there.data, _FEATURES_OUT, chance), there.indices, there.indptr), shape=there.shape)
    units = there @ network.inner + network.idle
    awake = _thinned((units > 0).astype(np.float32), _UNITS_OUT, chance)
    said = (units * awake) @ network.outer + there @ network.past + network.at_rest
    wrong = (_shares(said) - wanted) * (counts / np.float32(len(counts)))[:, None]
    inwards = (wrong @ network.outer.T) * awake
    features = there.T.tocsr()
    return Layers(
        features @ wrong, features @ inwards, (units * awake).T @ wrong, wrong.sum(axis=0), inwards.sum(axis=0)
    )


def _thinned(values: Weights, share: float, chance: np.random.Generator) -> Weights:
    """Some of them 0, the others larger, so that the sum is the same on average."""
    thinned: Weights = values * (chance.random(values.shape, np.float32) >= share) / np.float32(1 - share)
    return thinned


def _shares(totals: Weights) -> Weights:
    found = np.empty_like(totals)
    begin = 0
    for labels in TABLES.values():
        own = slice(begin, begin := begin + len(labels))
        raised = np.exp(totals[:, own] - totals[:, own].max(axis=1, keepdims=True))
        found[:, own] = raised / raised.sum(axis=1, keepdims=True)
    return found


def _adam(part: Weights, slope: Weights, speed: Weights, spread: Weights, step: int, length: np.float32) -> None:
    """One step of Kingma and Ba's Adam (2015), in place."""
    speed *= np.float32(0.9)
    speed += np.float32(0.1) * slope
    spread *= np.float32(0.999)
    spread += np.float32(0.001) * slope * slope
    mean, square = speed / np.float32(1 - 0.9**step), spread / np.float32(1 - 0.999**step)
    part -= length * mean / (np.sqrt(square) + np.float32(1e-8))
