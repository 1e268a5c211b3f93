"""The page on which one plays the phones of the demo: what lies on them, and what one writes; knows no case."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib import resources
from typing import Any

from aiohttp import ClientSession, web

from intake.demo.phones.chats import Chats, text_content
from intake.demo.phones.exchange import Exchange
from intake.demo.phones.texts import Texts
from intake.pages.headers import HeaderPolicy, send_headers

PERSON_NUMBER = "+46701740605"
"""From the numbers that PTS keeps for films: nobody has them."""
PERSON_CHAT = 1740605
UMEA = {"latitude": 63.8258, "longitude": 20.2630}
_LONGEST = 4000

_SESSION: web.AppKey[ClientSession] = web.AppKey("session", ClientSession)


@dataclass(frozen=True, slots=True)
class Phones:
    """The live things of the page; `colleagues` names the coordinators' numbers."""

    exchange: Exchange
    texts: Texts
    chats: Chats
    colleagues: Mapping[str, str] = field(repr=False)

    def app(self) -> web.Application:
        """The page, its data, and the APIs of both networks, on one port of this machine."""
        app = web.Application(client_max_size=1 << 17)
        files = {"/": ("phone.html", "text/html"), "/phone.js": ("phone.js", "text/javascript")}
        for path, (name, kind) in {**files, "/phone.css": ("phone.css", "text/css")}.items():
            app.router.add_get(path, _file(name, kind))
        app.router.add_get("/lines", self._lines)
        app.router.add_post("/write", self._write)
        self.texts.attach(app)
        self.chats.attach(app)
        app.cleanup_ctx.append(_session)
        send_headers(app, HeaderPolicy(secure=False, live=True))
        return app

    async def _lines(self, _: web.Request) -> web.Response:
        lines = [asdict(line) for line in self.exchange.lines()]
        phones = {"person": [PERSON_NUMBER, str(PERSON_CHAT)], "colleagues": self.colleagues}
        return web.json_response({"lines": lines, **phones})

    async def _write(self, request: web.Request) -> web.Response:
        """A line written on the person's phone. Only JSON: no other page of the browser can send it unasked."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        said = await request.json()
        status = await self._hand_in(request.app[_SESSION], said)
        return web.json_response({"status": status})

    async def _hand_in(self, session: ClientSession, said: Mapping[str, Any]) -> int:
        text = str(said.get("text", ""))[:_LONGEST]
        match said.get("way"):
            case "sms":
                return await self.texts.hand_in(session, PERSON_NUMBER, text)
            case "chat":
                return await self.chats.hand_in(session, PERSON_CHAT, text_content(text), text)
            case "place":
                return await self.chats.hand_in(session, PERSON_CHAT, {"location": UMEA}, "📍 Umeå")
            case "button":
                return await self.chats.press(session, PERSON_CHAT, int(said["number"]), str(said["data"]))
        raise web.HTTPBadRequest


async def _session(app: web.Application) -> AsyncIterator[None]:
    async with ClientSession() as session:
        app[_SESSION] = session
        yield


def _file(name: str, kind: str) -> Any:  # noqa: ANN401 (a handler of aiohttp)
    body = resources.files("intake.demo.phones").joinpath("static", name).read_bytes()

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind, charset="utf-8", headers={"Cache-Control": "no-store"})

    return serve
