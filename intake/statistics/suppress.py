"""Which numbers of a publication must not show, so that no small one can be worked out; pure, knows no table.

Whoever reads the publication knows every number that shows and every sum that holds between them. A small number is
safe only if those equations leave it open: that is looked at with linear algebra over the whole publication, not table
by table. The cell suppression problem, with a greedy choice of what else to hide (e.g. Willenborg & de Waal, *Elements
of Statistical Disclosure Control*, chapter 3).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

Name: TypeAlias = Hashable
SMALLEST_SHOWN = 5
"""Numbers from 1 to one less than this do not show. Nought shows: it tells of nobody."""

_PRIME = (1 << 61) - 1
"""Elimination is done modulo this: sums have coefficients of 1 and -1, and whole numbers stay small and exact."""


class Sum(NamedTuple):
    """A total is the sum of its parts, as everybody knows who reads the table."""

    total: Name
    parts: tuple[Name, ...]


def hidden_names(values: Mapping[Name, int], sums: Sequence[Sum], never_shown: Iterable[Name] = ()) -> frozenset[Name]:
    """The numbers that must not show: the small ones, and as many others as it takes to keep those open.

    `never_shown` are numbers that follow from others and stand in no table, such as all who are *not* of a kind.
    """
    small = {name for name, value in values.items() if 0 < value < SMALLEST_SHOWN}
    hidden = small | set(never_shown)
    while more := _remainders(values, sums, hidden) or _cover(values, sums, hidden, small):
        hidden |= more
    return frozenset(hidden)


def determined(sums: Iterable[Sum], hidden: Iterable[Name]) -> set[Name]:
    """Those of the hidden numbers that the sums give away, all others being known."""
    unknown = set(hidden)
    rows: dict[Name, dict[Name, int]] = {}
    for one in sums:
        row = {name: _PRIME - 1 for name in one.parts if name in unknown}
        if one.total in unknown:
            row[one.total] = 1
        _eliminate(rows, row)
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _eliminate(rows: dict[Name, dict[Name, int]], row: dict[Name, int]) -> None:
    """Add an equation to a system in reduced form, which maps each pivot to its row."""
    for pivot in [name for name in row if name in rows]:
        _subtract(row, rows[pivot], row[pivot])
    if not row:
        return
    pivot, leading = next(iter(row.items()))
    inverse = pow(leading, -1, _PRIME)
    reduced = {name: value * inverse % _PRIME for name, value in row.items()}
    for other in rows.values():
        if pivot in other:
            _subtract(other, reduced, other[pivot])
    rows[pivot] = reduced


def _subtract(row: dict[Name, int], other: Mapping[Name, int], times: int) -> None:
    for name, value in other.items():
        left = (row.get(name, 0) - times * value) % _PRIME
        if left:
            row[name] = left
        else:
            row.pop(name, None)


def _remainders(values: Mapping[Name, int], sums: Sequence[Sum], hidden: set[Name]) -> set[Name]:
    """One more to hide for each total that shows while what is hidden of it is small together, or is one each.

    Nought shows, so what is hidden is one at the least: five hidden numbers of the sum five are known.
    """
    more: set[Name] = set()
    for one in sums:
        rest = [name for name in one.parts if name in hidden or name in more]
        together = sum(values[name] for name in rest)
        if one.total in hidden or one.total in more or not 0 < together < max(SMALLEST_SHOWN, len(rest) + 1):
            continue
        more.add(_smallest(values, one.parts, hidden | more) or one.total)
    return more


def _cover(values: Mapping[Name, int], sums: Sequence[Sum], hidden: set[Name], small: set[Name]) -> set[Name]:
    """One more to hide for each small number that can be worked out, or nothing when none can."""
    more: set[Name] = set()
    for name in sorted(small & determined(sums, hidden), key=repr):
        beside = [other for one in sums if name in (one.total, *one.parts) for other in (*one.parts, one.total)]
        found = _smallest(values, beside, hidden | more) or _smallest(values, values, hidden | more)
        if found is not None:
            more.add(found)
    return more


def _smallest(values: Mapping[Name, int], names: Iterable[Name], hidden: set[Name]) -> Name | None:
    shown = [name for name in names if name not in hidden and values[name] > 0]
    return min(shown, key=lambda name: (values[name], repr(name)), default=None)
