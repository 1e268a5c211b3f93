"""Which of very many beginnings a text has, without trying them all; knows no word and no meaning."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Starts(Generic[Value]):
    """Values by a beginning. `sizes` are the lengths of those beginnings that share their first `letters` letters.

    `short` are the lengths of those that have fewer letters.
    """

    values: Mapping[str, Value] = field(repr=False)
    letters: int
    sizes: Mapping[str, tuple[int, ...]] = field(repr=False)
    short: tuple[int, ...]

    def of(self, text: str, at: int = 0) -> list[tuple[str, Value]]:
        """All beginnings that the text has at a place, with their values, the shortest first."""
        values, room = self.values, len(text) - at
        sizes = self.sizes.get(text[at : at + self.letters], self.short)
        if not sizes:
            return []
        return [(start, values[start]) for size in sizes if size <= room and (start := text[at : at + size]) in values]


def starts_of(values: Mapping[str, Value], letters: int) -> Starts[Value]:
    """Beginnings to be told apart by so many first letters: as many as most of them have."""
    sizes: dict[str, set[int]] = defaultdict(set)
    short = sorted({len(start) for start in values if len(start) < letters})
    for start in values:
        sizes[start[:letters]].add(len(start))
    for opening, found in sizes.items():
        found.update(size for size in short if opening[:size] in values)
    return Starts(values, letters, {opening: tuple(sorted(found)) for opening, found in sizes.items()}, tuple(short))
