"""One guarded client for all bridges, and what an HTTP result means; knows no provider, shows no URL and no body."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp

from bridges.contract import Reason, Undelivered
from bridges.settings import is_loopback

CONNECT_SECONDS = 5.0
MEDIA_SECONDS = 60.0
ANSWER_BYTES = 1 << 20
MEDIA_HOPS = 3
_ELSEWHERE = (301, 302, 303, 307, 308)

SOON = timedelta(seconds=30)
OPERATOR = timedelta(minutes=15)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Call:
    """A request to make. Nothing of it is shown: the URL may hold an account, the body holds text and number."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, at `at`."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    at: datetime

    def json(self) -> Any:  # noqa: ANN401 (JSON)
        """The body as JSON; an empty object where it is none: an accepted text stays accepted."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return {}

    def object(self) -> dict[str, Any]:
        """The body where it is a JSON object, else an empty one."""
        value = self.json()
        return value if isinstance(value, dict) else {}


def json_call(url: str, body: object, headers: Mapping[str, str]) -> Call:
    """A POST of JSON."""
    return Call(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


def form_call(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Call:
    """A POST of a form, in UTF-8."""
    return Call(url, urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded", **headers})


def refusal(answer: Answer) -> Undelivered | None:
    """What a status means where the provider's body says nothing better; None for 2xx. The same for all."""
    status = answer.status
    if 200 <= status < 300:
        return None
    if status == 429:
        return Undelivered(Reason.THROTTLED, retry_after(answer) or SOON)
    if status in (401, 402, 403, 407):
        return Undelivered(Reason.ACCOUNT, OPERATOR)
    if status == 503:
        return Undelivered(Reason.UNAVAILABLE, retry_after(answer) or SOON)
    if status >= 500 or status == 408:
        return Undelivered(Reason.UNCERTAIN, retry_after(answer) or SOON)
    return Undelivered(Reason.REJECTED, None)


def retry_after(answer: Answer) -> timedelta | None:
    """The `Retry-After` header, seconds or a date, between one second and a day; None where absent or unreadable."""
    value = next((v for k, v in answer.headers.items() if k.lower() == "retry-after"), "").strip()
    if not value:
        return None
    try:
        wait = timedelta(seconds=int(value)) if value.isdigit() else parsedate_to_datetime(value) - answer.at
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(seconds=1)), LONGEST)


class Client:
    """Makes calls: no redirects, no cookies, no proxies from the environment, bounded in time and size."""

    def __init__(self, now: Callable[[], datetime], patience: timedelta) -> None:
        self._now = now
        self._patience = patience.total_seconds()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Needs a running loop; harmless twice."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # A kept connection that the provider has just closed looks like a text that may have been sent.
                connector=aiohttp.TCPConnector(force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._patience, connect=CONNECT_SECONDS),
                headers={"User-Agent": "hamn"},
            )

    async def close(self) -> None:
        """Harmless twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def send(self, call: Call) -> Answer:
        """Make one call, once. Raises `Undelivered` where no answer came; a bad status is an answer."""
        async with self._open(call.method, call.url, call.headers, call.body) as response:
            body = await _first_bytes(response.content, ANSWER_BYTES)
            return Answer(response.status, body, dict(response.headers), self._now())

    async def stream(
        self, url: str, headers: Mapping[str, str], hosts: Collection[str], limit: int
    ) -> AsyncIterator[bytes]:
        """GET `url` in pieces if it lies on one of `hosts`, at most `limit` bytes; `headers` go to the first host only.

        Follows a few redirects, each to one of `hosts`: providers hand media over to their own stores that way.
        """
        first = urlsplit(url).netloc
        for _ in range(MEDIA_HOPS):
            _check_host(url, hosts)
            sent = headers if urlsplit(url).netloc == first else {}
            async with self._open("GET", url, sent, None, MEDIA_SECONDS) as response:
                if response.status in _ELSEWHERE:
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                async for piece in _pieces(response, limit, self._now()):
                    yield piece
                return
        raise Undelivered(Reason.REJECTED, None)

    @asynccontextmanager
    async def _open(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, total: float | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise Undelivered(Reason.UNREACHABLE, SOON)
        timeout = aiohttp.ClientTimeout(total=total or self._patience, connect=CONNECT_SECONDS)
        try:
            async with self._session.request(
                method, url, headers=dict(headers), data=body, allow_redirects=False, timeout=timeout
            ) as response:
                yield response
        # `from None`: aiohttp's exceptions name the host and the URL, and a URL may hold a token.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL):
            raise Undelivered(Reason.UNREACHABLE, SOON) from None
        except (aiohttp.ClientError, TimeoutError):
            raise Undelivered(Reason.UNCERTAIN, SOON) from None


def _check_host(url: str, hosts: Collection[str]) -> None:
    parts = urlsplit(url)
    safe = parts.scheme == "https" or is_loopback(parts.hostname)
    if not safe or parts.netloc.lower() not in hosts:
        raise Undelivered(Reason.UNSUITABLE, None)


async def _first_bytes(content: aiohttp.StreamReader, limit: int) -> bytes:
    body = bytearray()
    async for piece in content.iter_chunked(1 << 16):
        body += piece
        if len(body) >= limit:
            break
    return bytes(body[:limit])


async def _pieces(response: aiohttp.ClientResponse, limit: int, now: datetime) -> AsyncIterator[bytes]:
    refused = refusal(Answer(response.status, b"", dict(response.headers), now))
    if refused:
        raise refused
    if (response.content_length or 0) > limit:
        raise Undelivered(Reason.UNSUITABLE, None)
    seen = 0
    async for piece in response.content.iter_chunked(1 << 16):
        seen += len(piece)
        if seen > limit:
            raise Undelivered(Reason.UNSUITABLE, None)
        yield piece
