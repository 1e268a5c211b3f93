"""The operator sees that it lives, whether it would take a report, and numbers; never a word of anybody's."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from intake.ops import ops_app
from intake.service import Service
from tests.flows.steps import TEXT, staffed, tell


@pytest.fixture
async def client(empty_service: Service) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(ops_app(empty_service))) as opened:
        yield opened


async def answer(client: TestClient, path: str) -> tuple[int, str]:
    async with client.get(path) as response:
        return response.status, await response.text()


async def test_it_is_alive_whatever_else(empty_service: Service, client: TestClient):
    await empty_service.database.close()
    assert await answer(client, "/healthz") == (200, "alive\n")


async def test_it_is_ready_once_the_national_desk_has_a_member(empty_service: Service, client: TestClient):
    await staffed(empty_service, "syd")
    assert (await answer(client, "/readyz"))[0] == 503
    await staffed(empty_service, "nationell")
    assert await answer(client, "/readyz") == (200, "ready\n")


async def test_the_numbers_are_numbers(empty_service: Service, client: TestClient):
    await staffed(empty_service, "syd", "nationell")
    received = await tell(empty_service)
    status, text = await answer(client, "/metrics")
    numbers = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    new = [float(number) for name, number in numbers.items() if name.startswith("hamn_cases{") and '"new"' in name]
    assert (status, sum(new)) == (200, 1)
    for secret in (TEXT, received.receipt, "Malmö", "1280", "syd"):
        assert secret not in text
    assert all(name.startswith("hamn_") for name in numbers)


@pytest.mark.parametrize("path", ["/", "/sv/", "/api/v1/reports", "/cases/x"])
async def test_nothing_else_is_there(client: TestClient, path: str):
    assert (await answer(client, path))[0] == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_is_not_ready_when_nothing_can_be_written(empty_service: Service, client: TestClient):
    await staffed(empty_service, "nationell")
    await empty_service.database.close()
    assert (await answer(client, "/readyz"))[0] == 503


async def test_rows_that_are_not_what_was_written_are_counted_and_not_named(empty_service: Service, client: TestClient):
    await staffed(empty_service, "nationell")
    for row in ("one", "two", "two"):
        empty_service.signs.stumble(row, ValueError())
    assert await answer(client, "/readyz") == (200, "ready\n2 rows are not what was written\n")
    assert "hamn_tampered_rows 2.0" in (await answer(client, "/metrics"))[1]
