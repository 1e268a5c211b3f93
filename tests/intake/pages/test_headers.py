"""Every answer carries the security headers, whatever became of the request."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from intake.pages.headers import HeaderPolicy, send_headers

SECURE = HeaderPolicy(secure=True, onion_url="http://hamn.onion")


async def _page(_: web.Request) -> web.Response:
    return web.Response(text="<p>", content_type="text/html")


async def _raises(_: web.Request) -> web.Response:
    raise web.HTTPForbidden


async def _answer(policy: HeaderPolicy, path: str = "/page"):
    app = web.Application()
    send_headers(app, policy)
    app.router.add_get("/page", _page)
    app.router.add_get("/raises", _raises)
    async with TestClient(TestServer(app)) as client:
        return (await client.get(path)).headers


@pytest.mark.parametrize("path", ["/page", "/raises", "/nowhere"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ],
)
async def test_every_answer_carries_it(path: str, name: str, value: str):
    assert (await _answer(SECURE, path))[name] == value


async def test_the_content_policy_is_closed_and_has_no_unsafe_part():
    assert (await _answer(SECURE))["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


async def test_only_a_live_listener_lets_scripts_connect_back():
    assert "connect-src 'self'" in (await _answer(HeaderPolicy(secure=True, live=True)))["Content-Security-Policy"]


async def test_permissions_are_closed_but_for_what_the_listener_needs():
    policy = HeaderPolicy(secure=True, allowed=frozenset({"publickey-credentials-get"}))
    permissions = (await _answer(policy))["Permissions-Policy"]
    assert "camera=()" in permissions
    assert "publickey" not in permissions


async def test_tls_is_insisted_on_only_where_there_is_tls():
    assert "Strict-Transport-Security" in await _answer(SECURE)
    assert "Strict-Transport-Security" not in await _answer(HeaderPolicy(secure=False))


async def test_pages_point_to_their_onion():
    assert (await _answer(SECURE))["Onion-Location"] == "http://hamn.onion/page"


@pytest.mark.parametrize("path", ["/page", "/raises", "/nowhere"])
async def test_the_software_is_not_named(path: str):
    assert "Server" not in await _answer(SECURE, path)
