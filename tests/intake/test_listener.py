"""A port that opens or says clearly that it is busy, answers malformed requests by status alone, and closes gently."""

import asyncio
import socket
import zlib

import pytest
from aiohttp import ClientSession, web

from intake import listener
from intake.listener import PortBusy, listen, split_address
from intake.pages.headers import HeaderPolicy
from tests.patience import PATIENCE

CANARY = "kanarie-4711"


def an_app(seen: list[str] | None = None, asked: asyncio.Event | None = None, pause: float = 0.1) -> web.Application:
    async def slow(_: web.Request) -> web.Response:
        if asked is not None:
            asked.set()
        await asyncio.sleep(pause)
        return web.Response(text="done")

    async def fail(_: web.Request) -> web.Response:
        raise ValueError(CANARY)

    async def clean_up(_: web.Application) -> None:
        if seen is not None:
            seen.append("cleaned up")

    app = web.Application()
    app.router.add_get("/slow", slow)
    app.router.add_get("/fail", fail)
    app.on_cleanup.append(clean_up)
    return app


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [("127.0.0.1:8080", "127.0.0.1", 8080), ("[::1]:80", "::1", 80), ("localhost:0", "localhost", 0)],
)
def test_an_address_is_read(address: str, host: str, port: int):
    assert split_address(address) == (host, port)


@pytest.mark.parametrize("address", ["", "8080", "localhost", "localhost:", "localhost:http", ":-1"])
def test_anything_else_is_no_address(address: str):
    with pytest.raises(ValueError, match="host:port"):
        split_address(address)


async def test_a_busy_port_is_named():
    seen: list[str] = []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortBusy, match=str(port)) as busy:
            await listen(an_app(seen), f"127.0.0.1:{port}")
    assert busy.value.port == port
    assert seen == ["cleaned up"]


async def said_to(port: int, sent: bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return answer.decode("latin-1")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"GET /{CANARY} {CANARY}\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{CANARY}\r\n\r\n", 400),
        (f"GET /{CANARY * 1000} HTTP/1.1\r\n\r\n", 400),
        (f"GET /fail?{CANARY} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 500),
    ],
    ids=["request line", "header", "long line", "a handler that fails"],
)
async def test_what_cannot_be_answered_gets_a_status_and_no_echo(sent: str, status: int, caplog, capfd):
    caplog.set_level("DEBUG")
    listener = await listen(an_app(), "127.0.0.1:0")
    answer = await said_to(listener.port, sent.encode())
    await listener.close()
    assert answer.startswith((f"HTTP/1.1 {status} ", f"HTTP/1.0 {status} "))
    assert "cache-control: no-store" in answer.lower()
    assert CANARY not in answer + caplog.text + "".join(capfd.readouterr())
    assert "127.0.0.1" not in caplog.text


async def test_no_request_leaves_a_line_in_an_access_log(caplog):
    caplog.set_level("DEBUG")
    listener = await listen(an_app(), "127.0.0.1:0")
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{listener.port}/slow?{CANARY}") as answer:
        assert await answer.text() == "done"
    await listener.close()
    assert not [record for record in caplog.records if "aiohttp" in record.name or CANARY in record.getMessage()]


async def test_closing_lets_a_request_under_way_finish_and_takes_no_other():
    seen, asked = list[str](), asyncio.Event()
    listener = await listen(an_app(seen, asked), "127.0.0.1:0")
    async with ClientSession() as session:
        under_way = asyncio.create_task(session.get(f"http://127.0.0.1:{listener.port}/slow"))
        await asyncio.wait_for(asked.wait(), PATIENCE)
        await listener.close()
        assert (await under_way).status == 200
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", listener.port)
    assert seen == ["cleaned up"]


@pytest.mark.parametrize("sent", [b"NOT HTTP\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"])
async def test_a_refusal_says_nothing_of_the_software_and_is_shut_in(sent: bytes):
    listener = await listen(an_app(), "127.0.0.1:0")
    answer = (await said_to(listener.port, sent)).lower()
    await listener.close()
    assert answer.startswith(("http/1.0 400", "http/1.1 400"))
    assert "server:" not in answer
    for name in HeaderPolicy(secure=False).headers().keys() - {"Permissions-Policy"}:
        assert f"\n{name.lower()}: " in answer


async def test_no_answer_says_what_software_it_comes_from():
    listener = await listen(an_app(), "127.0.0.1:0")
    async with ClientSession() as session:
        for path in ("slow", "fail", "nowhere"):
            async with session.get(f"http://127.0.0.1:{listener.port}/{path}") as answer:
                assert "Server" not in answer.headers
    await listener.close()


@pytest.mark.parametrize("said", [b"", b"GET /slow HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "half a request"])
async def test_whoever_never_asks_is_not_waited_for(said: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listener, "ASKS_WITHIN", 0.1)
    server = await listen(an_app(), "127.0.0.1:0")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(said)
    assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
    writer.close()
    await server.close()


async def test_whoever_has_asked_is_answered_however_long_it_takes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listener, "ASKS_WITHIN", 0.5)
    server = await listen(an_app(pause=0.6), "127.0.0.1:0")
    assert "done" in await said_to(server.port, b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    await server.close()


@pytest.mark.parametrize("packed", ["gzip", "deflate", "br", "nothing we know"])
async def test_a_packed_body_is_refused_and_not_unpacked(packed: str):
    server = await listen(an_app(), "127.0.0.1:0")
    body = zlib.compress(bytes(10_000_000))
    head = f"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Encoding: {packed}\r\nContent-Length: {len(body)}\r\n\r\n"
    assert "415 Unsupported" in await said_to(server.port, head.encode() + body)
    await server.close()
