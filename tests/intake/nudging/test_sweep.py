"""Whoever must act is told, once, by whichever node finds it; and whoever opens the case ends it for all."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from intake.due import renew_elsewhere
from intake.model import CaseId, Hold
from intake.nudging.sweep import sweep, sweep_desk
from intake.service import Service
from intake.store import absences, cases, nudges, retention
from intake.store.absences import Absence
from intake.store.schema import cases as table
from intake.store.schema import grants
from tests.intake.nudging.town import NATIONAL, SYD, VAST, Town, carry, settle
from tests.service import MONDAY_MORNING, SUNDAY_NIGHT
from triage.model import DeskName, Kind, Pace
from triage.timeline import Rule

TEN = timedelta(minutes=10)
ALARM, WAITING, DIGEST = "alarm", "waiting", "digest"


async def until(town: Town, start: datetime, minutes: int, step: int = 10) -> list[tuple[str, str]]:
    """Who was told what, a sweep each ten minutes."""
    told = []
    for passed in range(step, minutes + 1, step):
        told += town.names(await town.sweep(start + timedelta(minutes=passed)))
    return told


async def test_what_cannot_wait_rings_up_the_chain_until_somebody_opens_it(town: Town):
    case = await town.open(Pace.NOW, MONDAY_MORNING)
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("syd", ALARM)]
    assert await until(town, MONDAY_MORNING, 40) == [
        ("syd", ALARM),
        ("syd", ALARM),
        ("vast", ALARM),
        ("nationell", ALARM),
    ]
    await town.change(case, MONDAY_MORNING + 4 * TEN, cases.mark_opened, MONDAY_MORNING + 4 * TEN)
    assert await until(town, MONDAY_MORNING + 4 * TEN, 60) == []


async def test_deputies_who_are_called_are_shown_the_case(town: Town):
    case = await town.open(Pace.NOW, MONDAY_MORNING)
    await until(town, MONDAY_MORNING - TEN, 40)
    shown = await town.service.database.read(lambda conn: conn.execute(select(grants.c.case_id, grants.c.desk)).all())
    assert [tuple(row) for row in shown] == [(case, VAST)]


async def test_a_desk_with_many_cases_is_called_once(town: Town):
    for _ in range(30):
        await town.open(Pace.NOW, MONDAY_MORNING)
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("syd", ALARM)]
    assert town.names(await town.sweep(MONDAY_MORNING + TEN)) == [("syd", ALARM)]


async def test_what_can_wait_is_told_of_on_the_next_day_of_duty(town: Town):
    await town.open(Pace.DAYS, SUNDAY_NIGHT)
    assert await town.sweep(SUNDAY_NIGHT) == []
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("syd", WAITING)]


async def test_a_first_plea_for_help_is_asked_after_in_two_hours(town: Town):
    await town.open(Pace.WEEKS, MONDAY_MORNING, kind=Kind.HELP)
    await town.sweep(MONDAY_MORNING)
    assert await town.sweep(MONDAY_MORNING + timedelta(minutes=119)) == []
    assert town.names(await town.sweep(MONDAY_MORNING + timedelta(minutes=120))) == [("syd", WAITING)]


async def test_whoever_is_away_is_not_told_and_their_deputy_is(town: Town):
    away = Absence(town.members[SYD], MONDAY_MORNING, MONDAY_MORNING + timedelta(days=5), town.members[VAST])
    await town.service.database.write(absences.save, away)
    await town.open(Pace.NOW, MONDAY_MORNING)
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("vast", ALARM)]


async def test_where_everybody_is_away_they_are_rung_all_the_same(town: Town):
    for member in town.members.values():
        away = Absence(member, MONDAY_MORNING, MONDAY_MORNING + timedelta(days=5))
        await town.service.database.write(absences.save, away)
    await town.open(Pace.NOW, MONDAY_MORNING)
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("syd", ALARM)]


async def test_out_of_hours_the_number_of_whoever_is_on_call_rings(service: Service):
    desks = {name: {**vars_of(service, name), "out_of_hours": "+46 70 174 06 05"} for name in service.config.desks}
    town = await settle(service, desks=desks)
    await town.open(Pace.HOURS, SUNDAY_NIGHT)
    told = await town.sweep(SUNDAY_NIGHT + timedelta(hours=2))
    assert (None, True) in [(one.member, one.call) for one in told]


def vars_of(service: Service, name: DeskName) -> dict[str, object]:
    """A desk's table, as short as it may be."""
    desk = service.config.desks[name]
    hours = {"name": desk.name, "authority": desk.authority, "hours": "mon-fri 08:00-16:00"}
    region = {} if desk.region is None else {"region": desk.region}
    return hours | region | {"minors": desk.minors.value, "deputies": list(desk.deputies)}


async def test_nobody_has_more_than_so_many_notices_a_day(service: Service):
    town = await settle(service, nudges={"most_a_day": 2, "bundle_minutes": 0}, notices={"quiet_minutes": 0})
    for minute in range(0, 60, 10):
        await town.open(Pace.DAYS, MONDAY_MORNING + timedelta(minutes=minute))
        await town.sweep(MONDAY_MORNING + timedelta(minutes=minute))
    assert town.names(town.told) == [("syd", WAITING)] * 2
    assert town.names(await town.sweep(MONDAY_MORNING + timedelta(days=1))) == [("syd", WAITING)]


