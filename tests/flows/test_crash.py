"""`kill -9` at any moment: whoever was told "received" was received, and whoever asks again is told the same."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientError, ClientSession

from tests.processes import House, Running, make_house, served_here

SENDERS = 8
LONGEST_LIFE = 0.5
"""Seconds from when everybody has been answered once to the kill, at the most."""
_COUNT = re.compile(r"^hamn_cases\{.*\} (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Tip:
    """One report, with what makes its retry the same."""

    key: str
    text: str


@dataclass
class Town:
    """Everybody who writes: what they were told, and what they sent without hearing anything."""

    house: House
    told: dict[Tip, str] = field(default_factory=dict)
    unheard: set[Tip] = field(default_factory=set)

    async def write_until_killed(self, service: Running, seed: int) -> None:
        """Let all write without pause until the service dies at a moment drawn from the seed."""
        chance, warm = Random(seed), len(self.told) + SENDERS
        async with ClientSession(self.address) as http:
            writing = [asyncio.create_task(self._write(http, chance.randbytes(16).hex())) for _ in range(SENDERS)]
            while len(self.told) < warm:  # noqa: ASYNC110 - the senders have no event for it, and need none
                await asyncio.sleep(0.005)
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))
            service.kill()
            await asyncio.gather(*writing)

    async def check(self, round_: str) -> None:
        """After the restart: nothing that was acknowledged is lost, nothing is there twice."""
        async with ClientSession(self.address) as http:
            assert len(self.told) <= await self._cases() <= len(self.told) + len(self.unheard), round_
            for tip in self.unheard:
                self.told[tip] = await _send(http, tip)
            self.unheard = set()
            assert await self._cases() == len(self.told), round_
            assert len(set(self.told.values())) == len(self.told), round_
            for tip, receipt in self.told.items():
                assert await _texts(http, receipt) == [tip.text], round_

    async def ask_again(self, round_: str) -> None:
        """Within the hour the same request is answered with the same receipt, and makes no second case."""
        async with ClientSession(self.address) as http:
            for tip, receipt in self.told.items():
                assert await _send(http, tip) == receipt, round_
        assert await self._cases() == len(self.told), round_

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.house.public_port}"

    async def _write(self, http: ClientSession, who: str) -> None:
        for number in range(10_000):
            tip = Tip(f"{who}-{number:08}", f"{who} berättar för gången {number}: de får inte gå ut.")
            self.unheard.add(tip)
            try:
                self.told[tip] = await _send(http, tip)
            except ClientError:
                return
            self.unheard.remove(tip)

    async def _cases(self) -> int:
        async with ClientSession(f"http://127.0.0.1:{self.house.ops_port}") as http, http.get("/metrics") as answer:
            return sum(int(float(number)) for number in _COUNT.findall(await answer.text()))


async def _send(http: ClientSession, tip: Tip) -> str:
    async with http.post("/api/v1/reports", json={"text": tip.text}, headers={"Idempotency-Key": tip.key}) as answer:
        assert answer.status == 201
        return (await answer.json())["receipt"]


async def _texts(http: ClientSession, receipt: str) -> list[str]:
    async with http.post("/api/v1/mailbox", json={"receipt": receipt}) as answer:
        assert answer.status == 200
        return [message["text"] for message in (await answer.json())["messages"]]


async def live_through(house: House, seeds: range, begin: Callable[[House], Running]) -> None:
    """One round a seed: write, kill, start again, check; at the end everybody asks again."""
    town, service = Town(house), begin(house)
    for seed in seeds:
        await town.write_until_killed(service, seed)
        service = begin(house)
        await town.check(f"after the kill with seed {seed}")
    await town.ask_again(f"after {seeds}")


async def test_a_killed_service_has_lost_nothing_that_it_acknowledged(tmp_path: Path, begin):
    town = Town(await make_house(tmp_path))
    await town.write_until_killed(begin(town.house), seed=0)
    async with served_here(town.house):
        await town.check("after the kill")
        await town.ask_again("after the kill")


@pytest.mark.soak
async def test_a_service_killed_before_postgresql_has_lost_nothing_either(tmp_path: Path, postgresql_url: str, begin):
    await live_through(await make_house(tmp_path, database=postgresql_url), range(1), begin)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 20, 5))
async def test_twenty_kills_lose_nothing(tmp_path: Path, first: int, begin):
    await live_through(await make_house(tmp_path), range(first, first + 5), begin)
