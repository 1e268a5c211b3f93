"""Fixtures: the public pages over a staffed service, and somebody who fills in their forms."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from intake.service import Service
from intake.web.app import public_app

once = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test whose outcome cannot depend on the database: it runs on one."""

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_ACTION = re.compile(r'<form [^>]*action="([^"]*)"')
_RECEIPT = re.compile(r'<p class="receipt" dir="ltr">(.*?)</p>')


@dataclass(frozen=True)
class Page:
    """An answer, read."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's forms."""
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.text)}

    @property
    def action(self) -> str | None:
        """Where the page's first form goes."""
        found = _ACTION.search(self.text)
        return found and found[1]

    @property
    def receipt(self) -> str | None:
        """The digits shown on a receipt page."""
        found = _RECEIPT.search(self.text)
        return re.sub(r"\D", "", re.sub(r"<[^>]*>", "", found[1])) if found else None


class Visitor:
    """Somebody with a browser that keeps nothing: opens pages and sends their forms in."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    async def get(self, path: str) -> Page:
        return await _read(await self.client.get(path, allow_redirects=False))

    async def post(self, path: str, **fields: str) -> Page:
        return await _read(await self.client.post(path, data=fields, allow_redirects=False))

    async def fill(self, path: str, **fields: str) -> Page:
        """Open the page and send its form, to where that goes, with these fields."""
        page = await self.get(path)
        return await self.post(page.action or path, **page.hidden, **fields)

    async def send(self, text: str = "Jag såg något i Malmö.", door: str = "tip") -> str:
        """Write at a door; returns the receipt."""
        receipt = (await self.fill(f"/en/{door}", text=text)).receipt
        assert receipt is not None
        return receipt

    async def open(self, receipt: str) -> Page:
        """Open the mailbox of a receipt."""
        return await self.fill("/en/mailbox", receipt=receipt, action="open")

    async def json(self, path: str, body: object, **headers: str) -> ClientResponse:
        """Call the JSON API."""
        return await self.client.post(path, json=body, headers=headers)


async def _read(answer: ClientResponse) -> Page:
    return Page(answer.status, await answer.text(), dict(answer.headers))


@pytest.fixture
async def visitor(service: Service) -> AsyncIterator[Visitor]:
    async with TestClient(TestServer(public_app(service))) as client:
        yield Visitor(client)
