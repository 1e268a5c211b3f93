"""A year of coordinators who are late, ill, away or asleep: nobody is forgotten, and nobody is disturbed in vain."""

import pytest

from tests.flows.year import live
from tests.intake.nudging.conftest import town
from tests.intake.nudging.town import Town
from tests.service import MONDAY_MORNING

__all__ = ["town"]


async def test_in_some_weeks_nobody_is_forgotten(town: Town):
    year = await live(town, seed=1, start=MONDAY_MORNING, days=30, number=40)
    assert len(year.lives) == 40
    assert year.followed


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200))
async def test_in_a_year_nobody_is_forgotten(town: Town, seed: int):
    year = await live(town, seed=seed, start=MONDAY_MORNING, days=365, number=3000)
    assert len(year.lives) == 3000
