"""A port that stops: nobody new comes in, and whoever is speaking is heard to the end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from intake import listener
from intake.listener import Listener, listen
from tests.patience import PATIENCE

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


@dataclass
class Door:
    """An application that says "received", and the bodies that came in whole."""

    bodies: list[bytes] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.asked.set()
        self.bodies.append(await request.read())
        return web.Response(text="received")


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def port(door: Door, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AsyncIterator[Listener]:
    """The door, open; a test may say for how long it waits when it closes."""
    monkeypatch.setattr(listener, "_FINISH_WITHIN", getattr(request, "param", PATIENCE))
    app = web.Application()
    app.router.add_post("/", door.take)
    return await listen(app, "127.0.0.1:0")


async def begin(port: Listener, door: Door) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request of which half has been sent, and has been heard."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port.port)
    writer.write(HEAD + b"first")
    await asyncio.wait_for(door.asked.wait(), PATIENCE)
    return reader, writer


async def close(port: Listener) -> asyncio.Task[None]:
    """The door is being closed."""
    closing = asyncio.create_task(port.close())
    while port.server.is_serving():  # noqa: ASYNC110 - it is no event
        await asyncio.sleep(0)
    return closing


async def test_a_request_whose_body_is_still_coming_in_is_answered(port: Listener, door: Door):
    reader, writer = await begin(port, door)
    closing = await close(port)
    writer.write(b" last")
    assert (await reader.read(15)).startswith(b"HTTP/1.1 200")
    await closing
    assert door.bodies == [b"first last"]


async def test_nobody_new_comes_in_while_it_stops(port: Listener, door: Door):
    _, writer = await begin(port, door)
    closing = await close(port)
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port.port)
    writer.close()
    await closing


@pytest.mark.parametrize("port", [0.2], indirect=True)
async def test_who_never_finishes_does_not_keep_it_from_stopping(port: Listener, door: Door):
    reader, _ = await begin(port, door)
    await asyncio.wait_for(port.close(), PATIENCE)
    assert await reader.read() == b""
    assert door.bodies == []


async def test_an_idle_connection_does_not_keep_it_from_stopping(port: Listener):
    await asyncio.open_connection("127.0.0.1", port.port)
    await asyncio.wait_for(port.close(), PATIENCE / 2)
