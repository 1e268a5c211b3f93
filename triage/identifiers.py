"""Phones, handles, links, plates and names in a text, and whether they are advertised; keeps nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triage.concepts import Concept
from triage.hits import Hit, Read

_LINK = re.compile(
    r"https?://[^\s<>\"'،]+|www\.[^\s<>\"'،]+|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|se|example|info|me|ly|app)(?:/[^\s<>\"',،]*)?",
    re.I | re.A,
)
_HANDLE = re.compile(r"(?<![\w./@])@[A-Za-z][\w.]{2,31}", re.A)
_PHONE = re.compile(r"(?<![\d.,/-])(?:\+|00)?\(?\d(?:[ ()-]{0,3}\d){6,14}(?!\d|[.,]\d)")
_PLATE = re.compile(r"(?<!\w)[A-Z]{3} ?\d{2}[A-Z\d](?!\w)")
_NAME = re.compile(r"[\s:,»«„“\"'‚(]{1,3}([^\W\d_a-zà-öø-ÿ][\w'-]+)")

_NEAR_ADVERT = 14
"""Words between a number and the word that makes it an advertised one."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Verbatim, in the order of the text: advertised or recruiting ones, and those of persons."""

    ads: tuple[str, ...] = field(repr=False)
    pii: tuple[str, ...] = field(repr=False)


def find_identifiers(text: str, words: Read, hits: Sequence[Hit]) -> Identifiers:
    """What identifies somebody; a link or handle is taken for an advertised one, a number only near "ad"."""
    ads = [match[0].rstrip(".,;:!?)") for pattern in (_LINK, _HANDLE) for match in pattern.finditer(text)]
    pii = [match[0] for match in _PLATE.finditer(text)]
    for match in _phones(text):
        (ads if _is_advertised(match.start(), words, hits) else pii).append(match[0].strip())
    pii += _names(text, hits)
    return Identifiers(tuple(dict.fromkeys(ads)), tuple(dict.fromkeys(pii)))


def _phones(text: str) -> Iterator[re.Match[str]]:
    links = [match.span() for match in _LINK.finditer(text)]
    for match in _PHONE.finditer(text):
        inside = any(start <= match.start() < end for start, end in links)
        digits = sum(letter.isdigit() for letter in match[0])
        if not inside and digits >= _FEWEST_DIGITS and (match[0].lstrip()[0] in "+0("):
            yield match


_FEWEST_DIGITS = 8


def _is_advertised(start: int, words: Read, hits: Sequence[Hit]) -> bool:
    at = next((at for word, at in zip(words.words, words.at, strict=False) if word.end > start), 0.0)
    adverts = [hit for hit in hits if hit.concept is Concept.ADVERT]
    return any(abs(hit.first - at) <= _NEAR_ADVERT for hit in adverts)


def _names(text: str, hits: Sequence[Hit]) -> Iterator[str]:
    for hit in hits:
        match = _NAME.match(text, hit.end) if hit.concept is Concept.NAMED else None
        if match is not None:
            yield match[1]
