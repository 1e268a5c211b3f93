"""The numbers: a desk's own for who reads its cases, published ones for all who may see counts; pictures and CSV."""

import csv
import io
from collections.abc import Mapping, Sequence

from aiohttp import web

from intake.inbox import casefilewords
from intake.inbox.desk import pictures
from intake.inbox.desk.numbernames import Names
from intake.inbox.visit import WorkVisit
from intake.inbox.words import _
from intake.statistics.counting import Counts, read_counts
from intake.statistics.own import BUCKETS, of_desk
from intake.statistics.publications import Tables, finished_years, persons, received, survey, surveyed
from intake.statistics.sheets import TOTAL, Table

SPANS: Mapping[str, str] = {
    "10m": _("10 min"),
    "2h": _("2 hrs"),
    "1d": _("1 day"),
    "7d": _("1 week"),
    "longer": _("longer"),
}


async def show_own(visit: WorkVisit) -> web.Response:
    """The numbers of the desks that one is let in to: this month too, and nothing hidden."""
    desks = sorted(visit.work.reader.let_in_to)
    read = visit.service.database.read
    own = {desk: await read(of_desk, visit.service.key, desk, visit.now) for desk in desks}
    return visit.show(
        "numbers_own.html",
        own=own,
        desks=visit.service.config.desks,
        bars={desk: pictures.bars([(one.month, one.received) for one in found.months]) for desk, found in own.items()},
        stacks={desk: pictures.spans(found.months) for desk, found in own.items()},
        buckets=BUCKETS,
        spans=SPANS,
    )


async def show_published(visit: WorkVisit) -> web.Response:
    """What came in and the yearly statistics by person, for a year that is over."""
    counts = await visit.service.database.read(read_counts, visit.service.key)
    years = finished_years(counts, visit.now)
    chosen = _year(visit, years)
    tables = _tables(visit, counts, chosen) if chosen else {}
    by_month = tables["region"] if tables else None
    return visit.show(
        "numbers.html",
        years=years,
        year=chosen,
        tables=tables,
        names=Names(visit),
        bars=[]
        if by_month is None
        else pictures.bars([(row, by_month.numbers[row, TOTAL]) for row in _months(by_month)]),
        tiles=pictures.tiles(_by_county(tables["county"])) if tables else [],
        filewords=casefilewords,
    )


async def show_survey(visit: WorkVisit) -> web.Response:
    """A municipality's recurring survey, for a year that is over."""
    counts = await visit.service.database.read(read_counts, visit.service.key)
    years = finished_years(counts, visit.now)
    chosen = _year(visit, years)
    municipalities = surveyed(counts, chosen) if chosen else []
    place = visit.request.query.get("municipality", "")
    table = survey(counts, chosen, place)["type"] if chosen and place in municipalities else None
    return visit.show(
        "numbers_survey.html",
        years=years,
        year=chosen,
        municipalities=municipalities,
        place=place if table is not None else "",
        table=table,
        names=Names(visit),
        bars=[] if table is None else pictures.bars([(at, table.numbers[TOTAL, at]) for at in table.columns[:-1]]),
    )


async def give_csv(visit: WorkVisit) -> web.Response:
    """One published table as CSV; a number that does not show is an empty cell."""
    counts = await visit.service.database.read(read_counts, visit.service.key)
    years = finished_years(counts, visit.now)
    chosen, key = _year(visit, years), visit.request.match_info["table"]
    place = visit.request.query.get("municipality", "")
    tables: Tables = {}
    if chosen and key == "type" and place in surveyed(counts, chosen):
        tables = survey(counts, chosen, place)
    elif chosen:
        tables = _tables(visit, counts, chosen)
    if key not in tables:
        raise web.HTTPNotFound
    name = f"{chosen}-{key}.csv"
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=_csv(tables[key], Names(visit)), content_type="text/csv", charset="utf-8", headers=head)


def _tables(visit: WorkVisit, counts: Counts, year: str) -> Tables:
    config = visit.service.config
    counties = sorted(visit.service.gazetteer.counties)
    return {**received(counts, year, config.desks, counties), **persons(counts, year, sorted(config.regions))}


def _csv(table: Table, names: Names) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["", *(names.of(table.key, column) for column in table.columns)])
    for row in table.rows:
        writer.writerow([names.of(table.key, row), *("" if n is None else n for n in table.row(row))])
    # A byte order mark, since spreadsheets else take Swedish letters for something else.
    return out.getvalue().encode("utf-8-sig")


def _year(visit: WorkVisit, years: Sequence[str]) -> str:
    asked = visit.request.query.get("year", "")
    return asked if asked in years else next(iter(years), "")


def _months(table: Table) -> list[str]:
    return [row for row in table.rows if row != TOTAL]


def _by_county(table: Table) -> dict[str, int | None]:
    return {row: table.numbers[row, TOTAL] for row in table.rows}
