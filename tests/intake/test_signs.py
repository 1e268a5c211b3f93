"""A loop that turns is well, one that is silent for too long is named; what was met twice is counted once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from intake.service import Service
from intake.signs import TURN, Signs
from intake.ways import at_work
from tests.intake.outbox.fake import FakeBridge
from tests.service import MONDAY_MORNING, Clock

LATER = MONDAY_MORNING + TURN + timedelta(seconds=1)


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
    assert [signs.stumble(row) for row in ("one", "one", "two")] == [1, 1, 2]
    assert "one" not in repr(signs)


async def test_a_bridge_whose_loop_has_died_is_silent_and_the_others_are_not(empty_service: Service, clock: Clock):
    dead, alive = FakeBridge(name="dead"), FakeBridge(name="alive")
    service = replace(empty_service, bridges={"dead": dead, "alive": alive})
    async with at_work(service):
        _end_loop_of(dead)
        clock.now = LATER
        service.bell.ring()
        while "carrying alive" in service.signs.silent(clock.now):  # noqa: ASYNC110 - the loop has no event for its turns
            await asyncio.sleep(0.01)
        assert service.signs.silent(clock.now) == ["carrying dead"]
    assert service.signs.silent(clock.now) == []


def _end_loop_of(bridge: FakeBridge) -> None:
    loops = [task for task in asyncio.all_tasks() if task.get_coro().cr_frame.f_locals.get("bridge") is bridge]
    for task in loops:
        task.cancel()
    assert loops
