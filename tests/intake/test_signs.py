"""A loop that turns is well, one that is silent for too long is named; what was met twice is counted once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bridges.contract import Media
from intake.service import Service
from intake.signs import TURN, Signs
from intake.ways import ways_open
from tests.intake.outbox.fake import FakeBridge
from tests.patience import PATIENCE
from tests.service import MONDAY_MORNING, Clock

LATER = MONDAY_MORNING + TURN + timedelta(seconds=1)


@dataclass
class FakeBot(FakeBridge):
    """A bridge that is asked for its messages and their files, and has none."""

    polls: bool = True

    async def poll_once(self, offset: int | None, _: timedelta) -> int | None:
        await asyncio.sleep(0.01)
        return offset

    async def fetch(self, _: Media, __: int) -> AsyncIterator[bytes]:
        yield b""


def test_a_loop_is_expected_from_its_first_turn_on_until_it_is_ended():
    signs = Signs()
    assert signs.silent(LATER) == []
    signs.turn("carrying phone", MONDAY_MORNING)
    signs.turn("carrying bot", LATER)
    assert signs.silent(LATER) == ["carrying phone"]
    signs.end("carrying phone")
    assert signs.silent(LATER) == []


def test_a_row_that_is_met_again_is_one_row():
    signs = Signs()
    for row in ("one", "one", "two"):
        signs.stumble(row, ValueError("said"))
    assert (signs.tampered, "one" in repr(signs)) == (2, False)


async def test_a_bridge_whose_loop_has_died_is_silent_and_the_others_are_not(empty_service: Service, clock: Clock):
    dead, alive = FakeBot(name="dead"), FakeBridge(name="alive")
    service = replace(empty_service, bridges={"dead": dead, "alive": alive})
    async with ways_open(service):
        _end_loop_of(dead)
        clock.now = LATER
        service.bell.ring()
        await turned(service, clock, "carrying alive")
        assert service.signs.silent(clock.now) == ["carrying dead", "fetching dead", "polling dead"]
    assert service.signs.silent(clock.now) == []


async def test_every_loop_of_a_bridge_gives_its_own_sign(
    empty_service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("intake.ways._FETCH_EVERY", 0.01)
    service = replace(empty_service, bridges={"bot": FakeBot(name="bot")})
    async with ways_open(service):
        clock.now = LATER
        service.bell.ring()
        await turned(service, clock, "carrying bot", "fetching bot", "polling bot")


async def turned(service: Service, clock: Clock, *loops: str) -> None:
    """Return once all of these have turned."""
    async with asyncio.timeout(PATIENCE):
        while not set(loops).isdisjoint(service.signs.silent(clock.now)):  # noqa: ASYNC110 - a turn is no event
            await asyncio.sleep(0.01)


def _end_loop_of(bridge: FakeBridge) -> None:
    loops = [task for task in asyncio.all_tasks() if task.get_coro().cr_frame.f_locals.get("bridge") is bridge]
    for task in loops:
        task.cancel()
    assert loops
