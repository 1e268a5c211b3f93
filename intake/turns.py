"""Within one process: who waits for whom. Turns within a chat, and a bell for those who wait for work; knows neither.

Between processes the rows are held (`store.locks`); this only keeps the order in which messages came to this one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


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
