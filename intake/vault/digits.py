"""Digits as people type and read them out, in any script; knows not what they stand for."""

import unicodedata

_LONGEST_INPUT = 200
_SKIPPED = {"Zs", "Pd", "Cf", "Cc"}
"""Spaces, dashes, and what keyboards and copying leave unseen (direction marks, tabs, line ends)."""


def plain_digits(typed: str, count: int) -> str | None:
    """Return exactly `count` ASCII digits out of what was typed; None when it is anything else."""
    if len(typed) > _LONGEST_INPUT:
        return None
    kept = [character for character in typed if unicodedata.category(character) not in _SKIPPED]
    values = [unicodedata.decimal(character, None) for character in kept]
    if len(values) != count or None in values:
        return None
    return "".join(str(value) for value in values)


def in_fours(digits: str) -> str:
    """Return groups of four digits, as they are shown and read out."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
