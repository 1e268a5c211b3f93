"""Who is away says when and who is told instead, and only somebody who could read it can be."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.casework.acts import Unread
from intake.casework.looking import open_case
from intake.model import CaseId, Channel, Direction
from intake.nudging.absence import NoDeputy, come_back, go_away, own_absence
from intake.nudging.putting_off import put_off
from intake.reading import Reader
from intake.receive import Once, Report, receive
from intake.store import absences
from intake.store.schema import cases as table
from intake.store.schema import envelopes
from tests.intake.nudging.town import SYD, VAST, Town
from tests.service import MONDAY_MORNING, Person, reader_of
from triage.model import Place

WEEK = timedelta(days=7)


@pytest.fixture
async def syd(town: Town) -> Reader:
    return await reader_of(town.service, Person("syd@test", town.members[SYD]))


async def test_a_deputy_is_a_colleague_or_works_where_the_deputies_do(town: Town, syd: Reader):
    own = await own_absence(town.service, syd)
    assert [one.login for one in own.deputies] == ["vast@test"]
    await go_away(town.service, syd, MONDAY_MORNING, MONDAY_MORNING + WEEK, town.members[VAST])
    away = await town.service.database.read(absences.away, MONDAY_MORNING)
    assert away == {town.members[SYD]: town.members[VAST]}
    with pytest.raises(NoDeputy):
        await go_away(town.service, syd, MONDAY_MORNING, MONDAY_MORNING + WEEK, town.members["nord"])


async def test_who_is_back_is_told_again(town: Town, syd: Reader):
    await go_away(town.service, syd, MONDAY_MORNING, MONDAY_MORNING + WEEK, None)
    await come_back(town.service, syd)
    assert (await own_absence(town.service, syd)).absence is None


async def test_an_absence_is_forgotten_when_it_is_over(town: Town, syd: Reader):
    await go_away(town.service, syd, MONDAY_MORNING, MONDAY_MORNING + WEEK, None)
    assert await town.service.database.write(absences.forget_past, MONDAY_MORNING + WEEK) == 1


async def a_case(town: Town) -> CaseId:
    report = Report("Det gäller min granne.", Channel.WEB, place=Place("12", "1280"))
    await receive(town.service, report, Once.by_chance(), MONDAY_MORNING)
    return CaseId(await town.service.database.read(lambda conn: conn.execute(select(table.c.id)).scalar_one()))


async def test_a_case_is_put_off_with_a_reason_that_is_sealed(town: Town, syd: Reader):
    case = await a_case(town)
    with pytest.raises(Unread):
        await put_off(town.service, syd, case, MONDAY_MORNING + WEEK, "hon är på resa", MONDAY_MORNING)
    await open_case(town.service, syd, case, MONDAY_MORNING)
    await put_off(town.service, syd, case, MONDAY_MORNING + WEEK, "hon är på resa", MONDAY_MORNING)
    found = await open_case(town.service, syd, case, MONDAY_MORNING)
    assert [remark.text for remark in found.remarks] == ["hon är på resa"]
    assert found.case.snoozed_until == MONDAY_MORNING + WEEK
    bodies = await town.service.database.read(
        lambda conn: (
            conn.execute(select(envelopes.c.body).where(envelopes.c.direction == Direction.REMARK)).scalars().all()
        )
    )
    assert len(bodies) == 1
    assert b"resa" not in bodies[0]
