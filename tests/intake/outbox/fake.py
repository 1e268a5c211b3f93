"""A bridge with a memory that fails as it is told, and persons who let themselves be written to."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bridges.contract import Address, Channel, Outbound, Sent, Undelivered
from intake.service import Service
from tests.intake.arrival.said import all_cases, say, sms
from tests.service import Clock


@dataclass
class FakeBridge:
    """Keeps what it accepted in `texts`. `moods` are taken one a call: None accepts; `fails` stays."""

    name: str = "phone"
    channel: Channel = Channel.SMS
    texts: list[Outbound] = field(default_factory=list)
    moods: list[Exception | None] = field(default_factory=list)
    fails: Exception | None = None
    asked: int = 0
    gate: asyncio.Event | None = None
    refuses: dict[str, Exception] = field(default_factory=dict)

    async def send(self, outbound: Outbound) -> Sent:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        mood = self.refuses.get(outbound.address.value) or (self.moods.pop(0) if self.moods else self.fails)
        if mood is not None:
            raise mood
        self.texts.append(outbound)
        return Sent((f"out-{len(self.texts)}",))

    def attach(self, *_: object) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    @property
    def said(self) -> list[str]:
        return [outbound.text for outbound in self.texts]


@dataclass
class FakeChat(FakeBridge):
    """A bridge that can take messages back, but for those in `stay`."""

    name: str = "bot"
    channel: Channel = Channel.TELEGRAM
    taken_back: list[str] = field(default_factory=list)
    stay: frozenset[str] = frozenset()

    async def erase(self, address: Address, handles: Sequence[str]) -> frozenset[str]:
        self.taken_back += [handle for handle in handles if handle not in self.stay]
        return self.stay & set(handles)


def number(n: int) -> Address:
    return Address(Channel.SMS, f"+4670{n:07}")


async def willing(service: Service, clock: Clock, how_many: int, bridge: str = "phone") -> list[str]:
    """So many persons who have written and said yes; their cases."""
    for n in range(how_many):
        await say(service, clock, *(sms(text, number(n), bridge=bridge) for text in ("Hej", "JA")))
    return await all_cases(service)


def undelivered(reason, seconds: float | None, done: tuple[str, ...] = ()) -> Undelivered:
    return Undelivered(reason, None if seconds is None else timedelta(seconds=seconds), done)
