"""How a text is cut and counted as SMS (3GPP TS 23.038 and 23.040); knows no number and sends nothing."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The letters of GSM-7, each one septet."""
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Those that take two, the first an escape."""


class Encoding(StrEnum):
    """The alphabet that a whole text goes in: one character outside GSM-7 turns all of it into UCS-2."""

    GSM7 = "gsm-7"
    UCS2 = "ucs-2"


class Segments(NamedTuple):
    """`parts`, each paid for; `units` = septets (GSM-7) or UTF-16 units (UCS-2) in all."""

    parts: int
    encoding: Encoding
    units: int


def segments(text: str) -> Segments:
    """Count the parts of `text`: 160 or 153 septets a part, 70 or 67 UTF-16 units. An empty text has none."""
    if all(c in BASIC or c in EXTENDED for c in text):
        return _count(text, Encoding.GSM7, _septets, 160, 153)
    return _count(text, Encoding.UCS2, _utf16_units, 70, 67)


def _septets(character: str) -> int:
    return 2 if character in EXTENDED else 1


def _utf16_units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _count(text: str, encoding: Encoding, width: Callable[[str], int], alone: int, joined: int) -> Segments:
    units = sum(map(width, text))
    if units <= alone:
        return Segments(1 if text else 0, encoding, units)
    count, room = 1, joined
    for character in text:
        # An escape pair or a surrogate pair is never cut in two: the part before it ends one unit short.
        if width(character) > room:
            count, room = count + 1, joined
        room -= width(character)
    return Segments(count, encoding, units)
