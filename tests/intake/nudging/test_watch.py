"""Those who are told are watched, and the watch too: empty desks, failing bridges, a weekly test, a sign of life."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, update

from bridges.contract import Reason
from intake.model import Outgoing, OutgoingKind
from intake.nudging.watch import LATE, beat, test_due, watch
from intake.service import Service
from intake.signs import TURN
from intake.store import absences, outbox
from intake.store.absences import Absence
from intake.store.schema import outbox as table
from intake.vault.ids import new_id
from tests.intake.nudging.town import SYD, Told, Town, carry, settle
from tests.service import MONDAY_MORNING, SUNDAY_NIGHT
from triage.model import Pace

test_due.__test__ = False
"""The name says what it is for; pytest would take it for a test."""


async def watched(town: Town, now: datetime) -> list[Told]:
    await watch(town.service, now)
    return await town.service.database.write(carry, now)


async def test_a_desk_with_nobody_there_is_an_alarm_at_the_national_desk_once_a_day(town: Town):
    away = Absence(town.members[SYD], MONDAY_MORNING, MONDAY_MORNING + timedelta(days=9))
    await town.service.database.write(absences.save, away)
    assert town.names(await watched(town, MONDAY_MORNING)) == [("nationell", "alarm")]
    assert await watched(town, MONDAY_MORNING + timedelta(hours=3)) == []
    following = MONDAY_MORNING + timedelta(days=1, minutes=1)
    assert "alarm" in [one.what for one in await watched(town, following)]


async def test_at_night_an_empty_desk_wakes_nobody(town: Town):
    away = Absence(town.members[SYD], SUNDAY_NIGHT, SUNDAY_NIGHT + timedelta(days=9))
    await town.service.database.write(absences.save, away)
    assert await watched(town, SUNDAY_NIGHT) == []


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-24 09:00", date(2026, 11, 24)),
        ("2026-11-24 08:59", None),
        ("2026-11-24 15:00", None),
        ("2026-11-25 09:00", None),
    ],
)
def test_the_weekly_test_has_its_day_and_hour(now: str, day: date | None):
    assert test_due("tue 10:00", datetime.fromisoformat(now).replace(tzinfo=UTC)) == day
    assert test_due("none", datetime.fromisoformat(now).replace(tzinfo=UTC)) is None


async def test_once_a_week_every_phone_rings_on_trial(town: Town):
    tuesday = MONDAY_MORNING + timedelta(days=1, hours=1)
    told = [one for _ in range(3) for one in await watched(town, tuesday)]
    assert {(one.what, one.call) for one in told} == {("test", True)}
    assert len(told) == len(town.members)


def fail(conn: Connection, now: datetime, number: int) -> None:
    """Texts that the bridge would not carry: its credit is used up."""
    for _ in range(number):
        id_ = new_id()
        expires = now + timedelta(hours=5)
        one = Outgoing(id=id_, send_id=new_id(), bridge="phone", kind=OutgoingKind.DUTY, expires_at=expires)
        outbox.enqueue(conn, one, now)
    conn.execute(update(table).values(reason=Reason.ACCOUNT.value))


async def test_a_bridge_that_carries_nothing_is_an_alarm(town: Town):
    await town.service.database.write(fail, MONDAY_MORNING, 2)
    assert [one.what for one in await watched(town, MONDAY_MORNING) if one.what] == []
    await town.service.database.write(fail, MONDAY_MORNING, 3)
    assert [one.what for one in await watched(town, MONDAY_MORNING) if one.what] == ["alarm"]


@pytest.fixture
async def outside(service: Service) -> Callable[..., object]:
    """Somebody outside who waits for signs of life."""
    heard: list[str] = []

    async def note(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response()

    app = web.Application()
    app.router.add_get("/alive", note)
    async with TestServer(app) as server:
        watch_table = {"heartbeat_url": str(server.make_url("/alive"))}
        yield await settle(service, watch=watch_table), heard


async def test_a_sign_of_life_goes_out_while_nudging_works_and_only_then(outside):
    town, heard = outside
    assert await beat(town.service, MONDAY_MORNING)
    await town.open(Pace.NOW, MONDAY_MORNING)
    assert not await beat(town.service, MONDAY_MORNING + LATE + timedelta(seconds=1))
    await town.sweep(MONDAY_MORNING + LATE)
    assert await beat(town.service, MONDAY_MORNING + LATE + timedelta(seconds=1))
    assert heard == ["/alive"] * 2


async def test_a_watch_that_does_not_answer_stops_nothing(service: Service):
    town = await settle(service, watch={"heartbeat_url": "http://127.0.0.1:9/alive"})
    assert not await beat(town.service, MONDAY_MORNING)
    assert not await beat(replace(service), MONDAY_MORNING)


async def test_no_sign_of_life_goes_out_while_a_loop_hangs(outside):
    town, _ = outside
    town.service.signs.turn("carrying phone", MONDAY_MORNING)
    assert await beat(town.service, MONDAY_MORNING + TURN)
    assert not await beat(town.service, MONDAY_MORNING + TURN + timedelta(seconds=1))
    town.service.signs.turn("carrying phone", MONDAY_MORNING + TURN)
    assert await beat(town.service, MONDAY_MORNING + TURN + timedelta(seconds=1))
