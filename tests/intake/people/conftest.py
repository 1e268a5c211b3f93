"""Fixtures: a desk with one member."""

import pytest

from intake.service import Service
from tests.databases import both_in_soak as database_url
from tests.flows.steps import staffed
from tests.service import Person

__all__ = ["database_url"]


@pytest.fixture
async def anna(empty_service: Service) -> Person:
    """The first member of Syd; the national desk has one too."""
    return (await staffed(empty_service, "syd", "nationell"))[0]
