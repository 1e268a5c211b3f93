"""Reads what a page's form sends: its fields bounded and in memory, its files as they come; knows no field by name."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

LARGEST_FORM = 512 * 1024
"""Bytes. 20,000 characters of any script, each percent-encoded, are at most 240,000."""
LARGEST_FORM_WITH_FILES = 2 * 1024**3
"""Bytes. Five files are a hundred megabytes; but whoever picks a film is to read that it is too large, not an error."""
BODY_WITHIN = 120.0
"""Seconds for all of a form but its files: four kilobytes a second for the longest, slower than any phone's network."""
_MOST_FIELDS = 300
_PIECE = 64 * 1024
_OWN_PAGES = frozenset({"same-origin", "none"})

TakeFile: TypeAlias = Callable[[Mapping[str, str], str, AsyncIterator[bytes]], Awaitable[bool]]
"""Takes a file of a form, to its end: the fields before it, its name, its bytes. False: nothing more can be read."""


def refuse_foreign(request: web.Request) -> None:
    """Refuse a form that another site's page sends. A browser too old to say where it stands is let through.

    The public pages' `Referrer-Policy: no-referrer` makes browsers send `Origin: null`, so Origin proves nothing there.

    Raises:
        HTTPForbidden: the browser says that another site sent it.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_PAGES:
        raise web.HTTPForbidden


async def read_body(request: web.Request) -> bytes:
    """The body whole. Raises `HTTPRequestTimeout` for one that trickles in, `HTTPRequestEntityTooLarge`."""
    async with _in_time(BODY_WITHIN):
        return await request.read()


async def read_form(request: web.Request) -> Mapping[str, str]:
    """The fields of a posted form; of fields with the same name the last. Line ends are single, NUL is gone.

    aiohttp's own `post()` is not used: it spools larger parts to disk, in the clear.

    Raises:
        HTTPForbidden: another site's page sent it.
        HTTPUnsupportedMediaType: it is no ordinary form.
        HTTPRequestEntityTooLarge: it is longer than the application's limit.
        HTTPRequestTimeout: it trickles in too slowly.
        HTTPBadRequest: it cannot be read as one.
    """
    refuse_foreign(request)
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    body = await read_body(request)
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise web.HTTPBadRequest from None
    return {name: _plain(value) for name, value in pairs}


async def read_form_with_files(request: web.Request, take: TakeFile) -> Mapping[str, str]:
    """The fields of a posted form as `read_form` gives them; each file goes to `take` while it comes in.

    Raises:
        HTTPLengthRequired: it does not say how long it is.
        as `read_form`.
    """
    if request.content_type != "multipart/form-data":
        return await read_form(request)
    refuse_foreign(request)
    length = request.content_length
    if length is None:
        raise web.HTTPLengthRequired
    if length > LARGEST_FORM_WITH_FILES:
        raise web.HTTPRequestEntityTooLarge(LARGEST_FORM_WITH_FILES, length)
    try:
        return await _read_parts(await request.multipart(), take)
    except (ValueError, RuntimeError, AssertionError, HttpProcessingError):  # what aiohttp says of a broken form
        raise web.HTTPBadRequest from None


@dataclass(slots=True)
class _Left:
    """How many seconds are left for what is not a file; files have limits of their own."""

    seconds: float

    @asynccontextmanager
    async def spent(self) -> AsyncIterator[None]:
        """Take the time that this takes. Raises `HTTPRequestTimeout` when there is none left."""
        clock = asyncio.get_running_loop().time
        began = clock()
        async with _in_time(self.seconds):
            yield
        self.seconds -= clock() - began


@asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _read_parts(reader: MultipartReader, take: TakeFile) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    room = LARGEST_FORM
    left = _Left(BODY_WITHIN)
    for _ in range(_MOST_FIELDS):
        async with left.spent():
            part = await reader.next()
        if part is None:
            return fields
        if not isinstance(part, BodyPartReader):
            break
        if part.filename is None:
            async with left.spent():
                value = await _read_field(part, room)
            room -= len(value)
            fields[part.name or ""] = _plain(value.decode(errors="replace"))
        elif not await take(fields, part.filename, _pieces(part)):
            return fields
    raise web.HTTPBadRequest


async def _read_field(part: BodyPartReader, room: int) -> bytes:
    value = bytearray()
    async for piece in _pieces(part):
        value += piece
        if len(value) > room:
            raise web.HTTPRequestEntityTooLarge(LARGEST_FORM, len(value))
    return bytes(value)


async def _pieces(part: BodyPartReader) -> AsyncIterator[bytes]:
    while not part.at_eof():
        if piece := await part.read_chunk(_PIECE):
            yield piece


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
