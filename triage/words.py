"""A text cut into words with their places in it; knows no language and no name."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u135d-\u135f\u200c\u200d"
)
"""Marks that belong to the letter before them, though they are no letters: `re` would cut words at them."""

_UNSPACED = "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Thai, Lao, Burmese, Khmer, Kana and Han: written without spaces, so that a run is not a word."""

_WORD = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_ORDINARY_WORD = re.compile(r"[^\W_]+")
_EXTRAORDINARY = re.compile(rf"[{_UNSPACED}{_MARKS}]")
"""What makes the difference between the two: most texts have none of it, and the plain pattern is twice as fast."""

_RUN = re.compile(rf"[{_UNSPACED}]")
_SENTENCE = re.compile(r"[.!?;\n…。！？؟۔።፤፧।]")
_CLAUSE = re.compile(r"[,،、，:(\[/–—፣]|\s-\s")
_INVISIBLE = re.compile(r"[\u064b-\u065f\u0670\u0640\u200c\u200d]")
"""Arabic vowel signs, the stretching sign and joiners: written or not as the writer likes."""

_ALIKE = str.maketrans("أإآٱىیېکةۀھہۃ", "اااايييكههههه")
"""Arabic, Persian and Urdu letters that people exchange freely."""

_ETHIOPIC = str.maketrans("ሐሑሒሓሔሕሖኀኁኂኃኄኅኆሠሡሢሣሤሥሦዐዑዒዓዔዕዖፀፁፂፃፄፅፆኣሃ", "ሀሁሂሀሄህሆሀሁሂሀሄህሆሰሱሲሳሴስሶአኡኢአኤእኦጸጹጺጻጼጽጾአሀ")
"""Ethiopic letters that sound alike in Amharic, and that people exchange freely."""

_DEVANAGARI = str.maketrans({"\u093c": None, "ँ": "ं"})
"""The dot of borrowed sounds, often left out, and the two signs for a nasal vowel."""

_CYRILLIC_BEGINS = "\u0400"
_CYRILLIC = str.maketrans({"ё": "е", "ґ": "г", "ў": "у"})

SWEDISH = frozenset("åäö")
"""Letters that only who has a Nordic or German keyboard types: a word that has one means it."""


class _BareLetters(dict[int, str]):
    """Letters without their diacritics, each found out when it is first met."""

    def __missing__(self, letter: int) -> str:
        parts = unicodedata.normalize("NFD", chr(letter))
        bare = self[letter] = "".join(part for part in parts if not unicodedata.combining(part))
        return bare


_BARE = _BareLetters(str.maketrans({"ø": "o", "æ": "a", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "œ": "o"}))


class Word(NamedTuple):
    """One word, or a run of an unspaced script: where it stands, how it is looked up, what stands before it.

    A tuple, because a page has thousands and they are made a third as fast as dataclasses.
    """

    start: int
    end: int
    key: str
    capital: bool
    unspaced: bool
    sentence: int
    clause: int
    gap: str

    def __repr__(self) -> str:
        """Where it stands, without what it says."""
        return f"Word({self.start}, {self.end})"


def cut(text: str) -> tuple[Word, ...]:
    """The words of a text in order; `sentence` and `clause` count the marks passed.

    A line that goes on in small letters ends no sentence: many send a message before they have finished it.
    """
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    sentence = clause = end = 0
    ordinary = _EXTRAORDINARY.search(text) is None
    folded_case = text.casefold() if unicodedata.is_normalized("NFC", text) else ""
    aligned = len(folded_case) == len(text)
    for match in (_ORDINARY_WORD if ordinary else _WORD).finditer(text):
        start, gap = match.start(), " "
        if start != end + 1 or text[end] != " ":
            gap = text[end:start]
            if gap.count("\n") == 1 and gap.isspace() and text[start].islower():
                clause += 1
            elif _SENTENCE.search(gap):
                sentence, clause = sentence + 1, clause + 1
            elif _CLAUSE.search(gap):
                clause += 1
        end = match.end()
        key = _in_its_script(folded_case[start:end]) if aligned else key_of(match[0])
        unspaced = not ordinary and is_unspaced(text[start:end])
        # As `Word(...)`, without the call that a NamedTuple makes in between.
        yield tuple.__new__(Word, (start, end, key, text[start].isupper(), unspaced, sentence, clause, gap))


def keys_of(text: str) -> tuple[str, ...]:
    """How the words of a name or a phrase are looked up."""
    return tuple(map(key_of, _WORD.findall(text)))


def is_unspaced(text: str) -> bool:
    """Whether a name or a phrase begins in a script that is written without spaces."""
    return _RUN.match(text) is not None


def key_of(word: str) -> str:
    """How a word is looked up: composed, without case, and in Arabic script without what writers leave out."""
    if word.isascii():
        return word.lower()
    return _in_its_script(unicodedata.normalize("NFC", word).casefold())


def _in_its_script(key: str) -> str:
    """A composed word without case, and without the differences that the writers of its script do not make.

    A word of nothing but signs that writers leave out stays: no word is without a letter to look it up by.
    """
    if key < _CYRILLIC_BEGINS:
        return key
    if key[0] <= "\u052f":
        return key.translate(_CYRILLIC)
    if "\u0590" <= key[0] <= "\u08ff":
        return _INVISIBLE.sub("", key).translate(_ALIKE) or key
    if "\u0900" <= key[0] <= "\u097f":
        return key.translate(_DEVANAGARI) or key
    if "\u1200" <= key[0] <= "\u139f":
        return key.translate(_ETHIOPIC)
    return key


def folded(key: str) -> str:
    """A key without diacritics, as typed on a foreign keyboard: `malmö` and `malmo` are one."""
    return key if key.isascii() else key.translate(_BARE)
