"""Counts: a tick in the transaction of its cause, folded minutes later into sealed counters; knows no case's id.

A tick is sealed under the statistics subkey and names no case. Folding many at once breaks what the moment of writing
could still tell; a counter is all that remains.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from intake.statistics.cells import Cell, Survey
from intake.store import numbers
from intake.vault.blind import blind_candidates
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey

_TICK = "tick"
_COUNTER = "counter"
_PADDED = 512
"""Bytes that a tick is padded to, in steps: its length must not tell how many persons a case had."""

Counts = Mapping[Cell, int]


def count(conn: Connection, key: ServiceKey, cells: Iterable[tuple[Cell, int]]) -> None:
    """Take down that there is so much more in these cells, in the transaction of the cause; of nothing, nothing."""
    if more := list(cells):
        numbers.add_ticks(conn, [tick(key, more)])


def tick(key: ServiceKey, cells: Iterable[tuple[Cell, int]]) -> bytes:
    """What `count` takes down, for whoever prepares it apart from the transaction."""
    noted = _to_json(dict(cells))
    padded = noted.ljust(-(-len(noted) // _PADDED) * _PADDED)
    return seal_under(key, Purpose.STATISTICS, padded, _TICK)


def fold(conn: Connection, key: ServiceKey, limit: int) -> int:
    """Fold at most `limit` ticks into their counters; returns how many there were."""
    ticks = numbers.take_ticks(conn, limit)
    more = _sum(open_under(key, Purpose.STATISTICS, one, _TICK) for one in ticks)
    hashes = {cell: blind_candidates(key, Purpose.STATISTICS, _name(cell)) for cell in more}
    found = numbers.find_counters(conn, [one for candidates in hashes.values() for one in candidates])
    sealed = {}
    for cell, candidates in hashes.items():
        before = sum(_open_counter(key, one, found[one])[1] for one in candidates if one in found)
        sealed[candidates[0]] = _seal_counter(key, candidates[0], cell, before + more[cell])
    numbers.put_counters(conn, sealed, found)
    return len(ticks)


def read_counts(conn: Connection, key: ServiceKey) -> Counts:
    """Every number that there is, what is not folded yet included."""
    counts = _sum(open_under(key, Purpose.STATISTICS, one, _TICK) for one in numbers.all_ticks(conn))
    for cell_hash, box in numbers.all_counters(conn).items():
        cell, number = _open_counter(key, cell_hash, box)
        counts[cell] += number
    return counts


def _seal_counter(key: ServiceKey, cell_hash: bytes, cell: Cell, number: int) -> bytes:
    return seal_under(key, Purpose.STATISTICS, _to_json({cell: number}), _COUNTER, cell_hash)


def _open_counter(key: ServiceKey, cell_hash: bytes, box: bytes) -> tuple[Cell, int]:
    (found,) = _from_json(open_under(key, Purpose.STATISTICS, box, _COUNTER, cell_hash))
    return found


def _sum(noted: Iterable[bytes]) -> Counter[Cell]:
    total: Counter[Cell] = Counter()
    for one in noted:
        for cell, number in _from_json(one):
            total[cell] += number
    return total


def _name(cell: Cell) -> bytes:
    return json.dumps([cell.survey, cell.period, cell.parts]).encode()


def _to_json(counts: Counts) -> bytes:
    return json.dumps([[cell.survey, cell.period, cell.parts, number] for cell, number in counts.items()]).encode()


def _from_json(text: bytes) -> list[tuple[Cell, int]]:
    return [(Cell(Survey(survey), period, tuple(parts)), number) for survey, period, parts, number in json.loads(text)]
