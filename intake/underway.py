"""How many files are coming in, being read and being laid out at this moment, in this process; knows none of them."""

import asyncio
from dataclasses import dataclass, field

PARSERS = 2
"""Each may take a gigabyte and twenty seconds of a core."""


@dataclass(slots=True)
class UnderWay:
    """The only numbers of the service that live in memory alone: a restart begins at nothing, as it should."""

    files: int = 0
    parsers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARSERS), repr=False)
    papers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), repr=False)
