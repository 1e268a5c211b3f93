"""Hides words in a text that goes to somebody who need not know whom it is about; knows no page."""

import re
from collections.abc import Iterable

MASK = "█████"
"""As long for every word, so that it tells nothing of what it hides."""


def mask(text: str, hidden: Iterable[str]) -> str:
    """The text with every place of these words hidden, whatever their case and the blanks in them; longest first."""
    words = sorted({" ".join(word.split()) for word in hidden} - {""}, key=len, reverse=True)
    if not words:
        return text
    pattern = "|".join(r"\s+".join(re.escape(part) for part in word.split()) for word in words)
    return re.sub(pattern, MASK, text, flags=re.IGNORECASE)


def read_words(typed: str) -> list[str]:
    """The words that somebody wrote to be hidden, one a line."""
    return [line.strip() for line in typed.splitlines() if line.strip()]
