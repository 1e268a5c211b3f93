"""The queue against a provider that fails, hangs, is slow, or accepts and says 500: what is promised is not lost."""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle

import pytest
from sqlalchemy import select

from bridges.contract import Bridge, Surroundings
from bridges.load import build
from intake.arrival.take import arrive
from intake.outbox.carry import LEASE, drain
from intake.outbox.expiry import forget_passing
from intake.service import Service
from intake.store.database import Database
from intake.store.schema import outbox
from tests.bridges.phones import PHONES
from tests.doubles import Mood, SmsDouble, serve
from tests.intake.arrival.conftest import house, people
from tests.intake.arrival.said import sms
from tests.intake.outbox.fake import number
from tests.service import Clock

__all__ = ["house", "people"]

GENERIC = next(phone for phone in PHONES if phone.label == "generic")
FIRE = (Mood.LIES, Mood.BROKEN, Mood.SLOW, Mood.HANGS, Mood.THROTTLES, Mood.WELL, Mood.LIES, Mood.DOWN, Mood.BROKEN)
ROUNDS = 9
A_ROUND = timedelta(seconds=11)


class Fickle(SmsDouble):
    """A provider that treats every request another way, until it is `calm`."""

    def __init__(self) -> None:
        self._moods, self.calm = cycle(FIRE), False
        super().__init__()

    @property
    def mood(self) -> Mood:
        return Mood.WELL if self.calm else next(self._moods)

    @mood.setter
    def mood(self, mood: Mood) -> None:
        """The double begins well."""


@dataclass(frozen=True)
class Figures:
    """What became of what was promised. `expired` were never accepted, and ended when they were too late to be safe."""

    promised: int
    sent: int
    repeated: int
    repeated_under_one_key: int
    expired: int
    lost: int


def nodes_of(house: Service, databases: list[Database], api: str, clock: Clock) -> list[tuple[Service, Bridge]]:
    """Each with a connection to the database and to the provider of its own."""
    around = Surroundings(public_url="https://hamn.example", now=clock, patience=timedelta(seconds=0.3))
    table = GENERIC.table | {"send_url": api + "/generic"}
    bridges = [build(GENERIC.type, "phone", table, around) for _ in databases]
    return [(replace(house, database=d), bridge) for d, bridge in zip(databases, bridges, strict=True)]


async def under_fire(house: Service, others: list[Database], clock: Clock, persons: int) -> Figures:
    """Promise so many texts, then fire; with several nodes the first is killed in the middle of its work."""
    for n in range(persons):
        await arrive(house, sms("Hej", number(n)), clock.now)
    double = Fickle()
    async with serve(double.app()) as api:
        nodes = nodes_of(house, [house.database, *others], api, clock)
        for _, bridge in nodes:
            await bridge.start()
        for fire in range(ROUNDS):
            work = [asyncio.create_task(drain(node, bridge, f"n{n}")) for n, (node, bridge) in enumerate(nodes)]
            if fire == 2 and others:
                await asyncio.sleep(0.05)
                work.pop(0).cancel()
                nodes.pop(0)
            await asyncio.gather(*work)
            clock.now += A_ROUND
        await settle(nodes, double, clock)
        for _, bridge in nodes:
            await bridge.stop()
    return await figures(house, double, persons)


async def settle(nodes: list[tuple[Service, Bridge]], double: Fickle, clock: Clock) -> None:
    """The provider is well again, in the last minute before what is left would be too late."""
    double.calm = True
    for _ in range(6):
        await asyncio.gather(*(drain(node, bridge, f"n{n}") for n, (node, bridge) in enumerate(nodes)))
        clock.now += A_ROUND
    clock.now += LEASE + timedelta(minutes=3)
    await forget_passing(nodes[0][0], clock.now)


async def figures(house: Service, double: SmsDouble, promised: int) -> Figures:
    query = select(outbox.c.send_id, outbox.c.state)
    state = dict(await house.database.read(lambda conn: [tuple(row) for row in conn.execute(query)]))
    persons, keys = Counter(text.to for text in double.texts), Counter(text.key for text in double.texts)
    never = state.keys() - keys.keys()
    return Figures(
        promised=promised,
        sent=len(keys),
        repeated=sum(times - 1 for times in persons.values()),
        repeated_under_one_key=sum(times - 1 for times in keys.values()),
        expired=sum(state[key] == "expired" for key in never),
        lost=promised - len(keys) - sum(state[key] == "expired" for key in never),
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nothing_is_lost_and_what_is_repeated_the_provider_can_tell(house: Service, clock: Clock):
    result = await under_fire(house, [], clock, 24)
    print(result)
    assert result.lost == 0
    assert result.repeated > 0
    assert result.repeated == result.repeated_under_one_key


async def test_two_nodes_over_one_database_one_killed_lose_nothing(house: Service, clock: Clock, database_url: str):
    other = await Database.open(database_url)
    result = await under_fire(house, [other], clock, 24)
    await other.close()
    print(result)
    assert result.lost == 0
    assert result.repeated == result.repeated_under_one_key


@pytest.mark.soak
async def test_a_long_fire_loses_nothing(house: Service, clock: Clock, database_url: str):
    other = await Database.open(database_url)
    result = await under_fire(house, [other], clock, 1000)
    await other.close()
    print(result)
    assert result.lost == 0
    assert result.repeated == result.repeated_under_one_key
