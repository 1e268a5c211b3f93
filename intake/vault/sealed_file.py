"""A file of messages, sealed to a key that is kept elsewhere and signed by the service; knows not what they say.

    file    = "hamn-backup-v1" | line's end | length | HPKE(public key, stream key) | stream
    content = length | message, one after the other; length 0 | MAC

Sealing proves no sender, so the content ends with a MAC under the service key over all before. Without the service key
the messages can still be read, by whoever has the private key: it is what is left when the service key is lost.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import BinaryIO

from intake.vault.errors import Tampered
from intake.vault.framing import frame, read_stamp, stamp
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.stream import StreamSealer, new_stream_key, open_stream
from intake.vault.suite import PrivateKey, seal

_MAGIC = b"hamn-backup-v1\n"
_INFO = frame("hamn/v1/sealed-file")
_BOUND = "sealed-file"
_LENGTH_BYTES = 4
_LONGEST_WRAP = 8192
_PIECE = 1024 * 1024
_END = bytes(_LENGTH_BYTES)


class SealedWriter:
    """Writes messages to a file that is open for writing; without `finish` nobody takes it for whole."""

    def __init__(self, file: BinaryIO, public_key: bytes, service_key: ServiceKey) -> None:
        """Begin the file. Raises `Tampered` when it is no public key."""
        key = new_stream_key()
        wrap = seal(public_key, key, _INFO)
        file.write(_MAGIC + len(wrap).to_bytes(_LENGTH_BYTES) + wrap)
        self._file, self._service_key = file, service_key
        self._sealer, self._digest = StreamSealer(key, _BOUND), hashlib.sha256()

    def write(self, message: bytes) -> None:
        """Add a message of at least one byte."""
        content = len(message).to_bytes(_LENGTH_BYTES) + message
        self._digest.update(content)
        self._file.write(self._sealer.update(content))

    def finish(self) -> None:
        """Sign and end the file; flushing it is the caller's."""
        newest = self._service_key.newest
        mac = stamp(newest) + _mac(self._service_key, newest, self._digest.digest())
        self._file.write(self._sealer.update(_END + mac) + self._sealer.finish())


def read_sealed(file: BinaryIO, private: PrivateKey, service_key: ServiceKey) -> Iterator[bytes]:
    """Read a file's messages. Each is as it was sealed; that they are ours, and all, shows when the last was taken.

    Raises:
        Tampered: sealed to another key, damaged, cut short, or not made with this service key.
        UnknownGeneration: made with a newer generation of the service key.
    """
    content = _Content(open_stream(_stream_key(file, private), iter(lambda: file.read(_PIECE), b""), _BOUND))
    digest = hashlib.sha256()
    while (length := content.take(_LENGTH_BYTES)) != _END:
        message = content.take(int.from_bytes(length))
        digest.update(length + message)
        yield message
    generation, given = read_stamp(content.rest())
    if not hmac.compare_digest(given, _mac(service_key, generation, digest.digest())):
        raise Tampered("the file was not made with this service key")


class _Content:
    """Bytes that come in pieces, taken by length."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._waiting = pieces, bytearray()

    def take(self, length: int) -> bytes:
        while len(self._waiting) < length:
            piece = next(self._pieces, None)
            if piece is None:
                raise Tampered("cut short")
            self._waiting += piece
        taken = bytes(self._waiting[:length])
        del self._waiting[:length]
        return taken

    def rest(self) -> bytes:
        return bytes(self._waiting) + b"".join(self._pieces)


def _stream_key(file: BinaryIO, private: PrivateKey) -> bytes:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise Tampered("not a sealed file of Hamn's")
    length = int.from_bytes(file.read(_LENGTH_BYTES))
    if length > _LONGEST_WRAP:
        raise Tampered("not a sealed file of Hamn's")
    return private.open(file.read(length), _INFO)


def _mac(service_key: ServiceKey, generation: int, digest: bytes) -> bytes:
    return hmac.digest(service_key.subkey(Purpose.BACKUP, generation), frame("hamn/v1/sealed-file", digest), "sha256")
