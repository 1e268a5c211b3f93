"""Fixtures: a service whose coordinators can be told, and what each of them was told."""

import pytest

from intake.service import Service
from tests.intake.nudging.town import Town, settle


@pytest.fixture
async def town(service: Service) -> Town:
    """One coordinator at each desk, reached by phone."""
    return await settle(service)
