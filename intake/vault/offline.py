"""Keys that are kept off the machine: the files of their two halves; knows not what is sealed to them.

The public half is one line of hexadecimal and may lie anywhere. The private half is one line too, `hamn-offline-key-v1`
and the seed in hexadecimal: whoever has it reads what was sealed to it.
"""

import os
from pathlib import Path

from intake.vault.errors import KeyFileRefused, Tampered
from intake.vault.suite import PUBLIC_KEY_BYTES, PrivateKey

_PRIVATE = "hamn-offline-key-v1 "


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


def _write_new(file: Path, text: str, mode: int) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="ascii") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
