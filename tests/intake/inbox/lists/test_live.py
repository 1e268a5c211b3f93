"""The stream of changes: counts and nothing else, one a session, ended with it, and it keeps no session alive."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from intake.inbox.app import QUIET, inbox_app
from intake.inbox.streams import Full, Streams
from intake.login import log_out
from intake.model import CaseId
from intake.service import Service
from intake.store.schema import sessions
from intake.vault.session import open_session_token
from tests.intake.inbox.browser import Browser, without_jar
from tests.intake.inbox.conftest import TOLD, tell
from tests.patience import PATIENCE
from tests.service import Clock
from triage.model import Place

STREAM = {"Accept": "text/event-stream"}
MITT = Place("19", "1980")
LONG = 120.0
"""Seconds between two looks, where a stream has to end without another."""


@pytest.fixture
async def client(house: Service) -> AsyncIterator[TestClient]:
    """The inbox, looking for changes all the time."""
    async with without_jar(TestServer(inbox_app(house, tick=0.02))) as opened:
        yield opened


async def listen(visitor: Browser) -> ClientResponse:
    headers = visitor.headers | STREAM | {"Cookie": f"hamn={visitor.cookie}"}
    return await visitor.client.get("/changes", headers=headers)


async def event(stream: ClientResponse) -> str:
    """The next event that is no heartbeat: its name and data."""
    async with asyncio.timeout(PATIENCE):
        while True:
            block = (await stream.content.readuntil(b"\n\n")).decode()
            if not block.startswith(":"):
                return block.removeprefix("retry: 5000\n").strip()


async def test_a_stream_says_how_many_wait_and_when_that_changes(nord: Browser, house: Service) -> None:
    async with await listen(nord) as stream:
        assert stream.content_type == "text/event-stream"
        assert await event(stream) == 'event: change\ndata: {"new": 0, "late": 0}'
        await tell(house)
        assert await event(stream) == 'event: change\ndata: {"new": 1, "late": 0}'
        case = (await nord.get("/")).cases[0]
        await nord.get(f"/cases/{case}")
        assert await event(stream) == 'event: change\ndata: {"new": 0, "late": 0}'


async def test_what_an_acting_colleague_changes_is_told_too(nord: Browser, case: CaseId) -> None:
    await nord.get(f"/cases/{case}")
    async with await listen(nord) as stream:
        await event(stream)
        await nord.fill_in(f"/cases/{case}", f"/cases/{case}/remark", remark="Hej")
        assert (await event(stream)).startswith("event: change")


async def test_other_desks_are_none_of_its_business(nord: Browser, house: Service) -> None:
    async with await listen(nord) as stream:
        await event(stream)
        await tell(house, place=MITT)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await event(stream)


async def test_a_second_tab_takes_the_stream_over(nord: Browser) -> None:
    async with await listen(nord) as first:
        await event(first)
        async with await listen(nord) as second:
            assert await event(first) == "event: elsewhere\ndata:"
            assert await first.content.read() == b""
            assert (await event(second)).startswith("event: change")


async def test_the_stream_ends_with_its_session(nord: Browser, house: Service) -> None:
    async with await listen(nord) as stream:
        await event(stream)
        await log_out(house, open_session_token(nord.cookie or ""))
        assert await event(stream) == "event: ended\ndata:"
        assert await stream.content.read() == b""


async def test_the_stream_ends_where_the_session_has_been_idle(nord: Browser, house: Service, clock: Clock) -> None:
    async with await listen(nord) as stream:
        await event(stream)
        clock.advance(minutes=house.config.inbox.idle_minutes + 1)
        assert await event(stream) == "event: ended\ndata:"


async def test_nothing_that_asks_by_itself_keeps_a_session_alive(nord: Browser, house: Service, clock: Clock) -> None:
    before = await last_seen(house)
    clock.advance(minutes=5)
    async with await listen(nord) as stream:
        await event(stream)
    for path in QUIET:
        assert (await nord.get(path)).status == 200
    assert await last_seen(house) == before
    await nord.get("/")
    assert await last_seen(house) > before


async def last_seen(service: Service) -> int:
    return await service.database.read(lambda conn: conn.execute(sessions.select()).one().last_seen_at)


async def test_who_does_not_ask_for_a_stream_gets_the_counts_once(nord: Browser, case: CaseId) -> None:
    answer = await nord.get("/changes")
    assert answer.text.endswith('event: change\ndata: {"new": 1, "late": 0}\n\n')
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_service_stops_while_somebody_listens(house: Service) -> None:
    server = TestServer(inbox_app(house, tick=LONG))
    async with without_jar(server) as client:
        visitor = Browser(client)
        await visitor.log_in("nord")
        stream = await listen(visitor)
        await event(stream)
        async with asyncio.timeout(LONG / 2):
            await server.runner.shutdown()
            assert await stream.content.read() == b""


async def test_the_part_of_the_list_is_the_list_without_its_page(nord: Browser, case: CaseId) -> None:
    part = await nord.get("/list")
    assert part.cases == [case]
    assert "<html" not in part.text
    assert TOLD not in part.words
    assert 'data-part="/list?place=24"' in (await nord.get("/?place=24")).text


def test_no_more_than_so_many_listen() -> None:
    streams = Streams(tick=1, most=1)
    with streams.opened(b"one"):
        with pytest.raises(Full), streams.opened(b"two"):
            pass
        with streams.opened(b"one") as again:
            assert not again.ended.is_set()
    with streams.opened(b"two"):
        pass
