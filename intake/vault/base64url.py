"""Bytes as text for cookies and forms: base64url without padding, one spelling a value; knows not what it carries."""

import base64
import binascii

from intake.vault.errors import Tampered


def to_text(value: bytes) -> str:
    """Return letters, digits, `-` and `_` only."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """Return the bytes. Raises `Tampered`, also for a second spelling of them, which Python would let pass."""
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise Tampered("not base64url") from None
    if to_text(value) != text:
        raise Tampered("not base64url")
    return value
