"""How much is under way at this moment in this process: files that come in, passphrases that are tried; knows none."""

import asyncio
from dataclasses import dataclass, field

PARSERS = 2
"""Each may take a gigabyte and twenty seconds of a core."""


@dataclass(slots=True)
class UnderWay:
    """The only numbers of the service that live in memory alone: a restart begins at nothing, as it should."""

    files: int = 0
    stretching: int = 0
    """Passphrases that are tried or wait for it."""
    parsers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARSERS), repr=False)
    papers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), repr=False)
