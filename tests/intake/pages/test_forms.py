"""Forms are read whole, in memory, within a limit, and only from our own pages."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from intake.pages import forms
from intake.pages.errors import catch_errors
from intake.pages.forms import read_form, read_form_with_files
from tests.patience import PATIENCE

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _post(body: bytes, headers: dict[str, str]):
    async def echo(request: web.Request) -> web.Response:
        return web.json_response(dict(await read_form(request)))

    app = web.Application(client_max_size=1000)
    app.router.add_post("/", echo)
    async with TestClient(TestServer(app)) as client:
        answer = await client.post("/", data=body, headers=headers)
        return answer.status, await answer.json() if answer.status == 200 else None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"text=hej+du&x=", {"text": "hej du", "x": ""}),
        ("text=å".encode().replace("å".encode(), b"%C3%A5"), {"text": "å"}),
        (b"text=one%0D%0Atwo%0Dthree", {"text": "one\ntwo\nthree"}),
        (b"text=%ff", {"text": "�"}),
        (b"text=a%00b", {"text": "ab"}),
        (b"a=1&a=2", {"a": "2"}),
        (b"", {}),
    ],
)
async def test_a_form_is_read(body: bytes, fields: dict[str, str]):
    assert await _post(body, FORM) == (200, fields)


@pytest.mark.parametrize(
    ("what", "body", "headers", "status"),
    [
        ("too long", b"text=" + b"a" * 2000, FORM, 413),
        ("raw bytes", b"text=\xff", FORM, 400),
        ("too many fields", b"a&" * 300, FORM, 400),
        ("another type", b"{}", {"Content-Type": "application/json"}, 415),
        ("another site", b"text=hej", FORM | {"Sec-Fetch-Site": "cross-site"}, 403),
        ("a sister site", b"text=hej", FORM | {"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_a_form_is_refused(what: str, body: bytes, headers: dict[str, str], status: int):
    assert (await _post(body, headers))[0] == status, what


@pytest.mark.parametrize("origin", ["null", "https://elsewhere.example"])
async def test_origin_decides_nothing_since_no_referrer_hides_it(origin: str):
    assert (await _post(b"", FORM | {"Origin": origin, "Sec-Fetch-Site": "same-origin"}))[0] == 200


@pytest.mark.parametrize("kind", [FORM["Content-Type"], "multipart/form-data; boundary=x"])
async def test_a_form_that_trickles_in_is_not_waited_for(kind: str, monkeypatch: pytest.MonkeyPatch):
    async def read(request: web.Request) -> web.Response:
        return web.json_response(dict(await read_form_with_files(request, lambda *_: pytest.fail("no file"))))

    async def trickle() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhe'
        await asyncio.sleep(2 * PATIENCE)

    monkeypatch.setattr(forms, "BODY_WITHIN", 0.05)
    app = web.Application(middlewares=[catch_errors(lambda _, status: web.Response(status=status))])
    app.router.add_post("/", read)
    async with TestClient(TestServer(app)) as client:
        async with asyncio.timeout(PATIENCE):
            answer = await client.post("/", data=trickle(), headers={"Content-Type": kind, "Content-Length": "900"})
        assert (answer.status, answer.headers["Connection"]) == (408, "close")
