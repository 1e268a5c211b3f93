"""Work that another process does: the same answer, the same failure, and nobody waits for one that has died."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn, cast

import pytest

from intake.crew import Crew, Gone, _Hand, at_work
from intake.crew.frames import Frames, framed
from intake.crew.shop import Shop, Stocked, Tools
from intake.filing import assess_text
from intake.vault.errors import Tampered
from intake.vault.service_key import ServiceKey
from tests.intake.crew.jobs import nap, refuse, shop_name, whose_process
from tests.patience import PATIENCE
from tests.service import CALENDAR, KNOWLEDGE, make_config
from triage.assess import Knowledge
from triage.model import Kind, Urgency

TOOLS = Tools(make_config(), ServiceKey.generate(), CALENDAR, None, (nap, whose_process))


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Stocked(TOOLS.config, TOOLS.key, KNOWLEDGE, TOOLS.calendar, TOOLS.recovery)


@asynccontextmanager
async def hired(shop: Shop) -> AsyncIterator[Crew]:
    """One hand that is ready."""
    crew = Crew()
    async with at_work(crew, TOOLS, 1):
        async with asyncio.timeout(3 * PATIENCE):
            while await crew.do(whose_process, shop) == os.getpid():  # noqa: ASYNC110 - a hand comes unannounced
                await asyncio.sleep(0.05)
        yield crew


async def ended(process: int) -> None:
    """Return once there is no such process; one that stays is an error."""
    async with asyncio.timeout(PATIENCE):
        while _is_there(process):  # noqa: ASYNC110 - nobody tells us of another's child
            await asyncio.sleep(0.01)


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_without_hands_work_is_done_here(shop: Shop):
    assert await Crew().do(whose_process, shop) == os.getpid()


class Unread:
    """Knowledge that nobody has read yet, and who then read it."""

    def __init__(self) -> None:
        self.read_by: list[threading.Thread] = []

    @property
    def is_read(self) -> bool:
        return bool(self.read_by)

    def ready(self) -> None:
        self.read_by.append(threading.current_thread())


class Damaged(Unread):
    """Knowledge whose files somebody has taken away."""

    def ready(self) -> None:
        super().ready()
        raise OSError


async def test_a_text_is_filed_even_where_nothing_can_be_read(shop: Shop):
    damaged = Stocked(shop.config, shop.key, cast("Knowledge", Damaged()), shop.calendar, None)
    found = await Crew().do(assess_text, damaged, "Hon är inlåst")
    assert (found.kind, found.urgency) == (Kind.HELP, Urgency.HIGH)


async def test_what_lay_before_a_hand_that_ended_is_done_here_one_at_a_time(shop: Shop):
    crew = Crew()
    loop = asyncio.get_running_loop()
    hand = _Hand(loop.create_future(), loop.create_future())
    crew._hands.append(hand)
    jobs = [asyncio.create_task(crew.do(nap, shop)) for _ in range(10)]
    await asyncio.sleep(0)
    hand.ready.set_result(None)
    hand.process_exited()
    turns = 0
    while not jobs[-1].done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > len(jobs)
    assert {await job for job in jobs} == {os.getpid()}


async def test_what_must_be_read_first_is_read_once_and_holds_nobody_up(shop: Shop):
    unread = Unread()
    crew, idle = Crew(), Stocked(shop.config, shop.key, cast("Knowledge", unread), shop.calendar, None)
    done = await asyncio.gather(crew.do(shop_name, idle, "a"), crew.do(shop_name, idle, "b"))
    assert done == [shop_name(shop, "a"), shop_name(shop, "b")]
    (reader,) = unread.read_by
    assert reader is not threading.main_thread()


async def test_a_hand_answers_and_fails_as_this_process_would_until_it_has_ended(shop: Shop):
    async with hired(shop) as crew:
        assert await crew.do(shop_name, shop, "!", loud=True) == shop_name(shop, "!", loud=True)
        with pytest.raises(Tampered, match="as it would here"):
            await crew.do(refuse, shop)
        many = await asyncio.gather(*(crew.do(shop_name, shop, str(number)) for number in range(100)))
        assert many == [shop_name(shop, str(number)) for number in range(100)]
        more = await crew.do(assess_text, shop, "Hon är 15 år.", kind=Kind.HELP, lang="sv", follow_up=True)
        assert more == assess_text(shop, "Hon är 15 år.", kind=Kind.HELP, lang="sv", follow_up=True)
        (hand,) = crew._hands
        hand.process_exited()
        assert await crew.do(whose_process, shop) == os.getpid()


async def test_a_hand_that_is_free_again_is_seen_between_two_jobs_here(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("intake.crew.DEEP", 1)
    async with hired(shop) as crew:
        done_by = await asyncio.gather(*(crew.do(nap, shop) for _ in range(20)))
    assert 1 < done_by.count(os.getpid()) < len(done_by) - 1


async def test_what_lay_before_a_hand_that_hangs_or_dies_is_done_here(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    async with hired(shop) as crew:
        hand = await crew.do(whose_process, shop)
        os.kill(hand, signal.SIGSTOP)
        monkeypatch.setattr("intake.crew.PATIENCE", 0.1)
        monkeypatch.setattr("intake.crew._PAUSES", (PATIENCE,))
        names = await asyncio.gather(*(crew.do(shop_name, shop, str(number)) for number in range(5)))
        assert names == [shop_name(shop, str(number)) for number in range(5)]
        await ended(hand)
        assert await crew.do(whose_process, shop) == os.getpid()


async def test_a_hand_that_has_much_to_do_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    async with hired(shop) as crew:
        monkeypatch.setattr("intake.crew.PATIENCE", 0.2)
        done_by = await asyncio.gather(*(crew.do(nap, shop) for _ in range(30)))
    assert os.getpid() not in done_by


async def test_nobody_waits_for_a_hand_that_cannot_start(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("intake.crew.sys.executable", "/bin/false")
    with pytest.raises(Gone):
        await Crew().hire(TOOLS)


async def test_a_hand_that_never_gets_ready_is_given_up(tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch):
    idle = tmp_path / "idle"
    idle.write_text("#!/bin/sh\nexec sleep 60\n")
    idle.chmod(0o700)
    monkeypatch.setattr("intake.crew.sys.executable", str(idle))
    monkeypatch.setattr("intake.crew._READY_WITHIN", 0.05)
    crew = Crew()
    with pytest.raises(Gone):
        await crew.hire(TOOLS)
    assert await crew.do(whose_process, shop) == os.getpid()


class Clumsy(Crew):
    """Whoever hires trips the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.tried_again = asyncio.Event()
        self.tries = 0

    async def hire(self, tools: Tools) -> NoReturn:
        self.tries += 1
        if self.tries > 1:
            self.tried_again.set()
        raise ValueError(tools)


async def test_it_is_told_whether_anybody_has_begun_to_work(shop: Shop):
    async with hired(shop) as crew:
        assert await crew.is_at_work()
        (hand,) = crew._hands
        hand.give_up()
        async with asyncio.timeout(PATIENCE):
            while await crew.is_at_work():  # noqa: ASYNC110 - its end comes unannounced
                await asyncio.sleep(0.01)


async def test_whatever_happens_to_one_hand_another_is_hired(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("intake.crew._PAUSES", (0.01,))
    crew = Clumsy()
    async with at_work(crew, TOOLS, 1), asyncio.timeout(PATIENCE):
        assert not await crew.is_at_work()
        await crew.tried_again.wait()


def test_frames_come_out_whole_however_they_are_cut():
    stream = b"".join(framed(payload) for payload in (b"", b"a", b"b" * 70_000))
    for size in (1, 3, 4096, len(stream)):
        frames = Frames()
        found = [one for at in range(0, len(stream), size) for one in frames.feed(stream[at : at + size])]
        assert found == [b"", b"a", b"b" * 70_000]
