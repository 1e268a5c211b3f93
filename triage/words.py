"""A text cut into words with their places in it; knows no language and no name."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u135d-\u135f\u200c\u200d"
)
"""Marks that belong to the letter before them, though they are no letters: `re` would cut words at them."""

_UNSPACED = "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Thai, Lao, Burmese, Khmer, Kana and Han: written without spaces, so that a run is not a word."""

_WORD = re.compile(rf"([{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+)")
_ORDINARY_WORD = re.compile(r"([^\W_]+)")
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


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into words, or runs of an unspaced script, in order: a column for everything that is known of each.

    Columns, because a page has thousands of words, and a value for each of them takes several times as long to make.
    `keys` are how they are looked up, `bare` the same without diacritics, `written` as they stand there from `starts`
    up to, not including, `ends`; `gaps` is what stands before each. `sentences` and `clauses` count the marks passed.
    `runs` are the numbers of those that are runs.
    """

    text: str = field(repr=False)
    keys: Sequence[str] = field(repr=False)
    bare: Sequence[str] = field(repr=False)
    written: Sequence[str] = field(repr=False)
    gaps: Sequence[str] = field(repr=False)
    starts: Sequence[int]
    ends: Sequence[int]
    sentences: Sequence[int]
    clauses: Sequence[int]
    runs: frozenset[int]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.keys)

    def is_capital(self, number: int) -> bool:
        """Whether a word is written with a capital letter, as names are."""
        return self.written[number][0].isupper()


def cut(text: str) -> Words:
    """The words of a text in order.

    A line that goes on in small letters ends no sentence: many send a message before they have finished it.
    """
    ordinary = _EXTRAORDINARY.search(text) is None
    parts = (_ORDINARY_WORD if ordinary else _WORD).split(text)
    gaps, written = parts[:-1:2], parts[1::2]
    places = [0, *accumulate(map(len, parts))]
    starts, ends = places[1:-1:2], places[2::2]
    sentences, clauses = _breaks(gaps, written)
    runs = [] if ordinary else [number for number, word in enumerate(written) if is_unspaced(word)]
    keys = _keys(text, written, starts, ends)
    bare = keys if text.isascii() else [folded(key) for key in keys]
    return Words(text, keys, bare, written, gaps, starts, ends, sentences, clauses, frozenset(runs))


def _keys(text: str, written: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> list[str]:
    """As `key_of` of each word, all at once where that changes no place."""
    folded_case = text.casefold() if unicodedata.is_normalized("NFC", text) else ""
    if len(folded_case) != len(text):
        return [key_of(word) for word in written]
    keys = [folded_case[start:end] for start, end in zip(starts, ends, strict=True)]
    return [key if key < _CYRILLIC_BEGINS else _in_its_script(key) for key in keys]


def _breaks(gaps: Sequence[str], written: Sequence[str]) -> tuple[list[int], list[int]]:
    """The sentences and clauses that have ended before each word."""
    sentences, clauses = [], []
    sentence = clause = 0
    for gap, word in zip(gaps, written, strict=True):
        if gap != " ":
            if gap.count("\n") == 1 and gap.isspace() and word[0].islower():
                clause += 1
            elif _SENTENCE.search(gap):
                sentence, clause = sentence + 1, clause + 1
            elif _CLAUSE.search(gap):
                clause += 1
        sentences.append(sentence)
        clauses.append(clause)
    return sentences, clauses


def keys_of(text: str) -> tuple[str, ...]:
    """How the words of a name or a phrase are looked up."""
    if text.isalnum() and (text.isascii() or _EXTRAORDINARY.search(text) is None):
        return (key_of(text),)
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
    """A key without diacritics, as typed on a foreign keyboard: `malmö` and `malmo` are one.

    A key of nothing but marks, as a slip of the thumb leaves them, stays as it is.
    """
    return key if key.isascii() else key.translate(_BARE) or key
