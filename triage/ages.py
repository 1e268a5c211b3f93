"""Ages and school years in a text; knows no language: which words make a number an age is in the lexicons."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from triage.concepts import Concept
from triage.hits import Hit, Read
from triage.model import Span

_ADULT = 18
_OLDEST, _OLDEST_PUPIL = 99, 13
_YOUNGEST_TOLD = 8
"""A smaller number after "she is" is a time, a price or a count."""

_JOINED = re.compile(r"(\d{1,2})([^\W\d_]+)")


class Age(StrEnum):
    """What an age says of a person, named as the rules name it."""

    CHILD = "age_child"
    ADULT = "age_adult"
    WAS_CHILD = "was_child"


@dataclass(frozen=True, slots=True)
class Told:
    """An age in the text, and whether the writer tells it of themselves."""

    age: Age
    hit: Hit
    own: bool


def find_ages(text: Read, hits: Sequence[Hit], numbers: Mapping[str, int]) -> Iterator[Told]:
    """Every number that the words around it make an age or a school year."""
    found = [(number, hit) for number, hit in _numbers(text, numbers)]
    by = {concept: [hit for hit in hits if hit.concept is concept] for concept in _WORDS_OF_AGE}
    for value, hit in found:
        told = _age(value, hit, by, [other for _, other in found], text)
        if told is not None:
            yield told


_WORDS_OF_AGE = (
    Concept.AGE_AFTER,
    Concept.AGE_BEFORE,
    Concept.TURNS,
    Concept.GRADE,
    Concept.WAS,
    Concept.DURATION,
    Concept.COMMON,
    Concept.WRITER,
)
_By = Mapping[Concept, Sequence[Hit]]


def _numbers(text: Read, numbers: Mapping[str, int]) -> Iterator[tuple[int, Hit]]:
    for index, word in enumerate(text.words):
        value = int(word.key) if word.key.isdecimal() and len(word.key) <= 2 else numbers.get(word.key)
        joined = _JOINED.fullmatch(word.key) if value is None else None
        value = int(joined[1]) if joined else value
        if value is not None and 0 < value <= _OLDEST:
            at = text.at[index]
            span = Span(word.start, word.end)
            yield value, Hit(Concept.GRADE, "", span, at, at + 1, word.clause)


def _age(value: int, hit: Hit, by: _By, numbers: Sequence[Hit], text: Read) -> Told | None:
    if value < _OLDEST_PUPIL and _beside(hit, by[Concept.GRADE]):
        return Told(Age.CHILD, hit, _precedes(by[Concept.WRITER], hit, 5))
    if value <= _ADULT and _precedes(by[Concept.TURNS], hit, 2):
        return Told(Age.CHILD, hit, _precedes(by[Concept.WRITER], hit, 3))
    if _precedes(by[Concept.DURATION], hit, 0.5):
        return None
    if not _said_after(hit, by, numbers, text) and not _said_before(value, hit, by, text):
        return None
    own = _precedes(by[Concept.WRITER], hit, 2.5)
    if value >= _ADULT:
        return Told(Age.ADULT, hit, own)
    return Told(Age.WAS_CHILD if _precedes(by[Concept.WAS], hit, 2) else Age.CHILD, hit, own)


def _said_after(hit: Hit, by: _By, numbers: Sequence[Hit], text: Read) -> bool:
    """ "15 years", "17yo", "15, 16 and 17 years": over other numbers to the word."""
    if _JOINED.fullmatch(text.text[hit.span.start : hit.span.end].casefold()):
        return any(
            other.span.start >= hit.span.start and other.span.end <= hit.span.end for other in by[Concept.AGE_AFTER]
        )
    reach = 1 + 2 * sum(1 for other in numbers if 0 < other.first - hit.first < 5)
    return any(0 <= word.first - hit.last < reach for word in by[Concept.AGE_AFTER])


def _said_before(value: int, hit: Hit, by: _By, text: Read) -> bool:
    """ "I am 17, from …": no count of something may follow."""
    if value < _YOUNGEST_TOLD or not _precedes(by[Concept.AGE_BEFORE], hit, 1):
        return False
    following = [index for index, at in enumerate(text.at[:-1]) if at >= hit.last]
    if not following or text.words[following[0]].clause != hit.clause:
        return True
    return any(word.first == text.at[following[0]] for word in (*by[Concept.COMMON], *by[Concept.WRITER]))


def _beside(hit: Hit, words: Iterable[Hit]) -> bool:
    return any(hit.distance(word) < 1 for word in words)


def _precedes(words: Iterable[Hit], hit: Hit, reach: float) -> bool:
    return any(0 <= hit.first - word.last <= reach for word in words)
