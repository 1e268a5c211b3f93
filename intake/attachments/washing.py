"""Runs the parser on a file: one process a file, without keys, killed when it is slow; knows no case and no name."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from intake.parser.verdict import Media, Refusal, Refused, read_verdict
from intake.vault.errors import Tampered

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds for one file, however busy the machine is; a core works twenty of them at the most."""
LARGEST_MADE = 48 * 1024 * 1024
"""A noisy picture may grow; one that grows more than this is no picture."""
_PIECE = 64 * 1024
_ROOT = str(Path(__file__).parents[2])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from intake.parser.run import main; main()"
COMMAND = (sys.executable, "-I", "-B", "-c", _START, _ROOT)
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
"""Nothing of ours: no path to the database, no credential of the service manager's."""


@dataclass(frozen=True, slots=True)
class Washed:
    """What a file was, what it is now, and the clean content as it comes out."""

    kind: Media
    media: Media
    content: AsyncIterator[bytes] = field(repr=False)


@asynccontextmanager
async def washed(pieces: Iterator[bytes], command: tuple[str, ...] = COMMAND) -> AsyncIterator[Washed]:
    """Let the parser draw a file anew. Raises `Refused`, while the content is read too."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT, cwd="/", start_new_session=True
        )
    except OSError:
        raise Refused(Refusal.NO_ROOM) from None
    try:
        until = asyncio.get_running_loop().time() + PATIENCE
        await _in_time(until, _feed(process, pieces))
        kind, media = read_verdict(await _in_time(until, _first_line(process)))
        yield Washed(kind, media, _rest(process))
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _feed(process: Process, pieces: Iterator[bytes]) -> None:
    assert process.stdin is not None
    try:
        for piece in pieces:
            process.stdin.write(piece)
            await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        raise Refused(Refusal.DAMAGED) from None
    except (OSError, Tampered):
        raise Refused(Refusal.NO_ROOM) from None


async def _first_line(process: Process) -> bytes:
    assert process.stdout is not None
    try:
        return await process.stdout.readline()
    except ValueError:  # no line's end within the reader's limit
        raise Refused(Refusal.DAMAGED) from None


async def _rest(process: Process) -> AsyncIterator[bytes]:
    assert process.stdout is not None
    size, until = 0, asyncio.get_running_loop().time() + PATIENCE
    while piece := await _in_time(until, process.stdout.read(_PIECE)):
        size += len(piece)
        if size > LARGEST_MADE:
            raise Refused(Refusal.TOO_LARGE)
        yield piece
    # A parser that dies while it writes has written half a picture.
    if await _in_time(until, process.wait()) != 0:
        raise Refused(Refusal.DAMAGED)


async def _in_time(until: float, awaited: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout_at(until):
            return await awaited
    except TimeoutError:
        raise Refused(Refusal.DAMAGED) from None
