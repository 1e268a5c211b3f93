"""The open connections on which browsers wait for news: one a session, so many in all; knows no news."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

MOST_STREAMS = 200
"""So many at once in one process. Whoever comes then reloads by hand, as without script."""


class Full(Exception):
    """There are as many as there may be."""


@dataclass(slots=True)
class Stream:
    """One connection. `replaced`: the same session has opened another, in another tab."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: bool = False

    async def ends_within(self, seconds: float) -> bool:
        """Wait so long; whether it is to end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ended.wait(), seconds)
        return self.ended.is_set()


class Streams:
    """Those that are open, by session; `tick` is how many seconds lie between two looks."""

    def __init__(self, tick: float = 2.0, most: int = MOST_STREAMS) -> None:
        self.tick = tick
        self._most = most
        self._open: dict[bytes, Stream] = {}

    @contextmanager
    def opened(self, session: bytes) -> Iterator[Stream]:
        """Hold a stream open; the session's earlier one ends. Raises `Full`."""
        before = self._open.get(session)
        if before is not None:
            before.replaced = True
            before.ended.set()
        elif len(self._open) >= self._most:
            raise Full
        stream = self._open[session] = Stream()
        try:
            yield stream
        finally:
            if self._open.get(session) is stream:
                del self._open[session]

    def close(self) -> None:
        """Let all end: the service stops."""
        for stream in self._open.values():
            stream.ended.set()
