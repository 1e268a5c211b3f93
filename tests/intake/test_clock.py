"""The clock runs every job of its table, each by itself, and a job that fails does not stop it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES

from intake import clock, upkeep
from intake.service import Service
from tests.patience import PATIENCE
from tests.service import MONDAY_MORNING


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The clock knows no SQL: one database is enough."""
    return sqlite_url


def test_upkeep_is_in_the_table():
    assert {upkeep.tidy, upkeep.delete_due} <= clock.TABLE.keys()
    assert all(timedelta(seconds=1) <= interval <= timedelta(days=1) for interval in clock.TABLE.values())


async def test_every_job_runs_again_and_again_though_another_fails(
    empty_service: Service, monkeypatch: pytest.MonkeyPatch
):
    seen: list[tuple[Service, datetime]] = []
    twice = asyncio.Event()

    async def job(service: Service, now: datetime) -> None:
        seen.append((service, now))
        if len(seen) == 2:
            twice.set()

    async def failing(_: Service, __: datetime) -> None:
        raise ValueError("kanarie")

    monkeypatch.setattr(clock, "TABLE", {failing: timedelta(milliseconds=20), job: timedelta(milliseconds=40)})
    scheduler = clock.start_clock(empty_service)
    await asyncio.wait_for(twice.wait(), PATIENCE)
    scheduler.shutdown(wait=False)
    assert all(one == (empty_service, MONDAY_MORNING) for one in seen)


async def test_a_job_still_under_way_is_not_doubled(empty_service: Service, monkeypatch: pytest.MonkeyPatch):
    begun, due_again, over = 0, asyncio.Event(), asyncio.Event()

    async def slow(_: Service, __: datetime) -> None:
        nonlocal begun
        begun += 1
        await over.wait()

    monkeypatch.setattr(clock, "TABLE", {slow: timedelta(milliseconds=20)})
    scheduler = clock.start_clock(empty_service)
    scheduler.add_listener(lambda _: due_again.set(), EVENT_JOB_MAX_INSTANCES)
    await asyncio.wait_for(due_again.wait(), PATIENCE)
    over.set()
    scheduler.shutdown(wait=False)
    assert begun == 1


async def test_every_job_of_the_table_can_run(empty_service: Service):
    for job in clock.TABLE:
        await job(empty_service, MONDAY_MORNING)
