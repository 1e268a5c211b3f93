"""HKDF-SHA256 with a label for every key; knows no purpose."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake.vault.framing import Field, frame

KEY_BYTES = 32


def hkdf(secret: bytes, label: str, *context: Field, salt: bytes | None = None) -> bytes:
    """Derive 32 bytes from a secret that is uniform, or has at least 93 bits of chance in it (a receipt)."""
    return HKDF(SHA256(), KEY_BYTES, salt, frame(label, *context)).derive(secret)
