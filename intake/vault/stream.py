"""Long contents sealed and opened piece by piece (STREAM over AES-256-GCM); knows neither their names nor readers.

    stream     = version | suite | salt | commitment | sealed chunk, one after the other, each but the last full
    commitment = HKDF(key, "hamn/v1/stream-commitment", bound; salt)
    chunk      = AES-256-GCM(HKDF(key, "hamn/v1/stream-chunks", bound; salt), up to 64 KiB of the content)
    nonce      = the chunk's number (11 bytes), then 1 on the last chunk and 0 on all before (1 byte)

Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance" (2015):
a chunk that is moved, repeated or left out, and a stream that is cut or made longer, do not open.
"""

import hmac
import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.vault.aead import TAG_BYTES
from intake.vault.derive import KEY_BYTES, hkdf
from intake.vault.errors import Tampered
from intake.vault.framing import HEADER, Field, read_header

CHUNK_BYTES = 64 * 1024
_SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
_SALT_BYTES = 32
_COUNTER_BYTES = 11
_START_BYTES = len(HEADER) + _SALT_BYTES + KEY_BYTES
_NO_AAD = None
"""What a stream belongs to is bound by its chunks' key, so there is nothing left to bind a chunk to."""


def new_stream_key() -> bytes:
    """Return 32 random bytes to seal a stream under."""
    return secrets.token_bytes(KEY_BYTES)


class StreamSealer:
    """Seals one content as it comes in; holds at most one chunk of it."""

    def __init__(self, key: bytes, *bound: Field) -> None:
        """Begin a stream; `bound` (ids of what it belongs to) must be given again to open it."""
        salt = secrets.token_bytes(_SALT_BYTES)
        # A salt of its own a stream: even two under one key share no nonce.
        self._chunks = _Chunks(key, salt, bound)
        self._ready = HEADER + salt + _commitment(key, salt, bound)
        self._waiting = bytearray()

    def update(self, content: bytes) -> bytes:
        """Take the next piece of the content, of any length; return what can be written away by now."""
        self._waiting += content
        ready = [self._ready]
        # The last chunk must say that it is the last: a full one waits until more follows.
        while len(self._waiting) > CHUNK_BYTES:
            ready.append(self._chunks.seal(bytes(self._waiting[:CHUNK_BYTES]), last=False))
            del self._waiting[:CHUNK_BYTES]
        self._ready = b""
        return b"".join(ready)

    def finish(self) -> bytes:
        """Return the end of the stream; without it nothing of the last chunk opens."""
        return self._ready + self._chunks.seal(bytes(self._waiting), last=True)


class StreamOpener:
    """Opens one stream as it comes in; gives out only what has verified."""

    def __init__(self, key: bytes, *bound: Field) -> None:
        """Begin to open what was sealed under this key with the same `bound`."""
        self._key, self._bound = key, bound
        self._chunks: _Chunks | None = None
        self._waiting = bytearray()

    def update(self, sealed: bytes) -> bytes:
        """Take the next piece of the stream, of any length; return the content that has verified by now.

        What is returned is genuine, but whether it is all of it only `finish` tells. Raises `Tampered`.
        """
        self._waiting += sealed
        if self._chunks is None:
            if len(self._waiting) < _START_BYTES:
                return b""
            self._chunks = self._begin()
        opened = []
        while len(self._waiting) > _SEALED_CHUNK:
            opened.append(self._chunks.open(bytes(self._waiting[:_SEALED_CHUNK]), last=False))
            del self._waiting[:_SEALED_CHUNK]
        return b"".join(opened)

    def finish(self) -> bytes:
        """Return the rest of the content. Raises `Tampered` where the stream was cut short."""
        if self._chunks is None:
            raise Tampered("cut short")
        return self._chunks.open(bytes(self._waiting), last=True)

    def _begin(self) -> "_Chunks":
        rest = read_header(bytes(self._waiting[:_START_BYTES]))
        salt, commitment = rest[:_SALT_BYTES], rest[_SALT_BYTES:]
        # Without this check one stream can be made to say two things to two keys (GCM commits to no key).
        if not hmac.compare_digest(commitment, _commitment(self._key, salt, self._bound)):
            raise Tampered("the stream is not committed to this key and place")
        del self._waiting[:_START_BYTES]
        return _Chunks(self._key, salt, self._bound)


def open_stream(key: bytes, sealed: Iterable[bytes], *bound: Field) -> Iterator[bytes]:
    """Open what a `StreamSealer` sealed, piece by piece as it verifies. Raises `Tampered`, perhaps only at the end."""
    opener = StreamOpener(key, *bound)
    for piece in sealed:
        if content := opener.update(piece):
            yield content
    yield opener.finish()


class _Chunks:
    """One stream's chunks, numbered as they are sealed or opened."""

    def __init__(self, key: bytes, salt: bytes, bound: tuple[Field, ...]) -> None:
        self._cipher = AESGCM(hkdf(key, "hamn/v1/stream-chunks", *bound, salt=salt))
        self._number = 0

    def seal(self, content: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last=last), content, _NO_AAD)

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(last=last), sealed, _NO_AAD)
        except InvalidTag:
            raise Tampered("a chunk does not open, or the stream was cut") from None

    def _nonce(self, *, last: bool) -> bytes:
        nonce = self._number.to_bytes(_COUNTER_BYTES) + bytes([last])
        self._number += 1
        return nonce


def _commitment(key: bytes, salt: bytes, bound: tuple[Field, ...]) -> bytes:
    return hkdf(key, "hamn/v1/stream-commitment", *bound, salt=salt)
