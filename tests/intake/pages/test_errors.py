"""Whatever fails becomes a page or a problem document, and nothing of the request comes back or is logged."""

import json
from http import HTTPStatus

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from intake.pages.errors import PROBLEM, catch_errors
from intake.store.failure import Reason, StoreUnavailable

CANARY = "kanariefågel-4711"


def _page(_: web.Request, status: HTTPStatus) -> web.Response:
    return web.Response(status=status, text="<p>sorry", content_type="text/html")


async def _fails(request: web.Request) -> web.Response:
    cause = {
        "store": StoreUnavailable(Reason.FULL),
        "bug": RuntimeError(CANARY),
        "refused": web.HTTPForbidden(text=CANARY),
        "large": web.HTTPRequestEntityTooLarge(1, 2),
    }
    raise cause[request.match_info["why"]]


def _app() -> web.Application:
    app = web.Application(middlewares=[catch_errors(_page)])
    app.router.add_get("/{why:store|bug|refused|large}", _fails)
    app.router.add_get("/api/{why:store|bug|refused|large}", _fails)
    return app


@pytest.mark.parametrize(
    ("why", "status"), [("store", 503), ("bug", 500), ("refused", 403), ("large", 413), ("nowhere", 404)]
)
async def test_a_failure_is_a_page_or_a_problem_by_path(why: str, status: int, caplog: pytest.LogCaptureFixture):
    async with TestClient(TestServer(_app())) as client:
        page, document = await client.get(f"/{why}"), await client.get(f"/api/{why}")
        assert (page.status, page.content_type) == (status, "text/html")
        assert (document.status, document.content_type) == (status, PROBLEM)
        body, problem = await page.text(), json.loads(await document.text())
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert CANARY not in str(problem) + body + caplog.text


async def test_a_refused_method_says_which_are_taken():
    async with TestClient(TestServer(_app())) as client:
        refused = await client.delete("/api/bug")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET,HEAD")
