"""Pieces of a byte stream, each with its length before it; knows nothing of what is in them."""

from collections.abc import Iterator
from typing import BinaryIO

_LENGTH = 4


def framed(payload: bytes) -> bytes:
    """The payload as it goes over the pipe."""
    return len(payload).to_bytes(_LENGTH) + payload


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next payload, or None where the stream ends."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    payload = stream.read(int.from_bytes(head))
    return payload if len(payload) == int.from_bytes(head) else None


class Frames:
    """Puts payloads together again from whatever pieces come in."""

    def __init__(self) -> None:
        self._got = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The payloads that are whole now."""
        self._got += data
        while len(self._got) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._got[:_LENGTH])
            if len(self._got) < end:
                return
            yield bytes(self._got[_LENGTH:end])
            del self._got[:end]
