"""Tables that are published together and so suppressed together: rows, columns and the sums between them; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from intake.statistics.suppress import Name, Sum, hidden_names

TOTAL = "*"
"""The row or column of a total."""
_ALL = ("all",)


@dataclass(frozen=True, slots=True)
class Table:
    """A published table. `rows` and `columns` are keys, the total among them as `TOTAL`; None is a hidden number."""

    key: str
    rows: Sequence[str]
    columns: Sequence[str]
    numbers: Mapping[tuple[str, str], int | None]

    def row(self, row: str) -> list[int | None]:
        """The numbers of a row, in the order of the columns."""
        return [self.numbers[row, column] for column in self.columns]


Number = Callable[[str, str], int]


@dataclass(slots=True)
class Sheet:
    """A publication while it is put together. Tables of one sheet share the totals of their rows, and the whole."""

    _values: dict[Name, int] = field(default_factory=dict)
    _sums: list[Sum] = field(default_factory=list)
    _never: set[Name] = field(default_factory=set)
    _tables: list[tuple[str, Sequence[str], Sequence[str], dict[tuple[str, str], Name]]] = field(default_factory=list)

    def cross(self, key: str, rows: Sequence[str], columns: Sequence[str], number: Number) -> None:
        """Everybody is in exactly one column: rows and columns have totals, shared with other tables of the sheet."""
        names = self._grid(key, rows, columns, number)
        for row in rows:
            names[row, TOTAL] = self._total(("row", row), [names[row, column] for column in columns])
        for column in columns:
            names[TOTAL, column] = self._total((key, TOTAL, column), [names[row, column] for row in rows])
        names[TOTAL, TOTAL] = self._total(_ALL, [names[row, TOTAL] for row in rows])
        self._total(_ALL, [names[TOTAL, column] for column in columns])
        self._tables.append((key, [*rows, TOTAL], [*columns, TOTAL], names))

    def several(self, key: str, rows: Sequence[str], columns: Sequence[str], number: Number) -> None:
        """Somebody may be in several columns: columns have totals. Who is *not* in one follows from the row's total."""
        names = self._grid(key, rows, columns, number)
        for column in columns:
            names[TOTAL, column] = self._total((key, TOTAL, column), [names[row, column] for row in rows])
            for row in rows:
                self._complement(("row", row), names[row, column])
            self._complement(_ALL, names[TOTAL, column])
        self._tables.append((key, [*rows, TOTAL], columns, names))

    def part(self, key: str, rows: Sequence[str], columns: Sequence[str], number: Number, whole: str) -> None:
        """Everybody of another table's column `whole`, ``key/column``, is in exactly one column."""
        of, _, among = whole.partition("/")
        names = self._grid(key, rows, columns, number)
        for row in rows:
            names[row, TOTAL] = self._total((of, row, among), [names[row, column] for column in columns])
        for column in columns:
            names[TOTAL, column] = self._total((key, TOTAL, column), [names[row, column] for row in rows])
        names[TOTAL, TOTAL] = self._total((of, TOTAL, among), [names[TOTAL, column] for column in columns])
        self._tables.append((key, [*rows, TOTAL], [*columns, TOTAL], names))

    def line(self, key: str, rows: Sequence[str], number: Callable[[str], int], *, whole: bool) -> None:
        """One column of numbers with its total. `whole`: its total is the sheet's, everybody is in one row."""
        names: dict[tuple[str, str], Name] = {}
        for row in rows:
            names[row, TOTAL] = self._name((key, row), number(row))
        names[TOTAL, TOTAL] = self._total(_ALL if whole else (key, TOTAL), [names[row, TOTAL] for row in rows])
        self._tables.append((key, [*rows, TOTAL], [TOTAL], names))

    def publish(self) -> dict[str, Table]:
        """The tables as they may be shown, by their keys."""
        hidden = hidden_names(self._values, self._sums, self._never)
        return {
            key: Table(key, rows, columns, {place: self._shown(name, hidden) for place, name in names.items()})
            for key, rows, columns, names in self._tables
        }

    def _shown(self, name: Name, hidden: frozenset[Name]) -> int | None:
        return None if name in hidden else self._values[name]

    def _grid(
        self, key: str, rows: Sequence[str], columns: Sequence[str], number: Number
    ) -> dict[tuple[str, str], Name]:
        return {(row, col): self._name((key, row, col), number(row, col)) for row in rows for col in columns}

    def _name(self, name: Name, value: int) -> Name:
        self._values[name] = value
        return name

    def _total(self, name: Name, parts: Sequence[Name]) -> Name:
        self._values.setdefault(name, sum(self._values[part] for part in parts))
        self._sums.append(Sum(name, tuple(parts)))
        return name

    def _complement(self, total: Name, of: Name) -> None:
        rest = ("not", of, total)
        self._values[rest] = self._values[total] - self._values[of]
        self._never.add(rest)
        self._sums.append(Sum(total, (of, rest)))
