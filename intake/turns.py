"""Within one process: who waits for whom. Turns within a chat, long work in small steps, a bell; knows no work.

Between processes the rows are held (`store.locks`); this only keeps the order in which messages came to this one.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")

_STEP = 0.003
"""Seconds that long work may keep the loop to itself."""


class Turns:
    """Locks by name, each there for as long as somebody holds it or waits."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, name: bytes) -> AsyncIterator[None]:
        """Wait for those who came before under this name."""
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        async with lock:
            yield


class Bell:
    """Wakes everybody who listens. One that rings between listening and waiting is heard too."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all who listen now."""
        self._rung.set()
        self._rung = asyncio.Event()

    def listen(self) -> asyncio.Event:
        """From now on: what is set at the next ringing."""
        return self._rung


async def gently(things: Iterable[T]) -> AsyncIterator[T]:
    """One after another; every few milliseconds everybody else gets a turn, however many there are.

    For what holds the interpreter's lock and may not leave this process, such as opening with a member's keys.
    """
    loop = asyncio.get_running_loop()
    since = loop.time()
    for thing in things:
        yield thing
        if loop.time() - since > _STEP:
            await asyncio.sleep(0)
            since = loop.time()
