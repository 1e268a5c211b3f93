"""One after the other within a chat, side by side between chats; knows neither, and reaches no further than a process.

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
