"""A port that stops: nobody new comes in, and whoever is speaking is heard to the end."""

import asyncio

import pytest
from aiohttp import web

from intake import listener
from intake.listener import listen

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


@pytest.fixture
async def opened():
    """A listener that answers with what it was sent, and the bodies that came in whole."""
    bodies = []

    async def take(request):
        bodies.append(await request.read())
        return web.Response(text="received")

    app = web.Application()
    app.router.add_post("/", take)
    return await listen(app, "127.0.0.1:0"), bodies


async def begun(port):
    """A request of which half has been sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"first")
    await asyncio.sleep(0.1)
    return reader, writer


async def test_a_request_whose_body_is_still_coming_in_is_answered(opened):
    port, bodies = opened
    reader, writer = await begun(port.port)
    closing = asyncio.create_task(port.close())
    await asyncio.sleep(0.1)
    writer.write(b" last")
    assert (await reader.read(15)).startswith(b"HTTP/1.1 200")
    await closing
    assert bodies == [b"first last"]


async def test_nobody_new_comes_in_while_it_stops(opened):
    port, _ = opened
    _, writer = await begun(port.port)
    closing = asyncio.create_task(port.close())
    await asyncio.sleep(0.1)
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port.port)
    writer.close()
    await closing


async def test_who_never_finishes_does_not_keep_it_from_stopping(opened, monkeypatch):
    monkeypatch.setattr(listener, "_FINISH_WITHIN", 0.2)
    port, bodies = opened
    reader, _ = await begun(port.port)
    await asyncio.wait_for(port.close(), 15)
    assert await reader.read() == b""
    assert bodies == []


async def test_an_idle_connection_does_not_keep_it_from_stopping(opened):
    port, _ = opened
    await asyncio.open_connection("127.0.0.1", port.port)
    await asyncio.wait_for(port.close(), 2)
