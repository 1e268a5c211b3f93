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

_WORD = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])+")
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

_CYRILLIC = str.maketrans({"ё": "е", "ґ": "г", "ў": "у"})

SWEDISH = frozenset("åäö")
"""Letters that only who has a Nordic or German keyboard types: a word that has one means it."""

_PLAIN = str.maketrans({"ø": "o", "æ": "a", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "œ": "o"})


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
    """The words of a text in order; `sentence` and `clause` count the marks passed."""
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    sentence = clause = end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        if gap and gap != " ":
            if _SENTENCE.search(gap):
                sentence, clause = sentence + 1, clause + 1
            elif _CLAUSE.search(gap):
                clause += 1
        end, word = match.end(), match[0]
        unspaced = "\u0e00" <= word[0] <= "\u9fff" and is_unspaced(word)
        yield Word(match.start(), end, key_of(word), word[0].isupper(), unspaced, sentence, clause, gap)


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
    word = unicodedata.normalize("NFC", word).casefold()
    if "\u0400" <= word[0] <= "\u052f":
        return word.translate(_CYRILLIC)
    if "\u0590" <= word[0] <= "\u08ff":
        return _INVISIBLE.sub("", word).translate(_ALIKE)
    if "\u0900" <= word[0] <= "\u097f":
        return word.translate(_DEVANAGARI)
    if "\u1200" <= word[0] <= "\u139f":
        return word.translate(_ETHIOPIC)
    return word


def folded(key: str) -> str:
    """A key without diacritics, as typed on a foreign keyboard: `malmö` and `malmo` are one."""
    if key.isascii():
        return key
    bare = unicodedata.normalize("NFD", key.translate(_PLAIN))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
