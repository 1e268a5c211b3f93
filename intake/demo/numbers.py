"""Made-up numbers of two years that are over, so that the demo has pictures to show; knows no case and no person."""

import random
from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import Connection

from intake.config import Config
from intake.service import Service
from intake.statistics.cells import Age, Cell, Form, Gender, Person, Purpose, Sector, Survey, cells_of
from intake.statistics.counting import count, fold
from triage.model import Kind, Type

_SEED = 1
_PERSONS, _CASES = 260, 900
_MUNICIPALITIES = ("0180", "1280", "1480", "0380", "0580", "2480", "1880", "2580")
_PURPOSES = (*[Purpose.SEXUAL] * 5, *[Purpose.LABOUR] * 4, Purpose.BEGGING, Purpose.CRIMINALITY, Purpose.MARRIAGE)


async def make_up_numbers(service: Service, now: datetime) -> None:
    """Count two made-up years before this one."""
    chance = random.Random(_SEED)  # noqa: S311 (made-up numbers, the same each time)
    cells: Counter[Cell] = Counter()
    for year in (now.year - 2, now.year - 1):
        cells.update(_persons(service.config, chance, year))
        cells.update(_cases(service, chance, year))
    await service.database.write(_count, service, cells)


def _count(conn: Connection, service: Service, cells: Counter[Cell]) -> None:
    count(conn, service.key, cells.items())
    fold(conn, service.key, 1)


def _persons(config: Config, chance: random.Random, year: int) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    at, regions = datetime(year, 7, 1, tzinfo=UTC), sorted(config.regions)
    for _ in range(_PERSONS):
        person = Person(
            chance.choice((Age.ADULT, Age.ADULT, Age.ADULT, Age.CHILD)),
            chance.choice((Gender.WOMAN_GIRL, Gender.WOMAN_GIRL, Gender.MAN_BOY, Gender.NOT_RECORDED)),
            chance.choice(list(Form)),
            frozenset({chance.choice(_PURPOSES)}),
            chance.choice(("RO", "RO", "BG", "TH", "NG", "UA", "SE", "")),
            chance.choice(list(Sector)),
            chance.choice((0, 0, 0, 1)),
        )
        cells.update(dict(cells_of(person, chance.choice(regions), at)))
    return cells


def _cases(service: Service, chance: random.Random, year: int) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    desks, counties = sorted(service.config.desks), sorted(service.gazetteer.counties)
    for _ in range(_CASES):
        month = f"{year}-{chance.randint(1, 12):02}"
        kind = chance.choice((Kind.TIP, Kind.TIP, Kind.TIP, Kind.HELP, Kind.HELP, Kind.PROFESSIONAL, Kind.BUYER))
        cells[Cell(Survey.RECEIVED, month, (chance.choice(desks), kind))] += 1
        cells[Cell(Survey.COUNTY, str(year), (chance.choice((*counties, "01", "14", "12")),))] += 1
        type_ = chance.choice((Type.SEXUAL_EXPLOITATION, Type.PROSTITUTION, Type.LABOUR, Type.UNCLEAR))
        cells[Cell(Survey.MUNICIPALITY, month, (chance.choice(_MUNICIPALITIES), type_))] += 1
    return cells
