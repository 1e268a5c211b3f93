"""Turns within one process: long work lets others in."""

import asyncio
import time
from itertools import repeat

from intake.turns import gently


async def test_others_get_a_turn_every_few_milliseconds_of_long_work():
    turns = 0

    async def elsewhere() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(elsewhere())
    async for pause in gently(repeat(0.004, 5)):
        time.sleep(pause)  # noqa: ASYNC251 (the work that is long)
    other.cancel()
    assert turns >= 5


async def test_short_work_is_not_held_up():
    assert [one async for one in gently(range(3))] == [0, 1, 2]