async def test_a_follow_up_comes_once_on_its_morning(town: Town):
    case = await town.open(Pace.DAYS, MONDAY_MORNING)
    await town.change(case, MONDAY_MORNING, cases.mark_answered, MONDAY_MORNING)
    friday = MONDAY_MORNING + timedelta(days=4)
    await town.change(case, MONDAY_MORNING, set_follow_up, friday.replace(hour=0, minute=0))
    told = [await town.sweep(MONDAY_MORNING + timedelta(days=day)) for day in range(1, 12)]
    assert [town.names(one) for one in told if one] == [[("syd", DIGEST)]]
    assert told[3]


def set_follow_up(conn: Connection, case_id: str, at: datetime) -> None:
    conn.execute(update(table).where(table.c.id == case_id).values(follow_up_at=int(at.timestamp())))


async def test_what_was_slept_through_is_told_at_once_and_once(town: Town):
    await town.open(Pace.NOW, MONDAY_MORNING)
    woken = MONDAY_MORNING + timedelta(hours=5)
    assert town.names(await town.sweep(woken)) == [("syd", ALARM)]
    assert await town.sweep(woken + timedelta(seconds=30)) == []


async def test_two_nodes_at_once_tell_once(town: Town):
    for desk in (SYD, VAST):
        await town.open(Pace.NOW, MONDAY_MORNING, desk)
    await asyncio.gather(*(sweep(town.service, MONDAY_MORNING) for _ in range(4)))
    told = await town.service.database.write(carry, MONDAY_MORNING)
    assert town.names(told) == [("syd", ALARM), ("vast", ALARM)]


class _Killed(Exception):
    """The node died."""


async def test_a_node_that_dies_has_told_nothing_and_the_next_tells_all(town: Town):
    await town.open(Pace.NOW, MONDAY_MORNING)

    def die(conn: Connection) -> None:
        assert sweep_desk(conn, town.service, SYD, MONDAY_MORNING) == (1, 1)
        raise _Killed

    with pytest.raises(_Killed):
        await town.service.database.write(die)
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("syd", ALARM)]


async def test_a_clock_that_ran_ahead_and_came_back_puts_nothing_off(town: Town):
    early = await town.open(Pace.NOW, MONDAY_MORNING)
    ahead = MONDAY_MORNING + timedelta(days=400)
    await town.sweep(ahead)
    await town.open(Pace.NOW, ahead, VAST)
    now = MONDAY_MORNING + timedelta(minutes=1)
    assert ("vast", ALARM) in town.names(await town.sweep(now))
    assert await until(town, now, 10) == [("syd", ALARM), ("vast", ALARM)]
    await town.change(early, now, cases.mark_opened, now)


async def test_a_case_that_was_tampered_with_keeps_the_others_from_nobody(town: Town):
    spoilt = await town.open(Pace.NOW, MONDAY_MORNING)
    await town.open(Pace.NOW, MONDAY_MORNING)
    await town.service.database.write(
        lambda conn: conn.execute(update(table).where(table.c.id == spoilt).values(mac=b""))
    )
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("syd", ALARM)]


async def test_a_desk_that_a_case_is_moved_to_is_told_though_the_other_one_was(town: Town):
    case = await town.open(Pace.NOW, MONDAY_MORNING)
    await town.sweep(MONDAY_MORNING)
    await town.service.database.write(_move, town.service, case, MONDAY_MORNING)
    assert town.names(await town.sweep(MONDAY_MORNING)) == [("vast", ALARM)]


def _move(conn: Connection, service: Service, case_id: CaseId, now: datetime) -> None:
    case = cases.find_case(conn, service.key, case_id)
    cases.move(conn, service.key, replace(case, desk=VAST))
    renew_elsewhere(conn, service, case_id, now)


async def test_nothing_is_said_of_a_closed_case(town: Town):
    case = await town.open(Pace.NOW, MONDAY_MORNING)
    await town.change(case, MONDAY_MORNING, cases.close, MONDAY_MORNING)
    assert await until(town, MONDAY_MORNING, 60) == []
    assert await town.service.database.read(nudges.due_desks, town.members, MONDAY_MORNING + timedelta(days=900)) == []


async def test_that_a_closed_case_will_be_deleted_is_told_once_and_not_where_it_is_held(town: Town):
    goes, stays = [await town.open(Pace.WEEKS, MONDAY_MORNING) for _ in range(2)]
    delete_at = MONDAY_MORNING + timedelta(days=30)
    for case in (goes, stays):
        await town.change(case, MONDAY_MORNING, cases.close, MONDAY_MORNING)
        await town.change(case, MONDAY_MORNING, retention.set_deletion, delete_at)
    await town.change(stays, MONDAY_MORNING, retention.set_held, Hold.DISCLOSURE)
    told = [one for day in range(40) for one in await town.sweep(MONDAY_MORNING + timedelta(days=day))]
    assert [(town.names([one]), one.at) for one in told] == [([("syd", DIGEST)], MONDAY_MORNING + timedelta(days=23))]
    given = await town.service.database.read(nudges.given, [goes, stays])
    assert (given[goes][Rule.DELETION].times, given[stays]) == (1, {})


async def test_only_the_national_desk_is_left_to_alarm_in_the_end(town: Town):
    await town.open(Pace.NOW, MONDAY_MORNING, NATIONAL)
    assert set(await until(town, MONDAY_MORNING, 50)) == {("nationell", ALARM)}
