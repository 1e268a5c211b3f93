"""Fixtures: the inbox over a service with two desks, a case that lies with one of them, and browsers."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer

from intake.inbox.app import inbox_app
from intake.model import CaseId, Channel, Police
from intake.receive import Once, Report, receive
from intake.service import Service
from tests.intake.inbox.browser import Browser, without_jar
from tests.service import MONDAY_MORNING, staff_all
from triage.model import Kind, Place

TOLD = "En kvinna hålls inlåst på ett hotell i Umeå och är 16 år."
UMEA = Place(county="24", municipality="2480")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages know no SQL: one database is enough here; the flows run on both."""
    return sqlite_url


@pytest.fixture
async def house(empty_service: Service) -> Service:
    """Coordinators of Nord, Mitt and the national desk, and an administrator."""
    await staff_all(empty_service, {"nord": "nord", "mitt": "mitt", "national": "nationell", "admin": None})
    return empty_service


@pytest.fixture
async def client(house: Service) -> AsyncIterator[TestClient]:
    async with without_jar(TestServer(inbox_app(house))) as opened:
        yield opened


@pytest.fixture
def another_browser(client: TestClient) -> Callable[[], Browser]:
    """Open another browser."""
    return lambda: Browser(client)


@pytest.fixture
async def nord(client: TestClient) -> Browser:
    """The coordinator of Nord, logged in."""
    visitor = Browser(client)
    await visitor.log_in("nord")
    return visitor


async def tell(
    service: Service, text: str = TOLD, now: datetime = MONDAY_MORNING, kind: Kind = Kind.HELP, place: Place = UMEA
) -> str:
    """Somebody writes; the receipt."""
    report = Report(text, Channel.WEB, kind=kind, place=place, police=Police.ASK)
    return (await receive(service, report, Once.by_chance(), now)).receipt


@pytest.fixture
async def receipt(house: Service) -> str:
    """The receipt of a case that lies with Nord."""
    return await tell(house)


@pytest.fixture
async def case(receipt: str, nord: Browser) -> CaseId:
    """The case that lies with Nord, not opened yet."""
    return CaseId((await nord.get("/")).cases[0])
