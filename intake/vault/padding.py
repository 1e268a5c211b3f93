"""Padding that leaves of a text's length only its power of two; knows no key."""

from intake.vault.errors import Tampered, TooLong

SMALLEST = 512
LARGEST = 128 * 1024
_LENGTH = 4
LONGEST_TEXT = LARGEST - _LENGTH


def pad(text: bytes) -> bytes:
    """Return length, text, zeros: 512 bytes or the next power of two, up to 128 KiB. Raises `TooLong`."""
    if len(text) > LONGEST_TEXT:
        raise TooLong("the text does not fit into the largest envelope, 128 KiB")
    return (len(text).to_bytes(_LENGTH) + text).ljust(_size_for(len(text)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Return the text. Raises `Tampered` unless this is exactly what `pad` makes of it."""
    length = int.from_bytes(padded[:_LENGTH])
    text = padded[_LENGTH : _LENGTH + length]
    if length > LONGEST_TEXT or padded != pad(text):
        raise Tampered("not padded as here")
    return text


def padded_length(length: int) -> int:
    """What a long content of so many bytes is filled up to: at most an eighth more, and of few possible lengths.

    Padmé: Nikitin, Barman, Lueks, Underwood, Hubaux, Ford, "Reducing Metadata Leakage from Encrypted Files" (2019).
    """
    if length <= SMALLEST:
        return SMALLEST
    exponent = length.bit_length() - 1
    unit = 1 << (exponent - exponent.bit_length())
    return -(-length // unit) * unit


def _size_for(length: int) -> int:
    return max(SMALLEST, 1 << (length + _LENGTH - 1).bit_length())
