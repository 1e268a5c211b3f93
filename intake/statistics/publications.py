"""What is published of the numbers: the year by person, what came in, a municipality's survey; pure, knows no case.

Only years that are over are published, and each year as one sheet. A table that grew from week to week, laid beside
itself, would tell of the one case between.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from intake.statistics.cells import (
    NATIONAL,
    NO,
    UNKNOWN,
    YES,
    Age,
    Cell,
    Form,
    Gender,
    Purpose,
    Sector,
    Survey,
    year,
)
from intake.statistics.counting import Counts
from intake.statistics.sheets import Number, Sheet, Table
from intake.statistics.suppress import SMALLEST_SHOWN
from triage.model import Desk, DeskName, Kind, RegionName, Type

Tables = Mapping[str, Table]
JOINED = "/"
"""Between the two parts of a column's key: age/gender."""


def finished_years(counts: Counts, now: datetime) -> list[str]:
    """The years of which there are numbers and that are over, the newest first."""
    return sorted({cell.period[:4] for cell in counts if cell.period[:4] < year(now)}, reverse=True)


def months_of(a_year: str) -> list[str]:
    """The twelve months of a year."""
    return [f"{a_year}-{number:02}" for number in range(1, 13)]


def persons(counts: Counts, a_year: str, regions: Iterable[RegionName]) -> Tables:
    """The yearly statistics by person: age and gender, form, purpose, sector, children along, country."""
    rows = [*regions, NATIONAL]

    def number(survey: Survey) -> Number:
        return lambda row, column: counts.get(Cell(survey, a_year, (row, *column.split(JOINED))), 0)

    sheet = Sheet()
    ages = [f"{age}{JOINED}{gender}" for age in Age for gender in Gender]
    sheet.cross("person", rows, ages, number(Survey.PERSON))
    sheet.cross("form", rows, list(Form), number(Survey.FORM))
    sheet.cross("with_children", rows, [NO, YES], number(Survey.WITH_CHILDREN))
    sheet.several("purpose", rows, list(Purpose), number(Survey.PURPOSE))
    sheet.part("sector", rows, list(Sector), number(Survey.SECTOR), f"purpose/{Purpose.LABOUR}")
    origins = _parts(counts, Survey.ORIGIN, a_year)
    sheet.line("origin", origins, lambda one: counts[Cell(Survey.ORIGIN, a_year, (one,))], whole=True)
    return dict(sheet.publish())


def received(counts: Counts, a_year: str, desks: Mapping[DeskName, Desk], counties: Sequence[str]) -> Tables:
    """What came in: by month and region, by month and kind, by county."""
    months = months_of(a_year)
    regions = sorted({desk.region for desk in desks.values() if desk.region is not None})
    by_region, by_kind = _by_region_and_kind(counts, desks)
    sheet = Sheet()
    sheet.cross("region", months, [*regions, NATIONAL], lambda at, one: by_region.get((at, one), 0))
    sheet.cross("kind", months, list(Kind), lambda at, one: by_kind.get((at, one), 0))
    sheet.line(
        "county", [*counties, UNKNOWN], lambda one: counts.get(Cell(Survey.COUNTY, a_year, (one,)), 0), whole=True
    )
    return dict(sheet.publish())


def survey(counts: Counts, a_year: str, municipality: str) -> Tables:
    """A municipality's recurring survey: the types of closed cases by month."""
    sheet = Sheet()
    sheet.cross(
        "type",
        list(Type),
        months_of(a_year),
        lambda kind, at: counts.get(Cell(Survey.MUNICIPALITY, at, (municipality, kind)), 0),
    )
    return dict(sheet.publish())


def surveyed(counts: Counts, a_year: str) -> list[str]:
    """The municipalities of which enough is known to say that there is a survey."""
    total: dict[str, int] = {}
    for cell, number in counts.items():
        if cell.survey is Survey.MUNICIPALITY and cell.period.startswith(a_year):
            total[cell.parts[0]] = total.get(cell.parts[0], 0) + number
    return sorted(code for code, number in total.items() if number >= SMALLEST_SHOWN and code != UNKNOWN)


def _parts(counts: Counts, wanted: Survey, period: str) -> list[str]:
    return sorted(cell.parts[0] for cell in counts if cell.survey is wanted and cell.period == period)


def _by_region_and_kind(
    counts: Counts, desks: Mapping[DeskName, Desk]
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    by_region: dict[tuple[str, str], int] = {}
    by_kind: dict[tuple[str, str], int] = {}
    for cell, number in counts.items():
        if cell.survey is not Survey.RECEIVED:
            continue
        name, kind = cell.parts
        desk = desks.get(DeskName(name))
        region = NATIONAL if desk is None or desk.region is None else desk.region
        by_region[cell.period, region] = by_region.get((cell.period, region), 0) + number
        by_kind[cell.period, kind] = by_kind.get((cell.period, kind), 0) + number
    return by_region, by_kind
