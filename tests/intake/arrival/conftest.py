"""Fixtures: a service with its desks staffed, and the national desk's and the north's readers."""

import pytest

from intake.reading import Reader
from intake.service import Service
from tests.service import Clock, Person, make_config, reader_of, staff_all


@pytest.fixture
async def people(empty_service: Service, clock: Clock) -> dict[str, Person]:
    """One member each at the national desk and in the north and its deputy."""
    desks = ("nationell", "nord", "mitt")
    joined = await staff_all(empty_service, {f"{desk}@test": desk for desk in desks}, clock.now)
    return dict(zip(desks, joined, strict=True))


@pytest.fixture
def house(empty_service: Service, people: dict[str, Person]) -> Service:
    """A service that can receive."""
    return empty_service


@pytest.fixture
async def national(house: Service, people: dict[str, Person], clock: Clock) -> Reader:
    return await reader_of(house, people["nationell"], clock.now)


@pytest.fixture
async def north(house: Service, people: dict[str, Person], clock: Clock) -> Reader:
    return await reader_of(house, people["nord"], clock.now)


@pytest.fixture
async def middle(house: Service, people: dict[str, Person], clock: Clock) -> Reader:
    return await reader_of(house, people["mitt"], clock.now)


@pytest.fixture
def new_after_closing(house: Service, make_service) -> Service:
    """The same house, configured to open a new case after closing."""
    return make_service(make_config(contact={"after_closing": "new"}))
