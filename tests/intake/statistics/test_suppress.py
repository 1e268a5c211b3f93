"""No small number shows, and none can be worked out from what shows: by sums, across tables, by differences."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.statistics.sheets import TOTAL, Sheet, Table
from intake.statistics.suppress import SMALLEST_SHOWN, Sum, determined, hidden_names

NUMBERS = st.lists(st.integers(0, 12) | st.integers(0, 4), min_size=12, max_size=12)


def rank(rows: list[list[int]]) -> int:
    """The rank of a matrix, over the fractions: slow, and plain to see."""
    matrix, found = [[Fraction(x) for x in row] for row in rows], 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((r for r in range(found, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for r in range(found + 1, len(matrix)):
            times = matrix[r][column] / matrix[found][column]
            matrix[r] = [a - times * b for a, b in zip(matrix[r], matrix[found], strict=True)]
        found += 1
    return found


def given_away(sums: list[Sum], hidden: list[str]) -> set[str]:
    """A hidden number follows from the sums when asking for it adds no new equation."""
    rows = [[(name == one.total) - one.parts.count(name) for name in hidden] for one in sums]
    units = {name: [int(name == other) for other in hidden] for name in hidden}
    return {name for name, unit in units.items() if rank([*rows, unit]) == rank(rows)}


def a_table(numbers: list[int]) -> tuple[dict[str, int], list[Sum]]:
    """Three rows of four with all their totals."""
    values = {f"{r}{c}": numbers[r * 4 + c] for r in range(3) for c in range(4)}
    sums = [Sum(f"{r}*", tuple(f"{r}{c}" for c in range(4))) for r in range(3)]
    sums += [Sum(f"*{c}", tuple(f"{r}{c}" for r in range(3))) for c in range(4)]
    sums += [Sum("**", tuple(f"{r}*" for r in range(3))), Sum("**", tuple(f"*{c}" for c in range(4)))]
    for one in sums:
        values[one.total] = sum(values[part] for part in one.parts)
    return values, sums


@given(NUMBERS)
@settings(deadline=None, max_examples=30)
def test_no_small_number_shows_or_follows_from_what_shows(numbers: list[int]):
    values, sums = a_table(numbers)
    hidden = hidden_names(values, sums)
    small = {name for name, value in values.items() if 0 < value < SMALLEST_SHOWN}
    assert small <= hidden
    assert not given_away(sums, sorted(hidden)) & small


@given(NUMBERS)
@settings(deadline=None, max_examples=30)
def test_no_total_less_what_shows_of_it_is_small(numbers: list[int]):
    values, sums = a_table(numbers)
    hidden = hidden_names(values, sums)
    for one in sums:
        if one.total not in hidden:
            rest = values[one.total] - sum(values[part] for part in one.parts if part not in hidden)
            assert rest == 0 or rest >= SMALLEST_SHOWN


@given(NUMBERS, st.sets(st.integers(0, 11)))
@settings(deadline=None, max_examples=30)
def test_what_the_sums_give_away_is_found_as_by_plain_fractions(numbers: list[int], chosen: set[int]):
    _, sums = a_table(numbers)
    hidden = sorted([f"{n // 4}{n % 4}" for n in chosen] + ["0*", "**"])
    assert determined(sums, hidden) == given_away(sums, hidden)


def test_many_numbers_that_can_only_be_one_each_take_another_along():
    values = {**{f"{n}": 1 for n in range(6)}, "6": 9, "*": 15}
    sums = [Sum("*", tuple(f"{n}" for n in range(7)))]
    assert hidden_names(values, sums) == {f"{n}" for n in range(7)}
    del values["6"]
    values["*"], sums = 6, [Sum("*", tuple(f"{n}" for n in range(6)))]
    assert hidden_names(values, sums) == set(values)


def test_large_numbers_all_show_and_a_lonely_small_one_takes_a_neighbour_along():
    values, sums = a_table([9] * 12)
    assert hidden_names(values, sums) == frozenset()
    values, sums = a_table([2] + [9] * 11)
    assert len([name for name in hidden_names(values, sums) if "*" not in name]) >= 4


def rows_shown(table: Table, row: str) -> dict[str, int | None]:
    return {column: table.numbers[row, column] for column in table.columns}


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.data())
@settings(deadline=None, max_examples=30)
def test_two_tables_with_the_same_totals_do_not_tell_what_either_hides(numbers: list[int], data: st.DataObject):
    totals = [sum(numbers[r * 3 : r * 3 + 3]) for r in range(2)]
    first = [data.draw(st.integers(0, total)) for total in totals]
    sheet = Sheet()
    sheet.cross("a", ["r0", "r1"], ["x", "y", "z"], lambda r, c: numbers[int(r[1]) * 3 + "xyz".index(c)])
    sheet.cross("b", ["r0", "r1"], ["in", "out"], lambda r, c: _halved(first, totals, int(r[1]), c))
    tables = sheet.publish()
    for row in ("r0", "r1", TOTAL):
        shown = [tables[key].numbers[row, TOTAL] for key in "ab"]
        assert shown[0] == shown[1]
        for key in "ab":
            cells = [value for column, value in rows_shown(tables[key], row).items() if column != TOTAL]
            if shown[0] is not None and cells.count(None) == 1:
                assert shown[0] - sum(value for value in cells if value is not None) >= SMALLEST_SHOWN


def _halved(first: list[int], totals: list[int], row: int, column: str) -> int:
    return first[row] if column == "in" else totals[row] - first[row]


def test_who_is_not_of_a_kind_cannot_be_told_from_the_total_either():
    sheet = Sheet()
    sheet.cross("age", ["r"], ["adult", "child"], lambda r, c: 10)
    sheet.several("purpose", ["r"], ["sexual", "labour"], lambda r, c: 18 if c == "sexual" else 12)
    purpose = sheet.publish()["purpose"]
    assert purpose.numbers["r", "sexual"] is None
    assert purpose.numbers["r", "labour"] == 12


def test_the_parts_of_a_column_keep_that_column():
    sheet = Sheet()
    sheet.cross("age", ["r"], ["adult", "child"], lambda r, c: 10)
    sheet.several("purpose", ["r"], ["labour"], lambda r, c: 12)
    sheet.part("sector", ["r"], ["farm", "kitchen"], lambda r, c: 9 if c == "farm" else 3, "purpose/labour")
    tables = sheet.publish()
    numbers = [*tables["sector"].numbers.values(), *tables["purpose"].numbers.values()]
    assert 3 not in numbers
    for one, other in combinations([value for value in numbers if value is not None], 2):
        assert abs(one - other) not in (1, 2, 3, 4) or one == other
