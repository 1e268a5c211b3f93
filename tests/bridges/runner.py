"""The shared runner: a bridge behind a real server, a service with a memory instead of ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web

from bridges.contract import Address, Bridge, Channel, Inbound, Outbound, Report, Surroundings
from bridges.load import build
from tests.bridges.phones import PUBLIC, Phone, Raw
from tests.doubles import serve
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
NUMBER = Address(Channel.SMS, "+46701234567")


@dataclass
class Service:
    """Stands in for ours: keeps what came, fails or waits when told to."""

    inbound: list[Inbound] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    failure: Exception | None = None
    fails_on: str | None = None
    gate: asyncio.Event | None = None

    async def receive(self, inbound: Inbound) -> None:
        """The service's `receive`."""
        if self.gate is not None:
            await self.gate.wait()
        if self.failure is not None and self.fails_on in (None, inbound.text):
            raise self.failure
        self.inbound.append(inbound)

    async def report(self, report: Report) -> None:
        """The service's `report`."""
        if self.failure is not None:
            raise self.failure
        self.reports.append(report)


@dataclass
class Heard:
    """What the provider got back."""

    status: int
    body: bytes
    content_type: str


@dataclass
class Stage:
    """A bridge at work: `knock` as its provider would, look at `service`."""

    bridge: Bridge
    service: Service
    base: str
    session: aiohttp.ClientSession

    async def knock(self, raw: Raw) -> Heard:
        """Send one webhook request."""
        request = self.session.request(raw.method, self.base + raw.path, data=raw.body, headers=raw.headers)
        async with request as response:
            return Heard(response.status, await response.read(), response.headers.get("Content-Type", ""))


def surroundings(patience: float = PATIENCE, **more: object) -> Surroundings:
    """A public base, a clock that stands still, and patience."""
    return Surroundings(public_url=PUBLIC, now=lambda: NOW, patience=timedelta(seconds=patience), **more)


def made(phone: Phone, **more: object) -> Bridge:
    """The phone's bridge, under the name `phone`."""
    return build(phone.type, "phone", phone.table | more, surroundings())


@asynccontextmanager
async def staged(bridge: Bridge) -> AsyncIterator[Stage]:
    """Serve the bridge on loopback."""
    service, app = Service(), web.Application()
    bridge.attach(app, service.receive, service.report)
    async with serve(app) as base, aiohttp.ClientSession() as session:
        yield Stage(bridge, service, base, session)


def outbound(text: str = "Hej. Det finns ett svar.", address: Address = NUMBER, **more: object) -> Outbound:
    """A text to send, good for three minutes."""
    values = {"id": "out-row-1", "address": address, "text": text, "expires_at": NOW + timedelta(minutes=3)}
    return Outbound(**(values | more))
