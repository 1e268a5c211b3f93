"""Fixtures: two desks and the national one at work, and a case that lies with Syd."""

import pytest

from intake.model import CaseId
from intake.reading import Reader
from intake.service import Service
from tests.flows.steps import only_case, staffed, tell
from tests.service import Person, reader_of


@pytest.fixture
async def people(empty_service: Service) -> list[Person]:
    """Who works at Syd, at Väst and at the national desk."""
    return await staffed(empty_service, "syd", "vast", "nationell")


@pytest.fixture
async def syd(empty_service: Service, people: list[Person]) -> Reader:
    return await reader_of(empty_service, people[0])


@pytest.fixture
async def vast(empty_service: Service, people: list[Person]) -> Reader:
    return await reader_of(empty_service, people[1])


@pytest.fixture
async def receipt(empty_service: Service, people: list[Person]) -> str:
    return (await tell(empty_service)).receipt


@pytest.fixture
async def case(empty_service: Service, syd: Reader, receipt: str) -> CaseId:
    return await only_case(empty_service, syd)
