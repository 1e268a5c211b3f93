"""While the store is in trouble nobody is told "received", every word is kept, and afterwards all goes on."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from html import escape

import asyncpg
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, func, make_url, select

from intake.service import Service
from intake.store.database import Database
from intake.store.schema import cases
from intake.web.app import public_app

TEXT = " ".join(["De sover i källaren. Varje kväll kommer nya män, och ingen får gå ut."] * 200)
"""Longer than the room that is left in half-filled pages of a full file."""
KEY = {"Idempotency-Key": "a-key-that-nobody-else-would-guess"}
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')

Trouble = Callable[[Database, str], AbstractAsyncContextManager[None]]


@pytest.fixture
async def client(service: Service) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(public_app(service))) as client:
        yield client


def run(statement: str) -> Callable[[Connection], None]:
    return lambda connection: connection.exec_driver_sql(statement).close()


@asynccontextmanager
async def full(database: Database, _: str) -> AsyncIterator[None]:
    await database.write(run("PRAGMA max_page_count = 1"))  # as many as there are
    yield
    await database.write(run("PRAGMA max_page_count = 100000"))


@asynccontextmanager
async def read_only(database: Database, _: str) -> AsyncIterator[None]:
    await database.write(run("PRAGMA query_only = ON"))
    yield
    await database.write(run("PRAGMA query_only = OFF"))


@asynccontextmanager
async def locked(database: Database, url: str) -> AsyncIterator[None]:
    await database.write(run("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@asynccontextmanager
async def cut_off(_: Database, url: str) -> AsyncIterator[None]:
    """Whoever begins to write a case waits for us, and loses the connection while waiting."""
    ours, axe = await asyncpg.connect(url), await asyncpg.connect(url)
    async with ours.transaction():
        await ours.execute("LOCK TABLE cases IN EXCLUSIVE MODE")
        cutting = asyncio.create_task(_cut_whoever_waits(axe))
        yield
        cutting.cancel()
    await asyncio.gather(ours.close(), axe.close(), cutting, return_exceptions=True)


async def _cut_whoever_waits(axe: asyncpg.Connection) -> None:
    while True:
        await axe.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        await asyncio.sleep(0.02)


TROUBLES = pytest.mark.parametrize(
    ("database_url", "trouble"),
    [("sqlite", full), ("sqlite", read_only), ("sqlite", locked), ("postgresql", cut_off)],
    indirect=["database_url"],
    ids=["a full disk", "a read-only file", "a locked file", "a lost connection"],
)


async def post(client: TestClient) -> ClientResponse:
    return await client.post("/api/v1/reports", json={"text": TEXT}, headers=KEY)


async def number_of_cases(database: Database) -> int:
    return await database.read(lambda conn: conn.execute(select(func.count()).select_from(cases)).scalar_one())


@TROUBLES
async def test_a_program_is_told_not_received_and_never_a_receipt(
    client: TestClient, service: Service, database_url: str, trouble: Trouble
):
    async with trouble(service.database, database_url):
        answer = await post(client)
        body = await answer.text()
    assert (answer.status, answer.content_type) == (503, "application/problem+json")
    assert "Not received" in body
    assert "receipt" not in body
    assert TEXT not in body
    assert await number_of_cases(service.database) == 0


@TROUBLES
async def test_the_same_request_is_received_once_the_trouble_is_over(
    client: TestClient, service: Service, database_url: str, trouble: Trouble
):
    async with trouble(service.database, database_url):
        assert (await post(client)).status == 503
    first, again = [(await (await post(client)).json())["receipt"] for _ in range(2)]
    mailbox = await (await client.post("/api/v1/mailbox", json={"receipt": first})).json()
    assert first == again
    assert [message["text"] for message in mailbox["messages"]] == [TEXT]
    assert await number_of_cases(service.database) == 1


@TROUBLES
async def test_the_page_says_not_received_and_still_holds_every_word(
    client: TestClient, service: Service, database_url: str, trouble: Trouble
):
    form = dict(_HIDDEN.findall(await (await client.get("/sv/tip")).text()))
    async with trouble(service.database, database_url):
        answer = await client.post("/sv/tip", data=form | {"text": TEXT})
        page = await answer.text()
    assert answer.status == 503
    assert escape(TEXT) in page
    assert 'class="receipt"' not in page
    assert await number_of_cases(service.database) == 0
