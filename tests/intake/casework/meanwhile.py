"""A store in which something happens after a reading: what use cases meet that look first and write later."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from intake.service import Service
from intake.store.database import Database


class Meanwhile:
    """After each of the next `times` readings something happens."""

    def __init__(self, database: Database, happens: Callable[[], Awaitable[object]], times: int) -> None:
        self._database, self._happens, self._times = database, happens, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def read(self, *args: Any) -> object:
        found = await self._database.read(*args)
        if self._times > 0:
            self._times -= 1
            await self._happens()
        return found


def disturbed(service: Service, happens: Callable[[], Awaitable[object]], times: int = 1) -> Service:
    """The same service, over such a store."""
    return replace(service, database=Meanwhile(service.database, happens, times))
