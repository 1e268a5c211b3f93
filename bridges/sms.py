"""All I/O around any pure SMS provider: webhooks in, texts, media and calls out; knows no provider, keeps nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from aiohttp import StreamReader, web

from bridges.contract import (
    Alarm,
    Channel,
    Clock,
    Inbound,
    Kind,
    Media,
    NotStored,
    Outbound,
    Part,
    Reason,
    Receive,
    Report,
    Sent,
    Surroundings,
    TakeReport,
    Undelivered,
)
from bridges.hooks import Ack, Hook, Ignore, Outcome, Refused, clean, source_of
from bridges.http import Answer, Call, Client
from bridges.numbers import normalise, to_e164

log = logging.getLogger(__name__)

BODY_BYTES = 1 << 18
BODY_SECONDS = 10.0

Event = Inbound | Report | Ignore


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """What every SMS provider's `Settings` has. `sender` is the number or name that texts come from.

    `region` reads numbers written nationally. `allow_get` opens the hooks to GET, which puts number and text into URLs,
    and so into every log between the provider and us: only where the provider can do nothing else.
    """

    sender: str
    region: str = "SE"
    allow_get: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """What a request to the provider may need besides text and settings."""

    now: datetime
    status_url: str


@dataclass(frozen=True, slots=True)
class MediaAccess:
    """From which hosts (`host` or `host:port`) media may be fetched, and with which headers."""

    hosts: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


S = TypeVar("S", bound=SmsSettings)


@dataclass(frozen=True, slots=True)
class Provider(Generic[S]):
    """The pure functions of one provider.

    `verify` and `parse` raise `Refused`; `outcome` raises `Undelivered`. `parse` survives any body.
    """

    verify: Callable[[Hook, S], None]
    parse: Callable[[Hook, S], list[Event]]
    ack: Callable[[Outcome], Ack]
    request: Callable[[Outbound, S, Sending], Call]
    outcome: Callable[[Answer], Sent]
    media: Callable[[S], MediaAccess] | None = None
    call: Callable[[Alarm, S, Sending], Call] | None = None
    called: Callable[[Answer], Sent] | None = None


def received(
    hook: Hook,
    settings: SmsSettings,
    provider: str,
    account: str,
    id_: str,
    *,
    sender: object,
    to: object,
    text: object,
    kind: Kind = Kind.TEXT,
    media: tuple[Media, ...] = (),
    part: Part | None = None,
    incomplete: bool = False,
    international: bool = False,
) -> Inbound:
    """An `Inbound` from a provider's raw fields; `international`: it leaves the plus sign out."""
    address, answerable = normalise(clean(sender), settings.region, international=international)
    return Inbound(
        bridge=hook.bridge,
        provider=provider,
        account=account,
        id=id_,
        address=address,
        to=clean(to),
        kind=kind,
        text=clean(text),
        received_at=hook.at,
        media=media,
        part=part,
        incomplete=incomplete,
        reply_possible=answerable,
    )


