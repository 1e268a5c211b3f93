"""Keys that are kept off the machine: their two files, and backups sealed to them; knows no table and no row.

The public half is one line of hexadecimal and may lie anywhere. The private half is one line too, `hamn-offline-key-v1`
and the seed in hexadecimal: whoever has it reads what was sealed to it.

A backup begins with `hamn-backup-v1` and a line's end; then comes its stream's key, sealed to the public half; then the
stream. Sealing proves no sender: what the stream holds ends with a MAC that only the service key gives.
"""

import hashlib
import hmac
import os
from pathlib import Path

from intake.vault.errors import KeyFileRefused, Tampered
from intake.vault.framing import frame, read_stamp, stamp
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.stream import new_stream_key
from intake.vault.suite import PUBLIC_KEY_BYTES, PrivateKey, seal

_PRIVATE = "hamn-offline-key-v1 "
_MAGIC = b"hamn-backup-v1\n"
_INFO = frame("hamn/v1/backup-key")
_LENGTH_BYTES = 4
_LONGEST_WRAP = 8192


def make_key_pair(private_file: Path, public_file: Path) -> None:
    """Make a key; write its private half, readable by its owner alone, and its public half.

    Raises `FileExistsError` when one of the files is there, for nothing is overwritten; else `OSError`.
    """
    if public_file.exists():
        raise FileExistsError(str(public_file))
    private = PrivateKey.generate()
    _write_new(private_file, f"{_PRIVATE}{private.seed.hex()}\n", 0o400)
    _write_new(public_file, f"{private.public_bytes.hex()}\n", 0o644)


def read_private_key(file: Path) -> PrivateKey:
    """Read a private half. Raises `KeyFileRefused`, never repeating any of it; else `OSError`."""
    text = file.read_text(encoding="ascii", errors="replace").strip()
    try:
        if not text.startswith(_PRIVATE):
            raise KeyFileRefused("not the private half of an offline key")
        return PrivateKey(bytes.fromhex(text.removeprefix(_PRIVATE)))
    except (ValueError, Tampered):
        raise KeyFileRefused("the private half is malformed") from None


def read_public_key(file: Path) -> bytes:
    """Read a public half. Raises `KeyFileRefused`, also for one of another length; else `OSError`."""
    try:
        public_key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except ValueError:
        raise KeyFileRefused("not a public key in hexadecimal") from None
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise KeyFileRefused(f"a public key has {PUBLIC_KEY_BYTES} bytes")
    return public_key


def begin_backup(public_key: bytes) -> tuple[bytes, bytes]:
    """Return the start of a backup's file, and the key for its stream. Raises `Tampered` when it is no public key."""
    key = new_stream_key()
    wrap = seal(public_key, key, _INFO)
    return _MAGIC + len(wrap).to_bytes(_LENGTH_BYTES) + wrap, key


def backup_start_length(beginning: bytes) -> int:
    """How long the start of a file is, told by its first 19 bytes. Raises `Tampered` for what is no backup."""
    length = int.from_bytes(beginning[len(_MAGIC) : len(_MAGIC) + _LENGTH_BYTES])
    if not beginning.startswith(_MAGIC) or length > _LONGEST_WRAP:
        raise Tampered("not a backup of Hamn's")
    return len(_MAGIC) + _LENGTH_BYTES + length


BEGINNING = len(_MAGIC) + _LENGTH_BYTES
"""So many bytes tell how long the start is."""


def open_backup(start: bytes, private: PrivateKey) -> bytes:
    """Return the key for the stream. Raises `Tampered`, also for a backup that was sealed to another key."""
    return private.open(start[BEGINNING:], _INFO)


def backup_mac(service_key: ServiceKey, digest: bytes) -> bytes:
    """Return what shows that a content with this SHA-256 was written by a holder of the service key."""
    return stamp(service_key.newest) + _mac(service_key, service_key.newest, digest)


def check_backup_mac(service_key: ServiceKey, mac: bytes, digest: bytes) -> None:
    """Raise `Tampered` unless `backup_mac` saw this digest; `UnknownGeneration` for a service key that is too old."""
    generation, given = read_stamp(mac)
    if not hmac.compare_digest(given, _mac(service_key, generation, digest)):
        raise Tampered("the backup was not made with this service key")


def _mac(service_key: ServiceKey, generation: int, digest: bytes) -> bytes:
    return hmac.digest(service_key.subkey(Purpose.BACKUP, generation), frame("hamn/v1/backup", digest), hashlib.sha256)


def _write_new(file: Path, text: str, mode: int) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="ascii") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
