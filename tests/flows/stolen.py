"""What a thief of the database holds: every column of every table, and on SQLite every byte of the files."""

import base64
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, select, table, text

from intake.service import Service


async def loot(service: Service, url: str) -> bytes:
    """All of it in one heap."""
    heap = await service.database.read(_all_columns)
    path = make_url(url).database
    if service.database.dialect == "sqlite":
        heap += b"\n".join(file.read_bytes() for file in sorted(Path(str(path)).parent.glob("hamn.db*")))
    return heap


def _all_columns(conn: Connection) -> bytes:
    found = []
    for name in inspect(conn).get_table_names():
        for row in conn.execute(select(text("*")).select_from(table(name))):
            found += [_as_bytes(value) for value in row]
    return b"\n".join(found)


def _as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def spellings(secret: str) -> Iterator[bytes]:
    """How a text may lie in a heap: plain, wide, in hexadecimal, in base64 at each of its three offsets, escaped."""
    plain = secret.encode()
    for form in (plain, secret.encode("utf-16-le"), secret.encode("utf-16-be")):
        yield form
        yield form.hex().encode()
        yield form.hex().upper().encode()
        for shift in range(3):
            # The first and last letters depend on what stands beside the text.
            yield base64.b64encode(b"\0" * shift + form)[4:-4]
            yield base64.urlsafe_b64encode(b"\0" * shift + form)[4:-4]
    yield secret.encode("unicode-escape")
    yield secret.encode("ascii", "xmlcharrefreplace")


_SHORTEST = 6
"""Fewer bytes than these lie in any heap by chance."""


def found_in(heap: bytes, secrets: dict[str, str]) -> list[str]:
    """The names of the secrets that lie in the heap in any spelling."""
    return [
        name
        for name, secret in secrets.items()
        if any(form in heap for form in spellings(secret) if len(form) >= _SHORTEST)
    ]
