"""Files while they come in: sealed as they arrive, bounded in size, number and slowness; knows no page and no case."""

import asyncio
import re
import shutil
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from intake.attachments.spool import Spool
from intake.parser.run import LARGEST_CONTENT
from intake.parser.verdict import Refusal, Refused
from intake.service import Service
from intake.store import attachments
from intake.store.engines import sqlite_path
from intake.store.failure import StoreUnavailable

MOST_FILES = 5
LONGEST_NAME = 100
"""Characters."""
_STRETCH = 256 * 1024
STRETCH_WITHIN = 60.0
"""Seconds in which each quarter of a megabyte must arrive: four kilobytes a second, slower than any phone's network."""
_MB = 1024 * 1024
_COPIES = 3
"""So often a file lies on the disk before it is done: as it came, in the log, in the database."""
_LAST_PART = re.compile(r"[^/\\]*$")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in whole, or why it did not."""

    name: str = field(repr=False)
    spool: Spool | None = field(default=None, repr=False)
    refusal: Refusal | None = None


async def take_upload(service: Service, name: str, number: int, pieces: AsyncIterator[bytes]) -> Upload:
    """Take the `number`th file of a message (counted from 0), to its end, whether it is kept or not.

    Only a sender who is too slow is not heard to the end: nothing can be read after such a file.
    """
    spool = None
    try:
        if number >= MOST_FILES:
            raise Refused(Refusal.TOO_MANY)
        with _a_place(service):
            await _require_room(service)
            spool = _new_spool(service)
            await _fill(spool, pieces)
        return Upload(plain_name(name), spool)
    except Refused as refused:
        _close(spool)
        return await refuse_upload(name, refused.reason, pieces)
    except BaseException:  # the line broke: nobody will ask for what came of it
        _close(spool)
        raise


async def refuse_upload(name: str, reason: Refusal, pieces: AsyncIterator[bytes]) -> Upload:
    """Hear a file to its end, for the rest of the form follows, and keep nothing; too slow a sender is not heard."""
    return Upload(plain_name(name), refusal=await _heard_out(reason, pieces))


def plain_name(name: str) -> str:
    """A name as it can be shown: no path, no control or direction marks, and not without end."""
    last = _LAST_PART.search(name)
    visible = "".join(one for one in last[0] if unicodedata.category(one)[0] != "C") if last else ""
    return visible.strip()[-LONGEST_NAME:]


def folder_of(service: Service) -> Path:
    """Where files wait, sealed: beside the database, for the usual place may lie in memory."""
    path = sqlite_path(service.config.database.url)
    return path.parent if path is not None and path.parent.is_dir() else Path(gettempdir())


async def _fill(spool: Spool, pieces: AsyncIterator[bytes]) -> None:
    try:
        async for piece in _no_slower(pieces):
            if spool.size + len(piece) > LARGEST_CONTENT:
                raise Refused(Refusal.TOO_LARGE)
            spool.add(piece)
        spool.finish()
    except OSError:
        raise Refused(Refusal.NO_ROOM) from None


async def _heard_out(reason: Refusal, pieces: AsyncIterator[bytes]) -> Refusal:
    if reason is Refusal.TOO_SLOW:
        return reason
    try:
        async for _ in _no_slower(pieces):
            pass
    except Refused as refused:
        return refused.reason
    return reason


async def _no_slower(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces as they come. Raises `Refused` when they come too slowly."""
    clock = asyncio.get_running_loop().time
    arrived, until = 0, clock() + STRETCH_WITHIN
    while True:
        try:
            async with asyncio.timeout_at(until):
                piece = await anext(pieces, None)
        except TimeoutError:
            raise Refused(Refusal.TOO_SLOW) from None
        if piece is None:
            return
        arrived += len(piece)
        if arrived >= _STRETCH:
            arrived, until = 0, clock() + STRETCH_WITHIN
        yield piece


@contextmanager
def _a_place(service: Service) -> Iterator[None]:
    under_way = service.under_way
    if under_way.files >= service.config.limits.uploads_at_once:
        raise Refused(Refusal.NO_ROOM)
    under_way.files += 1
    try:
        yield
    finally:
        under_way.files -= 1


async def _require_room(service: Service) -> None:
    """Where bytes are short a file is refused; a text, which is small, is taken in all the same."""
    limits, waiting = service.config.limits, service.under_way.files * LARGEST_CONTENT
    free = (await asyncio.to_thread(shutil.disk_usage, folder_of(service))).free
    if free - waiting * _COPIES < limits.disk_reserve_megabytes * _MB:
        raise Refused(Refusal.NO_ROOM)
    try:
        stored = await service.database.read(attachments.stored_bytes)
    except StoreUnavailable:
        raise Refused(Refusal.NO_ROOM) from None
    if stored + waiting > limits.attachments_megabytes * _MB:
        raise Refused(Refusal.NO_ROOM)


def _close(spool: Spool | None) -> None:
    if spool is not None:
        spool.close()


def _new_spool(service: Service) -> Spool:
    try:
        return Spool(folder_of(service))
    except OSError:
        raise Refused(Refusal.NO_ROOM) from None
