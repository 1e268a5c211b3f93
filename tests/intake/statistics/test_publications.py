"""What is published: only years that are over, every number of duties' list, nothing small, no country in a corner."""

import random
from collections import Counter
from datetime import UTC, datetime

from intake.statistics.cells import (
    Age,
    Cell,
    Form,
    Gender,
    Person,
    Purpose,
    Sector,
    Survey,
    cells_of,
)
from intake.statistics.own import last_months
from intake.statistics.publications import finished_years, persons, received, survey, surveyed
from intake.statistics.sheets import TOTAL
from tests.service import make_config
from triage.model import Kind

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LAST_YEAR = datetime(2025, 5, 5, tzinfo=UTC)
CONFIG = make_config()
REGIONS = list(CONFIG.regions)


def some_persons(seed: int, number: int) -> Counter[Cell]:
    chance, counts = random.Random(seed), Counter()
    for _ in range(number):
        purposes = frozenset(chance.sample(list(Purpose), chance.choice((1, 1, 1, 2))))
        person = Person(
            chance.choice((Age.ADULT, Age.ADULT, Age.CHILD)),
            chance.choice(list(Gender)),
            chance.choice(list(Form)),
            purposes,
            chance.choice(["RO", "TH", "UA", "NG", ""]),
            chance.choice(list(Sector)),
            chance.choice((0, 0, 0, 1, 2)),
        )
        counts.update(dict(cells_of(person, chance.choice(REGIONS), LAST_YEAR)))
    return counts


def test_a_year_is_published_once_it_is_over():
    counts = {Cell(Survey.ORIGIN, year, ("RO",)): 9 for year in ("2024", "2025", "2026")}
    assert finished_years(counts, NOW) == ["2025", "2024"]


def test_the_yearly_statistics_have_every_table_and_nothing_small():
    tables = persons(some_persons(1, 120), "2025", REGIONS)
    assert set(tables) == {"person", "form", "with_children", "purpose", "sector", "origin"}
    for table in tables.values():
        assert not [value for value in table.numbers.values() if value is not None and 0 < value < 5]
    assert tables["person"].numbers[TOTAL, TOTAL] == 120


def test_the_totals_of_all_tables_are_the_same_or_hidden_in_all():
    tables = persons(some_persons(2, 60), "2025", REGIONS)
    for region in REGIONS:
        assert len({tables[key].numbers[region, TOTAL] for key in ("person", "form", "with_children")}) == 1


def test_what_came_in_is_told_by_region_kind_and_county():
    counts = Counter()
    for desk, kind, number in (("nord", Kind.TIP, 30), ("syd", Kind.HELP, 20), ("nationell", Kind.TIP, 10)):
        counts[Cell(Survey.RECEIVED, "2025-03", (desk, kind))] = number
    counts[Cell(Survey.COUNTY, "2025", ("24",))] = 60
    tables = received(counts, "2025", CONFIG.desks, ["12", "24"])
    assert tables["region"].numbers["2025-03", "nord"] == 30
    assert tables["kind"].numbers[TOTAL, Kind.TIP] == 40
    assert tables["county"].numbers["24", TOTAL] == tables["county"].numbers[TOTAL, TOTAL] == 60


def test_a_municipality_has_a_survey_by_type_and_month_once_there_is_enough():
    counts = {Cell(Survey.MUNICIPALITY, f"2025-{m:02}", ("2480", "labour")): 6 for m in range(1, 13)}
    counts[Cell(Survey.MUNICIPALITY, "2025-01", ("0114", "labour"))] = 2
    assert surveyed(counts, "2025") == ["2480"]
    table = survey(counts, "2025", "2480")["type"]
    assert table.numbers["labour", TOTAL] == 72
    assert table.numbers["labour", "2025-07"] == 6


def test_the_last_months_end_with_this_one_and_cross_the_year():
    months = last_months(NOW)
    assert (months[0], months[-1], len(months)) == ("2025-12", "2026-11", 12)
