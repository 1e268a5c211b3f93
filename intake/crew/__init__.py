"""Processes beside this one that do pure work on another core: sealing and triage; knows no work and no row.

The interpreter's lock lets one thread compute at a time, and sealing holds it. Whoever asks gets the answer of a pure
function either way: from the hand with the least before it, or worked out here where all have too much before them.
"""

import asyncio
import pickle
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, TypeVar, cast

from intake.crew.frames import Frames, framed
from intake.crew.shop import Shop, Tools, packed
from intake.logs import log

P = ParamSpec("P")
T = TypeVar("T")

DEEP = 200
"""Jobs that may lie before a hand; the next is done here. Many: what is computed here holds up all who are served."""
PATIENCE = 15.0
"""Seconds without any answer after which a hand counts as hanging: its jobs are done here, and it is replaced."""
_READY_WITHIN = 120.0
"""Seconds after which a process that has not read what it works with is ended; a slow machine takes twenty."""
_ENDS_WITHIN = 2.0
_PAUSES = (1.0, 5.0, 30.0, 60.0)
"""Seconds before a hand that died is replaced, the first time, the second, ..."""
_OUT = 1
_LOG = log(__name__)


class Gone(Exception):
    """The process has ended; what lay before it was not done."""


@dataclass(slots=True)
class _Hand(asyncio.SubprocessProtocol):
    """One process, as this one sees it: jobs go in, answers come back in the same order."""

    ready: "asyncio.Future[None]"
    ended: "asyncio.Future[None]"
    jobs: "list[asyncio.Future[bytes | None]]" = field(default_factory=list, repr=False)
    answered: int = 0
    works: bool = True
    """Not any more: nothing is put before it, though its end may not have come through yet."""
    _said: Frames = field(default_factory=Frames, repr=False)
    _process: asyncio.SubprocessTransport | None = field(default=None, repr=False)
    _inlet: asyncio.WriteTransport | None = field(default=None, repr=False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process runs."""
        self._process = cast("asyncio.SubprocessTransport", transport)
        self._inlet = cast("asyncio.WriteTransport", self._process.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Something was said: first that all is read and ready, then answer by answer."""
        if fd != _OUT or not self.works:
            return
        for answer in self._said.feed(data):
            if not self.ready.done():
                self.ready.set_result(None)
                continue
            self.answered += 1
            if not (job := self.jobs.pop(0)).done():
                job.set_result(answer)

    def process_exited(self) -> None:
        """Whatever it had not answered yet is another's to do."""
        self.works = False
        if not self.ready.done():
            self.ready.set_exception(Gone())
        for job in self.jobs:
            if not job.done():
                job.set_result(None)
        self.jobs.clear()

    def connection_lost(self, error: Exception | None) -> None:
        """The process has ended and its pipes are closed."""
        if not self.ended.done():
            self.ended.set_result(None)

    def tell(self, payload: bytes) -> None:
        """Put something on the pipe."""
        if self._inlet is not None:
            self._inlet.write(framed(payload))

    async def ask(self, payload: bytes) -> bytes | None:
        """The answer to a job, empty where it fails; None where the hand ends, or has answered nobody for too long."""
        job: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self.jobs.append(job)
        self.tell(payload)
        answers_somebody = True
        while not job.done() and answers_somebody:
            answered = self.answered
            await asyncio.wait([job], timeout=PATIENCE)
            answers_somebody = self.answered > answered
        if not job.done():
            self.give_up()
            return None
        return job.result()

    def give_up(self) -> None:
        """End the process at once."""
        self.works = False
        if self._process is not None:
            self._process.close()

    async def stop(self) -> None:
        """No more jobs: the process ends when it has done those that it has, or is ended."""
        if self._process is None or self._inlet is None:
            return
        self._inlet.close()
        try:
            await asyncio.wait([self.ended], timeout=_ENDS_WITHIN)
        finally:
            self._process.close()
        await self.ended


class Crew:
    """The hands that are hired; with none, everything is done where it is asked for."""

    def __init__(self) -> None:
        self._hands: list[_Hand] = []
        self._here = asyncio.Lock()
        self._tried = asyncio.Event()

    async def do(self, work: Callable[Concatenate[Shop, P], T], shop: Shop, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work(shop, ...)` returns or raises: a pure function of a module, given plain values."""
        failed = False
        while not failed and (hand := self._freest()) is not None:
            answer = await hand.ask(pickle.dumps((work, args, kwargs), pickle.HIGHEST_PROTOCOL))
            if answer:
                return cast("T", pickle.loads(answer))  # noqa: S301 (our own process)
            failed = answer is not None
        # One at a time, and the loop turns between two of them: what is computed here holds up all who are served.
        async with self._here:
            await asyncio.sleep(0)
            # What failed there fails here too, and says why.
            if failed or self._freest() is None:
                await _read_words(shop)
                return work(shop, *args, **kwargs)
        return await self.do(work, shop, *args, **kwargs)

    async def hire(self, tools: Tools) -> _Hand:
        """Start one more process and wait until it has read what it works with. Raises `Gone`."""
        loop = asyncio.get_running_loop()
        _, hand = await loop.subprocess_exec(
            lambda: _Hand(loop.create_future(), loop.create_future()),
            *(sys.executable, "-m", "intake.crew.bench"),
            stderr=None,
        )
        hand.tell(packed(tools))
        try:
            async with asyncio.timeout(_READY_WITHIN):
                await hand.ready
        except TimeoutError:
            hand.give_up()
            await hand.stop()
            raise Gone from None
        except (Gone, asyncio.CancelledError):
            await hand.stop()
            raise
        self._hands.append(hand)
        return hand

    async def is_at_work(self) -> bool:
        """Whether there is a hand, once the first one that is hired is ready or has failed."""
        await self._tried.wait()
        return bool(self._hands)

    async def keep(self, tools: Tools) -> None:
        """Have one hand at work for as long as this runs; one that dies is replaced after a pause."""
        for pause in _pauses():
            try:
                hand = await self.hire(tools)
                self._tried.set()
                await self._employ(hand)
            except Gone:
                _LOG.error("a helping process did not start")
            except Exception as error:  # noqa: BLE001 (else nobody would ever be hired again; the work is done here)
                _LOG.error("a helping process was lost", exception=type(error).__name__)
            self._tried.set()
            await asyncio.sleep(pause)

    async def _employ(self, hand: _Hand) -> None:
        try:
            await asyncio.shield(hand.ended)
            _LOG.error("a helping process ended")
        finally:
            self._hands.remove(hand)
            await hand.stop()

    def _freest(self) -> _Hand | None:
        hand = min((one for one in self._hands if one.works), key=lambda one: len(one.jobs), default=None)
        return hand if hand is not None and len(hand.jobs) < DEEP else None


async def _read_words(shop: Shop) -> None:
    """Let a service whose hands have read the words for it do so itself: in a thread, for that takes seconds."""
    if shop.knowledge.is_read:
        return
    try:
        await asyncio.to_thread(shop.knowledge.ready)
    except Exception as error:  # noqa: BLE001 (the work is done all the same, as well as it can be)
        _LOG.error("what triage knows could not be read", exception=type(error).__name__)


@asynccontextmanager
async def at_work(crew: Crew, tools: Tools, hands: int) -> AsyncIterator[None]:
    """Hire so many hands, without waiting for them (see `is_at_work`): until they are ready the work is done here."""
    tasks = [asyncio.create_task(crew.keep(tools)) for _ in range(hands)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]
