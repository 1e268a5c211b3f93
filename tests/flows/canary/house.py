"""The markers, and the house that they are sent through: its three listeners and what they refuse."""

import asyncio
import io
import json
import re
from dataclasses import dataclass, field
from html import unescape

from aiohttp import ClientResponse, ClientSession

from intake.service import Service
from tests.patience import PATIENCE
from tests.service import Person

TEXT = "kanariefågel-text i Trelleborg"
NAME = "kanarie.namn@example.org"
SECRET = "kanarie-lösenfras-9-xylofon"
DIGITS = "4711" * 7
HEADER = "kanarie-huvud-1234"
PATH = "kanarie-stig"
NUMBER = "46709876543"
MARKS = {"text": TEXT, "login": NAME, "passphrase": SECRET, "digits": DIGITS, "header": HEADER, "path": PATH}
SHOWN_AGAIN = {"text", "login"}
"""What a page that is filled in anew keeps, so that nobody loses a word: bodies of HTML may hold these."""
JSON = {"Content-Type": "application/json", "User-Agent": HEADER, "X-Anything": HEADER}


HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass
class House:
    """The three listeners, open, and what they answered that was no success."""

    service: Service
    session: ClientSession
    public: int
    inbox: int
    ops: int
    syd: Person
    refusals: list[str] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)
    """Marks that came to be on the way: receipts and the like."""

    async def call(self, method: str, port: int, path: str, **options: object) -> ClientResponse:
        """Send a request; keep the whole answer unless it is a page of ours that went well."""
        address = f"http://127.0.0.1:{port}{path}"
        async with self.session.request(method, address, allow_redirects=False, **options) as answer:
            body = await answer.text(errors="replace")
            head = "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
            self.refusals.append(head)
            if answer.status >= 400:
                self.refusals.append(_without_kept(body) if answer.content_type == "text/html" else body)
        return answer

    async def api(self, path: str, body: object) -> ClientResponse:
        sent = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        return await self.call("POST", self.public, f"/api/v1/{path}", data=sent, headers=JSON)

    async def page(self, port: int, path: str, **fields: str) -> ClientResponse:
        """Open a page and send its form in with these fields."""
        async with self.session.get(f"http://127.0.0.1:{port}{path}") as answer:
            hidden = {name: unescape(value) for name, value in HIDDEN.findall(await answer.text())}
        headers = {"User-Agent": HEADER, "Referer": f"http://{HEADER}/"}
        return await self.call("POST", port, path, data={**hidden, **fields}, headers=headers)

    async def raw(self, port: int, sent: bytes) -> None:
        """Speak to a port byte by byte."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        if writer.can_write_eof():
            writer.write_eof()
        self.refusals.append((await asyncio.wait_for(reader.read(), PATIENCE)).decode("latin-1"))
        writer.close()

    async def ports(self) -> tuple[int, int, int]:
        return self.public, self.inbox, self.ops


def _without_kept(page: str) -> str:
    for name in SHOWN_AGAIN:
        page = page.replace(MARKS[name], "")
    return page
