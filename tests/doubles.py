"""Strict doubles of the outside world, on loopback, with a memory: SMS providers and a mail server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from urllib.parse import parse_qs

from aiohttp import web


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[str]:
    """Run `app` on a free loopback port; its base URL."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Mood(StrEnum):
    """How a double treats the next requests."""

    WELL = "well"
    SLOW = "slow"  # answers, after `delay`
    HANGS = "hangs"  # accepts the text, never answers
    DOWN = "down"  # 503, nothing accepted
    BROKEN = "broken"  # 500, nothing accepted
    LIES = "lies"  # accepts the text, then answers 500
    THROTTLES = "throttles"  # 429 with Retry-After: 7
    FORBIDS = "forbids"  # 401
    REFUSES = "refuses"  # 400


STATUS = {Mood.DOWN: 503, Mood.BROKEN: 500, Mood.THROTTLES: 429, Mood.FORBIDS: 401, Mood.REFUSES: 400}


@dataclass
class Text:
    """A text that a provider has accepted. `key` is the idempotency key where the provider takes one."""

    path: str
    headers: dict[str, str]
    fields: dict
    to: str
    text: str
    key: str | None


_ACCEPTED: dict[str, tuple[int, Callable[[str], dict]]] = {
    "/a1/sms": (200, lambda id_: {"id": id_, "status": "created"}),
    "/a1/calls": (200, lambda id_: {"id": id_, "state": "ongoing"}),
    "Messages.json": (201, lambda id_: {"sid": id_, "status": "queued"}),
    "Calls.json": (201, lambda id_: {"sid": id_, "status": "queued"}),
    "/batches": (201, lambda id_: {"id": id_}),
    "/sms/json": (200, lambda id_: {"message-count": "1", "messages": [{"status": "0", "message-id": id_}]}),
    "/v1/messages": (202, lambda id_: {"message_uuid": id_}),
    "/sms/3/messages": (200, lambda id_: {"messages": [{"messageId": id_, "status": {"groupName": "PENDING"}}]}),
    "/sms/send": (200, lambda id_: {"messageId": id_, "resultCode": 1005, "description": "Queued"}),
    "/generic": (202, lambda id_: {"id": id_}),
}


class SmsDouble:
    """All SMS providers in one: keeps what it accepted in `texts`, answers in each provider's own shape."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.mood = Mood.WELL
        self.delay = 0.05
        self.answer: tuple[int, object] | None = None  # answers just this, once set
        self.media: dict[str, bytes] = {}
        self._numbers = count(1)

    def app(self) -> web.Application:
        """The double as an application."""
        app = web.Application()
        app.router.add_post("/{path:.*}", self._post)
        app.router.add_get("/{path:.*}", self._get)
        return app

    async def _post(self, request: web.Request) -> web.Response:
        mood = self.mood
        if self.answer is not None:
            return web.json_response(self.answer[1], status=self.answer[0])
        if mood in STATUS:
            return web.json_response({}, status=STATUS[mood], headers={"Retry-After": "7"})
        self.texts.append(await _text_of(request))
        if mood is Mood.HANGS:
            await asyncio.sleep(30)
        if mood is Mood.SLOW:
            await asyncio.sleep(self.delay)
        if mood is Mood.LIES:
            return web.json_response({}, status=500)
        status, body = next(v for end, v in _ACCEPTED.items() if request.path.endswith(end))
        return web.json_response(body(f"out-{next(self._numbers)}"), status=status)

    async def _get(self, request: web.Request) -> web.Response:
        content = self.media.get(request.path)
        if content is None:
            raise web.HTTPNotFound
        if content.startswith(b"->"):
            raise web.HTTPTemporaryRedirect(content[2:].decode())
        return web.Response(body=content)


async def _text_of(request: web.Request) -> Text:
    body = await request.read()
    is_json = request.content_type == "application/json"
    fields = json.loads(body) if is_json else {k: v[0] for k, v in parse_qs(body.decode(), strict_parsing=True).items()}
    flat = fields["messages"][0] if "messages" in fields else fields
    flat = {**flat, **flat.get("content", {})} if isinstance(flat.get("content"), dict) else flat
    destination = flat.get("destinations", [{}])[0]
    to = next(flat[key] for key in ("to", "To", "destination") if key in flat) if not destination else destination["to"]
    text = next((flat[key] for key in ("message", "Body", "body", "text", "userData") if key in flat), "")
    key = request.headers.get("webhook-id") or destination.get("messageId")
    return Text(request.path, dict(request.headers), fields, to[0] if isinstance(to, list) else to, text, key)


class SmtpDouble:
    """A mail server that keeps what it accepted in `mails`, and refuses as `mood` says."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.mood = Mood.WELL

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[int]:
        """Run on a free loopback port; the port."""
        talks: list[asyncio.Task[None]] = []
        server = await asyncio.start_server(
            lambda reader, writer: talks.append(asyncio.create_task(self._talk(reader, writer))), "127.0.0.1", 0
        )
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for talk in talks:
                talk.cancel()
            await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 double\r\n")
        async for line in reader:
            command = line[:4].upper().strip()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                mail = (await reader.readuntil(b"\r\n.\r\n")).decode()
                if not await self._accept(mail, writer):
                    break
                continue
            writer.write(self._reply(command))
            if command == b"QUIT":
                break
        writer.close()

    def _reply(self, command: bytes) -> bytes:
        if command == b"RCPT" and self.mood is Mood.REFUSES:
            return b"550 no such mailbox\r\n"
        if command == b"RCPT" and self.mood is Mood.THROTTLES:
            return b"451 later\r\n"
        if command == b"MAIL" and self.mood is Mood.FORBIDS:
            return b"550 not from you\r\n"
        return b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n"

    async def _accept(self, mail: str, writer: asyncio.StreamWriter) -> bool:
        """Whether to go on talking."""
        if self.mood is Mood.DOWN:
            writer.write(b"451 busy\r\n")
            return True
        self.mails.append(mail)
        if self.mood is Mood.HANGS:
            await asyncio.sleep(1)
        if self.mood in (Mood.HANGS, Mood.LIES):
            return False
        writer.write(b"250 accepted\r\n")
        return True
