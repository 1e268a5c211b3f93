"""Phones, handles, links, plates and names in a text, and whether they are advertised; keeps nothing."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from triage.concepts import Concept
from triage.hits import Hit, Read, beginning

_LINK = re.compile(
    r"https?://[^\s<>\"'،]+|www\.[^\s<>\"'،]+|(?<![\w@.-])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|se|example|info|me|ly|app)(?:/[^\s<>\"',،]*)?",
    re.I | re.A,
)
_PERHAPS_LINK = re.compile(r":/|\.\w")
_DIGIT = re.compile(r"\d")
"""What a text without links or numbers, as most are, does not have: the patterns proper are slower."""

_HANDLE = re.compile(r"(?<![\w./@])@[A-Za-z][\w.]{2,31}", re.A)
_PHONE = re.compile(
    r"[+(\d](?<![\d.,/-].)(?:(?<=\+)\(?\d|(?<=\()\d|(?<=0)0\(?\d|(?<=\d))(?:[ ()-]{0,3}\d){6,14}(?!\d|[.,]\d)"
)
_PLATE = re.compile(r"[A-Z](?<!\w.)[A-Z]{2} ?\d{2}[A-Z\d](?!\w)")
"""Patterns that begin with the letters they look for, and see to what stands before those afterwards, which spares
trying them at every letter of a text."""

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
    links = list(_LINK.finditer(text)) if _PERHAPS_LINK.search(text) else []
    handles = list(_HANDLE.finditer(text)) if "@" in text else []
    ads = [match[0].rstrip(".,;:!?)") for match in (*links, *handles)]
    pii: list[str] = []
    if _DIGIT.search(text):
        pii += [match[0] for match in _PLATE.finditer(text)]
        adverts = [hit for hit in hits if hit.concept is Concept.ADVERT]
        for match in _phones(text, [link.span() for link in links]):
            (ads if _is_advertised(match.start(), words, adverts) else pii).append(match[0].strip())
    pii += _names(text, hits)
    return Identifiers(tuple(dict.fromkeys(ads)), tuple(dict.fromkeys(pii)))


def _phones(text: str, links: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    for match in _PHONE.finditer(text):
        link = bisect_right(links, (match.start(), len(text)))
        inside = link > 0 and match.start() < links[link - 1][1]
        digits = sum(letter.isdigit() for letter in match[0])
        if not inside and digits >= _FEWEST_DIGITS and (match[0].lstrip()[0] in "+0("):
            yield match


_FEWEST_DIGITS = 8


def _is_advertised(start: int, words: Read, adverts: Sequence[Hit]) -> bool:
    at = words.at[bisect_right(words.words.ends, start)]
    return bool(beginning(adverts, at - _NEAR_ADVERT, at + _NEAR_ADVERT))


def _names(text: str, hits: Sequence[Hit]) -> Iterator[str]:
    named = Concept.NAMED
    for hit in hits:
        match = _NAME.match(text, hit.end) if hit.concept is named else None
        if match is not None:
            yield match[1]
