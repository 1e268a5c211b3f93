"""A year of coordinators who are late, ill, away or asleep: nobody is forgotten, and nobody is disturbed in vain."""

import pytest

from tests.databases import both_in_soak as database_url
from tests.flows.year import live
from tests.intake.nudging.conftest import town
from tests.intake.nudging.town import Town
from tests.service import MONDAY_MORNING

__all__ = ["database_url", "town"]


async def test_in_some_weeks_nobody_is_forgotten(town: Town):
    year = await live(town, seed=1, start=MONDAY_MORNING, days=21, number=20)
    assert len(year.lives) == 20
    assert year.followed


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200))
async def test_in_a_year_nobody_is_forgotten(town: Town, seed: int):
    year = await live(town, seed=seed, start=MONDAY_MORNING, days=365, number=200)
    assert year.followed


@pytest.mark.soak
async def test_in_a_busy_year_nobody_is_forgotten(town: Town):
    year = await live(town, seed=1_000, start=MONDAY_MORNING, days=365, number=4_000)
    assert len(year.lives) == 4_000
