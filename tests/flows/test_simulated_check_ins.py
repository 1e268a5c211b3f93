"""Weeks of one person and their coordinator: asked how they are only while they may be, at a safe hour, never twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from bridges.contract import Kind, Reason
from intake.casefile.closing import Closing, close
from intake.casework import open_case
from intake.contact import DAYTIME, Hours, parse_hours
from intake.model import CaseId
from intake.outbox.carry import drain
from intake.outbox.expiry import forget_passing
from intake.reaching.checkin import LIFE, Refused, Wording, give_up, plan
from intake.reading import Reader
from intake.service import Service
from tests.intake.arrival.conftest import house, national, people
from tests.intake.arrival.said import CHAT, all_cases, say, update
from tests.intake.outbox.fake import FakeChat, undelivered
from tests.intake.outbox.safe import set_hours
from tests.service import PHRASES, Clock

__all__ = ["house", "national", "people"]

ASKED = {PHRASES.say(name, "sv") for name in Wording}


@dataclass
class Weeks:
    """What both sides did, kept beside the service and not taken from it."""

    service: Service
    reader: Reader
    clock: Clock
    chance: Random
    bot: FakeChat
    case: CaseId
    agreed: bool = True
    closed: bool = False
    erased: bool = False
    hours: Hours = DAYTIME
    planned: datetime | None = None
    in_vain: list[datetime] = field(default_factory=list)
    heard: int = 0
    """How many texts the chat has shown that were looked at."""

    async def live(self, deeds_in_all: int) -> None:
        """One thing after another, with hours or days between, and nodes that look whenever they may."""
        deeds: list[Callable[[], Awaitable[None]]] = [self.plan] * 6
        deeds += [self.write, self.stop, self.agree, self.choose_hours, self.close, self.give_up, self.break_down]
        for _ in range(deeds_in_all):
            await self.chance.choice(deeds)()
            for _ in range(self.chance.randint(1, 4)):
                self.clock.advance(hours=self.chance.choice((0.5, 1, 3, 11)))
                await self.look()
        await self.erase()
        self.clock.advance(days=9)
        await self.look()

    async def look(self) -> None:
        """Two nodes carry what is due; whatever the person was asked, they may be asked now, and only once."""
        must = self.planned is not None and self.planned <= self.clock.now < self.planned + LIFE and self.may
        for node in "ab":
            await drain(self.service, self.bot, node)
        await forget_passing(self.service, self.clock.now)
        new, self.heard = self.bot.said[self.heard :], len(self.bot.said)
        asked = [text for text in new if text in ASKED]
        if asked:
            assert self.planned is not None
            assert self.planned <= self.clock.now < self.planned + LIFE
            assert self.may, "asked who may not be asked, or at an unsafe hour"
            self.in_vain.append(self.clock.now)
        assert len(asked) <= 1
        assert len(self.in_vain) <= 2, "asked again and again"
        assert asked or not must or self.bot.fails, "a check-in that might go has not gone"
        if asked or (self.planned is not None and self.clock.now >= self.planned + LIFE):
            self.planned = None

    @property
    def may(self) -> bool:
        """Whether the person may be asked at this moment."""
        return self.agreed and not self.closed and not self.erased and self.hours.hold(self.clock.now)

    async def plan(self) -> None:
        self.bot.fails = None
        at = self.clock.now + timedelta(hours=self.chance.randint(1, 60))
        allowed = self.agreed and not self.closed and self.planned is None and len(self.in_vain) < 2
        try:
            await plan(self.service, self.reader, self.case, self.chance.choice(list(Wording)), at, self.clock.now)
        except Refused:
            assert not (allowed and self.hours.hold(at))
            return
        assert allowed
        assert self.hours.hold(at)
        self.planned = at

    async def write(self) -> None:
        await self._say(update("Hej igen, allt är som förut här."))
        self.closed = False

    async def stop(self) -> None:
        await self._say(update("/stop", Kind.COMMAND))
        self.agreed, self.closed, self.planned = False, False, None

    async def agree(self) -> None:
        await self._say(update("may:yes", Kind.BUTTON))
        self.agreed = True

    async def choose_hours(self) -> None:
        text = self.chance.choice(("8-20", "18-22", "22-6"))
        await set_hours(self.service, CHAT, text, self.clock)
        self.hours = parse_hours(text) or DAYTIME

    async def close(self) -> None:
        if self.closed:
            return
        await open_case(self.service, self.reader, self.case, self.clock.now)
        await close(self.service, self.reader, self.case, Closing(), self.clock.now)
        self.closed, self.planned = True, None

    async def give_up(self) -> None:
        await give_up(self.service, self.reader, self.case, self.clock.now)
        self.planned = None

    async def break_down(self) -> None:
        """The provider is down until the coordinator plans again."""
        self.bot.fails = undelivered(Reason.UNREACHABLE, 600)

    async def erase(self) -> None:
        self.bot.fails = None
        await self._say(update("/erase", Kind.COMMAND), update("erase:yes", Kind.BUTTON))
        self.erased, self.planned = True, None

    async def _say(self, *updates: object) -> None:
        await say(self.service, self.clock, *updates)
        self.in_vain = []


async def live(house: Service, national: Reader, clock: Clock, seed: int, deeds: int) -> Weeks:
    """So many deeds, drawn from one seed."""
    await say(house, clock, update("Jag behöver hjälp"), update("may:yes", Kind.BUTTON))
    (case,) = await all_cases(house)
    await open_case(house, national, case, clock.now)
    weeks = Weeks(house, national, clock, Random(seed), FakeChat(), case)
    await weeks.live(deeds)
    return weeks


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_in_some_weeks_nobody_is_asked_who_may_not_be(house: Service, national: Reader, clock: Clock):
    weeks = await live(house, national, clock, seed=2, deeds=18)
    assert ASKED & set(weeks.bot.said)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 102))
async def test_in_many_weeks_nobody_is_asked_who_may_not_be(house: Service, national: Reader, clock: Clock, seed: int):
    await live(house, national, clock, seed, deeds=60)
