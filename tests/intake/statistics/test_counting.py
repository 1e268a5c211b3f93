"""Numbers are counted once, outlive the case, name none, and survive a new service key; on both databases."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from intake.statistics.cells import Age, Cell, Form, Gender, Person, Purpose, Sector, Survey, cells_of, month, span
from intake.statistics.counting import count, fold, read_counts
from intake.store.database import Database
from intake.store.schema import counters, ticks
from intake.vault.service_key import ServiceKey
from tests.intake.store.samples import KEY
from tests.intake.store.samples import count as rows

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
GIRL = Person(Age.CHILD, Gender.WOMAN_GIRL, Form.TRAFFICKING, frozenset({Purpose.SEXUAL, Purpose.BEGGING}), "RO")
COOK = Person(
    Age.ADULT, Gender.MAN_BOY, Form.EXPLOITATION, frozenset({Purpose.LABOUR}), "TH", Sector.HOTEL_RESTAURANT, 2
)
HERE, THERE = (Cell(Survey.ORIGIN, "2026", (code,)) for code in ("RO", "TH"))


async def test_what_is_counted_is_the_same_before_and_after_folding(database: Database):
    for cells in ([(HERE, 1), (THERE, 2)], [(HERE, 1)], [(THERE, 3)]):
        await database.write(count, KEY, cells)
    expected = {HERE: 2, THERE: 5}
    assert await database.read(read_counts, KEY) == expected
    assert await database.write(fold, KEY, 2) == 2
    assert await database.read(read_counts, KEY) == expected
    assert await database.write(fold, KEY, 9) == 1
    assert await database.write(fold, KEY, 9) == 0
    assert await database.read(read_counts, KEY) == expected
    assert (await database.read(rows, ticks), await database.read(rows, counters)) == (0, 2)


async def test_a_counter_goes_on_under_a_new_service_key(database: Database):
    newer = ServiceKey({1: b"k" * 32, 2: b"n" * 32})
    for key in (KEY, newer):
        await database.write(count, key, [(HERE, 1)])
        await database.write(fold, key, 9)
    assert await database.read(read_counts, newer) == {HERE: 2}
    assert await database.read(rows, counters) == 1


async def test_the_length_of_a_tick_tells_not_how_many_persons_a_case_had(database: Database):
    for people in ([GIRL], [COOK], []):
        cells = [one for person in people for one in cells_of(person, "nord", NEW_YEAR)]
        await database.write(count, KEY, cells)
    sealed = await database.read(lambda conn: list(conn.execute(select(ticks.c.sealed)).scalars()))
    assert len({len(one) for one in sealed}) == 1


def test_a_person_is_counted_in_the_year_and_month_of_sweden():
    assert month(NEW_YEAR) == "2027-01"
    assert {cell.period for cell, _ in cells_of(GIRL, "nord", NEW_YEAR)} == {"2027"}


def test_every_purpose_is_counted_the_sector_of_labour_only_and_each_child_along():
    girl, cook = dict(cells_of(GIRL, "nord", NEW_YEAR)), dict(cells_of(COOK, "nord", NEW_YEAR))
    assert {cell.parts[1] for cell in girl if cell.survey is Survey.PURPOSE} == {"sexual", "begging"}
    assert not [cell for cell in girl if cell.survey is Survey.SECTOR]
    assert [cell.parts for cell in cook if cell.survey is Survey.SECTOR] == [("nord", "hotel_restaurant")]
    assert cook[Cell(Survey.CHILDREN, "2027", ("nord",))] == 2


def test_who_was_counted_in_another_region_is_not_counted_again():
    again = Person(Age.ADULT, Gender.OTHER, Form.TRAFFICKING, frozenset(), elsewhere=True)
    assert list(cells_of(again, "syd", NEW_YEAR)) == []


def test_no_cell_holds_a_country_beside_an_age_a_gender_or_a_region():
    for cell, _ in cells_of(COOK, "nord", NEW_YEAR):
        assert not ({"TH"} & set(cell.parts)) or cell.parts == ("TH",)
        assert len(cell.parts) <= 3


@given(st.integers(0, 10**7))
def test_a_wait_falls_into_one_span_and_a_longer_one_never_into_an_earlier(seconds: int):
    names = ["10m", "2h", "1d", "7d", "longer"]
    shorter, longer = (names.index(span(timedelta(seconds=s))) for s in (seconds, seconds + 600))
    assert shorter <= longer
