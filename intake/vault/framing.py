"""One unambiguous byte string out of several fields, and the header of every stored object; knows no key."""

from enum import IntEnum
from struct import Struct
from typing import TypeAlias

from intake.vault.errors import Tampered

Field: TypeAlias = bytes | str | int | None


class Suite(IntEnum):
    """The cryptographic suites that a stored object may carry."""

    XWING_HKDF_SHA256_AES256GCM = 1


VERSION = 1
SUITE = Suite.XWING_HKDF_SHA256_AES256GCM
HEADER = bytes((VERSION, SUITE))
_GENERATION = 4
_KIND_AND_LENGTH = Struct(">cI")


def frame(*fields: Field) -> bytes:
    """Join fields so that no two lists of fields give the same bytes: kind, length (4 bytes), value, each."""
    parts: list[bytes] = []
    for field in fields:
        if isinstance(field, str):
            kind, value = b"s", field.encode()
        elif isinstance(field, bytes):
            kind, value = b"b", field
        elif field is None:
            kind, value = b"n", b""
        elif isinstance(field, int):
            # A database hands back 1 for True: both are the same integer here.
            kind, value = b"i", b"%d" % field
        else:
            raise TypeError("only bytes, text, whole numbers and None have one encoding")
        parts += (_KIND_AND_LENGTH.pack(kind, len(value)), value)
    return b"".join(parts)


def read_header(stored: bytes) -> bytes:
    """Return what follows version and suite. Raises `Tampered` for any other version or suite."""
    if not stored.startswith(HEADER):
        raise Tampered("unknown version or suite")
    return stored[len(HEADER) :]


def stamp(generation: int) -> bytes:
    """Version, suite and the service key's generation: the start of whatever a subkey protects."""
    return HEADER + generation.to_bytes(_GENERATION)


def read_stamp(stored: bytes) -> tuple[int, bytes]:
    """Return the service key's generation and what follows. Raises `Tampered` when there is no such start."""
    rest = read_header(stored)
    if len(rest) < _GENERATION:
        raise Tampered("cut short")
    return int.from_bytes(rest[:_GENERATION]), rest[_GENERATION:]
