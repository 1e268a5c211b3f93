"""Closing: read first, counted once, with a day of deletion by kind where the operator's duties let anything go."""

from datetime import UTC, datetime, timedelta

import pytest

from intake import casework
from intake.casefile.closing import AlreadyClosed, Closing, close
from intake.casefile.reading import read_casefile
from intake.casework import Unread
from intake.model import CaseId, Status
from intake.reading import Reader
from intake.retention import closed_until
from intake.service import Service
from intake.statistics.cells import Age, Cell, Form, Gender, Outcome, Person, Purpose, Survey
from intake.statistics.counting import read_counts
from intake.store import cases
from tests.flows.steps import add, only_case, staffed, tell
from tests.service import MONDAY_MORNING, make_config, reader_of
from triage.model import Kind, Type

NOW = MONDAY_MORNING
WOMAN = Person(Age.ADULT, Gender.WOMAN_GIRL, Form.TRAFFICKING, frozenset({Purpose.SEXUAL}), "RO", children=1)
MAN = Person(Age.ADULT, Gender.MAN_BOY, Form.EXPLOITATION, frozenset({Purpose.LABOUR}), "RO")
TWO = Closing(Outcome.REFERRED, Kind.HELP, Type.SEXUAL_EXPLOITATION, "1280", (WOMAN, MAN), "gick vidare")


@pytest.fixture
async def syd(empty_service: Service) -> Reader:
    return await reader_of(empty_service, (await staffed(empty_service, "syd", "nationell"))[0])


@pytest.fixture
async def receipt(empty_service: Service, syd: Reader) -> str:
    return (await tell(empty_service)).receipt


@pytest.fixture
async def case(empty_service: Service, syd: Reader, receipt: str) -> CaseId:
    return await only_case(empty_service, syd)


async def number(service: Service, survey: Survey, *parts: str) -> int:
    counts = await service.database.read(read_counts, service.key)
    return sum(counts.get(Cell(survey, period, parts), 0) for period in ("2026", "2026-11"))


async def test_nothing_unread_is_closed_and_then_nothing_is_counted(empty_service: Service, syd, case):
    with pytest.raises(Unread):
        await close(empty_service, syd, case, TWO, NOW)
    assert await number(empty_service, Survey.ORIGIN, "RO") == 0


async def test_each_person_of_a_case_is_counted_and_the_file_keeps_how_many(empty_service: Service, syd, case):
    await casework.open_case(empty_service, syd, case, NOW)
    await close(empty_service, syd, case, TWO, NOW)
    assert await number(empty_service, Survey.ORIGIN, "RO") == 2
    assert await number(empty_service, Survey.PERSON, "syd", "adult", "woman_girl") == 1
    assert await number(empty_service, Survey.CHILDREN, "syd") == 1
    assert await number(empty_service, Survey.MUNICIPALITY, "1280", "sexual_exploitation") == 1
    assert await number(empty_service, Survey.OUTCOME, "syd", "referred") == 1
    assert (await read_casefile(empty_service, syd, case)).counted == 2


async def test_two_who_close_at_once_count_once(empty_service: Service, syd, case):
    await casework.open_case(empty_service, syd, case, NOW)
    await close(empty_service, syd, case, TWO, NOW)
    with pytest.raises(AlreadyClosed):
        await close(empty_service, syd, case, TWO, NOW)
    assert await number(empty_service, Survey.ORIGIN, "RO") == 2


async def test_a_case_that_opens_again_remembers_who_was_counted_and_loses_its_day(
    empty_service: Service, syd, case, receipt
):
    await casework.open_case(empty_service, syd, case, NOW)
    await close(empty_service, syd, case, TWO, NOW)
    assert (await empty_service.database.read(cases.find_case, empty_service.key, case)).delete_at is not None
    await add(empty_service, receipt, "Jag är tillbaka", NOW + timedelta(days=1))
    found = await empty_service.database.read(cases.find_case, empty_service.key, case)
    assert (found.status, found.delete_at) == (Status.NEW, None)
    assert (await read_casefile(empty_service, syd, case)).counted == 2


async def test_when_it_came_when_it_was_opened_and_when_answered_is_counted_once(empty_service, syd, case, receipt):
    await casework.open_case(empty_service, syd, case, NOW + timedelta(minutes=30))
    await add(empty_service, receipt, "Mer", NOW + timedelta(days=2))
    await casework.open_case(empty_service, syd, case, NOW + timedelta(days=3))
    assert await number(empty_service, Survey.RECEIVED, "syd", "tip") == 1
    assert await number(empty_service, Survey.OPENED, "syd", "2h") == 1
    assert await number(empty_service, Survey.OPENED, "syd", "7d") == 0
    assert await number(empty_service, Survey.COUNTY, "12") == 1


@pytest.mark.parametrize(
    ("operator", "retention", "kind", "days"),
    [
        ("organisation", {}, Kind.TIP, 730),
        ("organisation", {"kinds": {"tip": 100}}, Kind.TIP, 100),
        ("organisation", {"kinds": {"tip": 100}}, Kind.HELP, 730),
        ("organisation", {"closed_days": 1}, Kind.TIP, 30),
        ("authority", {}, Kind.TIP, None),
        ("authority", {"decision": "RA 2026/1"}, None, 730),
    ],
)
def test_how_long_a_closed_case_is_kept(operator: str, retention: dict, kind: Kind | None, days: int | None):
    config = make_config(operator={"kind": operator}, retention=retention)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    expected = None if days is None else now + timedelta(days=days)
    assert closed_until(config, kind, now) == expected
