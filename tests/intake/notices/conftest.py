"""Fixtures: a service with a bridge for each way, and two coordinators at the same desk."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from bridges.contract import Alarm, Channel, Outbound, Sent
from intake.model import MemberId, NoticeWay
from intake.notices import proving
from intake.outbox.carry import drain
from intake.service import Service
from tests.intake.outbox.fake import FakeBridge
from tests.service import Clock, make_config, staff_all

NODE = "node"
ADDRESSES = {NoticeWay.SMS: "070-123 45 67", NoticeWay.EMAIL: "kim@example.se"}


@dataclass
class FakePhone(FakeBridge):
    """A bridge that can ring, and remembers whom."""

    calls: bool = True

    async def call(self, alarm: Alarm) -> Sent:
        return await self.send(alarm)


@dataclass
class Notified:
    """A service with bridges and two coordinators, and what they can be seen to get."""

    service: Service
    clock: Clock
    kim: MemberId
    alex: MemberId

    def bridge(self, name: str) -> FakePhone:
        return self.service.bridges[name]

    def got(self, name: str) -> list[Outbound | Alarm]:
        return self.bridge(name).texts

    async def send_all(self) -> None:
        for bridge in self.service.bridges.values():
            await drain(self.service, bridge, NODE)

    async def prove(self, member: MemberId, way: NoticeWay, typed: str | None = None) -> None:
        """An address of theirs, proven by the code that came there."""
        await proving.begin(self.service, member, way, typed or ADDRESSES[way], "sv", self.clock.now)
        await self.send_all()
        texts = [one.text for one in self.got(BRIDGES[way]) if isinstance(one, Outbound)]
        code = next(text for text in reversed(texts) if text.startswith("Koden")).split()[2]
        await proving.prove(self.service, member, way, code, self.clock.now)

    async def promise(self, *arguments: object, **more: object) -> frozenset[MemberId]:
        untold = await self.service.database.write(
            proving.promise, self.service, *arguments, now=self.clock.now, **more
        )
        await self.send_all()
        return untold


BRIDGES = {NoticeWay.SMS: "phone", NoticeWay.EMAIL: "post", NoticeWay.TELEGRAM: "bot"}


@pytest.fixture
async def notified(make_service: Callable[..., Service], clock: Clock) -> Notified:
    bridges = {
        "post": FakePhone("post", Channel.EMAIL, calls=False),
        "phone": FakePhone("phone", Channel.SMS),
        "bot": FakePhone("bot", Channel.TELEGRAM, calls=False),
    }
    tables = {name: {"type": "none"} for name in bridges}
    service = replace(make_service(make_config(bridges=tables)), bridges=bridges)
    kim, alex = await staff_all(service, {"kim@test": "nationell", "alex@test": "nationell"})
    return Notified(service, clock, kim.member, alex.member)