class SmsBridge(Generic[S]):
    """A `Bridge` (and `Fetching`, `Calling`) around one provider's pure functions."""

    channel = Channel.SMS

    def __init__(self, name: str, provider: Provider[S], settings: S, surroundings: Surroundings) -> None:
        self.name = name
        self._provider = provider
        self._settings = settings
        self._base = surroundings.public_url.rstrip("/")
        self._trusted = surroundings.trusted_proxies
        self._now: Clock = surroundings.now
        self._client = Client(surroundings.now, surroundings.patience)
        self._receive: Receive | None = None
        self._report: TakeReport | None = None

    @property
    def calls(self) -> bool:
        """Whether this provider can ring a phone."""
        return self._provider.call is not None

    def attach(self, app: web.Application, receive: Receive, report: TakeReport) -> None:
        """Mount `/hooks/{name}` and `/hooks/{name}/status`."""
        self._receive, self._report = receive, report
        for path in (f"/hooks/{self.name}", f"/hooks/{self.name}/status"):
            app.router.add_post(path, self._hook)
            if self._settings.allow_get:
                app.router.add_get(path, self._hook, allow_head=False)
        app.cleanup_ctx.append(self._live)

    async def _live(self, app: web.Application) -> AsyncIterator[None]:
        await self.start()
        yield
        await self.stop()

    async def start(self) -> None:
        """Open the client."""
        await self._client.open()

    async def stop(self) -> None:
        """Close the client."""
        await self._client.close()

    async def send(self, outbound: Outbound) -> Sent:
        """Hand one text to the provider, once. Raises `Undelivered`."""
        now = self._now()
        if outbound.expires_at <= now:
            raise Undelivered(Reason.EXPIRED, None)
        _check_number(outbound.address.channel, outbound.address.value)
        text = clean(outbound.text)
        if not text.strip():
            raise Undelivered(Reason.UNSUITABLE, None)
        call = self._provider.request(replace(outbound, text=text), self._settings, self._sending(now))
        return self._provider.outcome(await self._client.send(call))

    async def call(self, alarm: Alarm) -> Sent:
        """Let a phone ring, once. Raises `Undelivered`."""
        if self._provider.call is None:
            raise Undelivered(Reason.UNSUITABLE, None)
        _check_number(alarm.address.channel, alarm.address.value)
        call = self._provider.call(alarm, self._settings, self._sending(self._now()))
        return (self._provider.called or self._provider.outcome)(await self._client.send(call))

    async def fetch(self, media: Media, limit: int) -> AsyncIterator[bytes]:
        """The content in pieces, from the provider's own hosts only. Raises `Undelivered`."""
        if self._provider.media is None:
            raise Undelivered(Reason.UNSUITABLE, None)
        access = self._provider.media(self._settings)
        async for piece in self._client.stream(media.ref, access.headers, access.hosts, limit):
            yield piece

    def _sending(self, now: datetime) -> Sending:
        return Sending(now, f"{self._base}/hooks/{self.name}/status")

    async def _hook(self, request: web.Request) -> web.Response:
        outcome = await self._take(request)
        # The bridge and how it ended, never who or what.
        log.log(logging.INFO if outcome is Outcome.ACCEPTED else logging.WARNING, "hook %s: %s", self.name, outcome)
        ack = self._provider.ack(outcome)
        return web.Response(status=ack.status, body=ack.body, headers=ack.headers)

    async def _take(self, request: web.Request) -> Outcome:
        """Read, verify, parse, hand over; only then is it accepted."""
        try:
            hook = await self._read(request)
            self._provider.verify(hook, self._settings)
            events = self._provider.parse(hook, self._settings)
            if events and all(isinstance(event, Ignore) and event.malformed for event in events):
                return Outcome.UNREADABLE
            await self._hand_over(events)
        except Refused as refused:
            return refused.outcome
        except NotStored:
            return Outcome.UNAVAILABLE
        return Outcome.ACCEPTED

    async def _read(self, request: web.Request) -> Hook:
        return Hook(
            bridge=self.name,
            at=self._now(),
            method=request.method,
            url=self._base + clean(request.raw_path),
            headers={key.lower(): clean(value) for key, value in request.headers.items()},
            body=await read_body(request, BODY_BYTES),
            source=source_of(request.remote, request.headers.get("X-Forwarded-For", ""), self._trusted),
        )

    async def _hand_over(self, events: list[Event]) -> None:
        """One at a time, so that a sender's order holds; one that fails does not keep the others from being stored."""
        results = [(await asyncio.gather(self._pass_on(event), return_exceptions=True))[0] for event in events]
        for result in results:
            if result is not None:
                raise result

    async def _pass_on(self, event: Event) -> None:
        if self._receive is None or self._report is None:
            raise NotStored
        if isinstance(event, Inbound):
            await self._receive(event)
        elif isinstance(event, Report):
            await self._report(event)


async def read_body(request: web.Request, limit: int) -> bytes:
    """The raw body, up to `limit` bytes; raises `Refused`, also for one that trickles in too slowly."""
    if (request.content_length or 0) > limit:
        raise Refused(Outcome.TOO_LARGE)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _whole(request.content, limit)
    except TimeoutError:
        raise Refused(Outcome.UNAVAILABLE) from None


async def _whole(content: StreamReader, limit: int) -> bytes:
    body = bytearray()
    async for piece in content.iter_chunked(1 << 16):
        body += piece
        if len(body) > limit:
            raise Refused(Outcome.TOO_LARGE)
    return bytes(body)


def _check_number(channel: Channel, value: str) -> None:
    if channel is not Channel.SMS or to_e164(value) != value:
        raise Undelivered(Reason.ADDRESS, None)
