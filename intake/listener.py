"""Opens a port for an application, without access log and without echo; knows no page and no service."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from intake.logs import log

_LOG = log(__name__)
_KEEP_ALIVE = 30.0
"""Seconds an idle connection is kept."""
ASKS_WITHIN = 30.0
"""Seconds from a connection's beginning to the end of its first request's headers."""
_ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What a refusal of this floor carries: no application has seen the request, so none can add its own."""
_FINISH_WITHIN = 10.0
"""Seconds that requests under way get when the service stops."""


class PortBusy(Exception):
    """Somebody else listens there; `port` says where."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is busy")
        self.port = port


class Nameless(web.Response):
    """An answer that does not say what software it comes from."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.popall(hdrs.SERVER, None)


@web.middleware
async def _unpacked(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nobody who means well packs a form."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity") != "identity":
        refusal = Nameless(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, headers=_ALWAYS)
        refusal.force_close()
        return refusal
    return await handler(request)


async def _nameless(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall(hdrs.SERVER, None)


class QuietProtocol(web.RequestHandler):
    """HTTP as aiohttp speaks it, but malformed requests are neither logged nor repeated to the sender.

    Nor is a connection held for somebody who never asks: aiohttp ends idle ones only after their first request.
    """

    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there, and has so long to ask for something."""
        super().connection_made(transport)
        self._hurry = asyncio.get_running_loop().call_later(ASKS_WITHIN, self.force_close)

    def connection_lost(self, exc: BaseException | None) -> None:
        """They have gone."""
        self.heard()
        super().connection_lost(exc)

    def heard(self) -> None:
        """They have asked."""
        if self._hurry is not None:
            self._hurry.cancel()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer with the status alone; aiohttp's own answer and log line quote the request and the peer's address."""
        _LOG.info("request refused", status=status, exception=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun already")
        response = Nameless(status=status, text=f"{status} {HTTPStatus(status).phrase}\n", headers=_ALWAYS)
        response.force_close()
        return response

    def log_access(self, *_: object) -> None:
        """Log nothing: who asked for what, and when, is nobody's business."""

    def log_exception(self, *_: object, **details: object) -> None:
        """Log that something failed, by type."""
        raised = details.get("exc_info")
        _LOG.error("connection failed", exception=type(raised).__name__)


class UnderWay:
    """The requests that have begun and not ended, a body that is still coming in included."""

    def __init__(self) -> None:
        self._number = 0
        self._none = asyncio.Event()
        self._none.set()

    async def finish(self, within: float) -> None:
        """Wait until there is none, at most so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none.wait(), within)

    @web.middleware
    async def count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """See a request through."""
        self._number += 1
        self._none.clear()
        if isinstance(request.protocol, QuietProtocol):
            request.protocol.heard()
        try:
            return await handler(request)
        finally:
            self._number -= 1
            if not self._number:
                self._none.set()


@dataclass(frozen=True, slots=True)
class Listener:
    """An open port; `port` is the real one where 0 was asked for."""

    runner: web.AppRunner
    server: asyncio.Server
    port: int
    under_way: "UnderWay"

    async def close(self) -> None:
        """Take no more connections, let requests under way finish, run the application's clean-up."""
        self.server.close()
        # What only waits for news ends now, and does not hold up the forms that still come in.
        await self.runner.shutdown()
        # Before aiohttp's own wait, which drops what still comes in: a form on a slow line would be lost.
        await self.under_way.finish(_FINISH_WITHIN)
        await self.runner.cleanup()


def split_address(listen: str) -> tuple[str, int]:
    """``"127.0.0.1:8080"`` or ``"[::1]:8080"`` as host and port. Raises `ValueError` for anything else."""
    host, separator, port = listen.rpartition(":")
    if not separator or not port.isdigit():
        raise ValueError("not of the form host:port")
    return host.strip("[]"), int(port)


async def listen(app: web.Application, address: str) -> Listener:
    """Serve an application at `host:port`. Raises `PortBusy`."""
    host, port = split_address(address)
    under_way = UnderWay()
    app.middlewares[:0] = [under_way.count, _unpacked]
    app.on_response_prepare.append(_nameless)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=_FINISH_WITHIN)
    await runner.setup()
    manager = runner.server
    assert manager is not None
    loop = asyncio.get_running_loop()

    def protocol() -> QuietProtocol:
        # What is packed stays packed, and is refused: some bytes of it could be a second's work to unpack.
        return QuietProtocol(manager, loop=loop, keepalive_timeout=_KEEP_ALIVE, auto_decompress=False)

    try:
        server = await loop.create_server(protocol, host, port, backlog=1024)
    except OSError as error:
        await runner.cleanup()
        raise PortBusy(host, port) from error
    return Listener(runner, server, server.sockets[0].getsockname()[1], under_way)
