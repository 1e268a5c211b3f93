"""The one client: what a result means, and what it will not do."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bridges.contract import Reason, Undelivered
from bridges.http import Answer, Call, Client, refusal, retry_after
from tests.bridges.runner import NOW
from tests.doubles import serve
from tests.patience import PATIENCE

HOUR = timedelta(hours=1)
STATUSES = (
    (200, None, None),
    (204, None, None),
    (301, Reason.REJECTED, False),
    (400, Reason.REJECTED, False),
    (401, Reason.ACCOUNT, True),
    (402, Reason.ACCOUNT, True),
    (403, Reason.ACCOUNT, True),
    (404, Reason.REJECTED, False),
    (408, Reason.UNCERTAIN, True),
    (429, Reason.THROTTLED, True),
    (500, Reason.UNCERTAIN, True),
    (502, Reason.UNCERTAIN, True),
    (503, Reason.UNAVAILABLE, True),
)


def answer(status: int = 429, **headers: str) -> Answer:
    """An answer with headers."""
    return Answer(status, b"", {key.replace("_", "-"): value for key, value in headers.items()}, NOW)


@pytest.mark.parametrize(("status", "reason", "again"), STATUSES)
def test_a_status_means_the_same_for_all(status, reason, again):
    refused = refusal(answer(status))
    assert (refused and refused.reason) == reason
    assert again is None or (refused.retry is not None) is again


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta(seconds=1)),
        ("-5", None),
        ("999999999999999999999", None),
        ("604800", timedelta(hours=24)),
        ("Sat, 21 Nov 2026 19:00:00 GMT", HOUR),
        ("Sat, 21 Nov 2020 19:00:00 GMT", timedelta(seconds=1)),
        ("Sat, 21 Nov 2026 19:00:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_obeyed_within_reason(value, wait):
    assert retry_after(answer(retry_AFTER=value)) == wait


@pytest.mark.parametrize("body", [b"", b"[", b"[1]", b"\xff", b"[" * 99_999])
def test_an_answer_that_is_no_object_reads_as_an_empty_one(body):
    assert Answer(200, body, {}, NOW).object() == {}


async def asked(app: web.Application, patience: float = PATIENCE) -> Answer:
    """What `app` answers to a POST."""
    client = Client(lambda: datetime.now(UTC), timedelta(seconds=patience))
    async with serve(app) as base:
        await client.open()
        try:
            return await client.send(Call(f"{base}/x", b"body", {}))
        finally:
            await client.close()


def app_with(handler) -> web.Application:
    """An application of one handler."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    return app


async def test_redirects_are_not_followed():
    seen = []

    async def handler(request):
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    assert (await asked(app_with(handler))).status == 302
    assert seen == ["/x"]


async def test_an_answer_is_read_up_to_a_limit():
    async def handler(request):
        return web.Response(body=b"x" * 3_000_000)

    assert len((await asked(app_with(handler))).body) == 1 << 20


async def test_an_answer_that_comes_in_drops_is_not_waited_for():
    async def handler(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(40):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    with pytest.raises(Undelivered) as caught:
        await asked(app_with(handler), patience=0.3)
    assert caught.value.reason is Reason.UNCERTAIN


async def test_a_connection_cut_in_the_middle_is_uncertain():
    async def handler(request):
        request.transport.close()

    with pytest.raises(Undelivered) as caught:
        await asked(app_with(handler))
    assert caught.value.reason is Reason.UNCERTAIN


async def test_cookies_and_the_environments_proxies_are_left_alone(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    cookies = []

    async def handler(request):
        cookies.append(dict(request.cookies))
        response = web.Response()
        response.set_cookie("tracked", "yes")
        return response

    app = app_with(handler)
    client = Client(lambda: NOW, timedelta(seconds=1))
    async with serve(app) as base:
        await client.open()
        for _ in range(2):
            await client.send(Call(base, b"", {}))
        await client.close()
    assert cookies == [{}, {}]
