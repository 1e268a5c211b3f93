"""Ages and school years in a text; knows no language: which words make a number an age is in the lexicons."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from triage.concepts import Concept
from triage.hits import Heard, Hit, Read, beginning, beside

_ADULT = 18
_OLDEST, _OLDEST_PUPIL = 99, 13
_YOUNGEST_TOLD = 8
"""A smaller number after "she is" is a time, a price or a count."""

_DIGITS = re.compile(r"(\d{1,2})[^\W\d_]*")
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


def find_ages(heard: Heard, hits: Sequence[Hit], numbers: Mapping[str, int]) -> Iterator[Told]:
    """Every number that the words around it make an age or a school year."""
    found = list(_numbers(heard.text, numbers))
    if not found:
        return
    by: dict[Concept, list[Hit]] = {concept: [] for concept in _WORDS_OF_AGE}
    for hit in hits:
        if hit.concept in by:
            by[hit.concept].append(hit)
    for index, (value, hit) in enumerate(found):
        told = _age(value, hit, by, found[index + 1 : index + _AT_ONCE], heard)
        if told is not None:
            yield told


_WORDS_OF_AGE = (
    Concept.AGE_AFTER,
    Concept.AGE_BEFORE,
    Concept.TURNS,
    Concept.GRADE,
    Concept.WAS,
    Concept.DURATION,
    Concept.WRITER,
    Concept.NEAR,
    Concept.GIRLS,
    Concept.WOMAN,
    Concept.CHILD,
    Concept.MAYBE_CHILD,
    Concept.MEN,
    Concept.WORK,
    Concept.TRANSPORT,
)
_AT_ONCE = 5
"""Numbers that one word may make ages."""

_COUNTED = (Concept.MEN, Concept.WOMAN, Concept.GIRLS, Concept.CHILD, Concept.WORK, Concept.TRANSPORT)
"""Words that a number before them counts: "we are 12 women"."""

_PERSONS = (Concept.NEAR, Concept.GIRLS, Concept.WOMAN, Concept.CHILD, Concept.MAYBE_CHILD)
"""Words after which a bare number is an age: "my sister 16"."""

_By = Mapping[Concept, Sequence[Hit]]


def _numbers(text: Read, numbers: Mapping[str, int]) -> Iterator[tuple[int, Hit]]:
    words = text.words
    spoken = [index for index, key in enumerate(words.keys) if key in numbers or key[0].isdecimal()]
    for index in spoken:
        key = words.keys[index]
        value = _value(key) if key[0].isdecimal() else numbers.get(key)
        if value is not None and 0 < value <= _OLDEST:
            at = text.at[index]
            yield (
                value,
                Hit(Concept.GRADE, "", words.starts[index], words.ends[index], at, at + 1, words.clauses[index]),
            )


def _value(key: str) -> int | None:
    """Of a word that begins with a digit: `16`, `16yo`."""
    digits = _DIGITS.fullmatch(key)
    return int(digits[1]) if digits else None


def _age(value: int, hit: Hit, by: _By, following: Sequence[tuple[int, Hit]], heard: Heard) -> Told | None:
    if value < _OLDEST_PUPIL and _beside(hit, by[Concept.GRADE]):
        return Told(Age.CHILD, hit, _precedes(by[Concept.WRITER], hit, 5))
    if value <= _ADULT and _precedes(by[Concept.TURNS], hit, 2):
        return Told(Age.CHILD, hit, _precedes(by[Concept.WRITER], hit, 3))
    if _precedes(by[Concept.DURATION], hit, 0.5) and not _of_somebody(hit, by, 2):
        return None
    alike = [other for other_value, other in following if abs(other_value - value) <= _LIKE_AGES]
    said = _said_after(hit, by, alike, heard.text) or _said_before(value, hit, by, heard)
    if not said and not _stands_alone(value, hit, heard.text):
        return None
    own = _precedes(by[Concept.WRITER], hit, 2.5)
    if value >= _ADULT:
        return Told(Age.ADULT, hit, own)
    return Told(Age.WAS_CHILD if _precedes(by[Concept.WAS], hit, 2) else Age.CHILD, hit, own)


_LIKE_AGES = 6
"""Years between numbers that one word may make ages: "15, 16 and 17 years", but not "ward 4, 38 years"."""


def _of_somebody(hit: Hit, by: _By, reach: float) -> bool:
    return any(_precedes(by[person], hit, reach) for person in _PERSONS)


def _said_after(hit: Hit, by: _By, numbers: Sequence[Hit], text: Read) -> bool:
    """ "15 years", "17yo", "15, 16 and 17 years": over other numbers to the word."""
    if _JOINED.fullmatch(text.text[hit.start : hit.end].casefold()):
        within = beside(by[Concept.AGE_AFTER], hit, 0)
        return any(other.start >= hit.start and other.end <= hit.end for other in within)
    reach = 1 + 2 * sum(1 for other in numbers if other.first - hit.first < _AT_ONCE)
    return any(word.first - hit.last < reach for word in beginning(by[Concept.AGE_AFTER], hit.last, hit.last + reach))


def _said_before(value: int, hit: Hit, by: _By, heard: Heard) -> bool:
    """ "I am 17, from …", "my sister 16", "boys about twelve": no count of something may follow."""
    before = _precedes(by[Concept.AGE_BEFORE], hit, 1)
    if value < _YOUNGEST_TOLD or not (before or _of_somebody(hit, by, 0)):
        return False
    if before and _of_somebody(hit, by, 2):
        return True
    words, at = heard.text.words, heard.text.at
    after = bisect_left(at, hit.last, hi=len(words))
    if after == len(words) or words.clauses[after] != hit.clause:
        return True
    if heard.is_common(after) or beginning(by[Concept.WRITER], at[after], at[after]):
        return True
    own = _precedes(by[Concept.WRITER], hit, 0)
    return own and not any(beginning(by[counted], at[after], at[after]) for counted in _COUNTED)


def _stands_alone(value: int, hit: Hit, text: Read) -> bool:
    """ "My daughter, 15, …", "my cousin (33)": between two marks, and behind a word."""
    if value < _YOUNGEST_ALONE or hit.first == 0:
        return False
    before = text.text[max(0, hit.start - _NEAR) : hit.start].rstrip(" ")
    return before[-1:] in _OPENS and _CLOSES.match(text.text, hit.end) is not None


_YOUNGEST_ALONE, _NEAR = 10, 20
_OPENS = (",", "(", "\u060c", "\uff0c", "\uff08", "\u1363")
_CLOSES = re.compile(r"\s*(?:[,)\u060c\uff0c\uff09\u1363](?!\d)|[.!?\n]?\s*$|[.!?\n]\s)")


def _beside(hit: Hit, words: Sequence[Hit]) -> bool:
    return any(hit.distance(word) < 1 for word in beside(words, hit, 1))


def _precedes(words: Sequence[Hit], hit: Hit, reach: float) -> bool:
    return any(hit.first - word.last >= 0 for word in beside(words, hit, reach))
