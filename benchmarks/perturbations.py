"""Ways in which the same message may be written otherwise, by chance but always the same ones; knows no label."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from triage.words import folded

Change = Callable[[str, str, random.Random], tuple[str, ...]]
"""From a text, its language and chance to what is sent instead: one message, several in a row, or none."""

PIECES = 3
_WORD = re.compile(r"[^\W\d_]{4,}")
_SPACE = re.compile(r"\s+")
_LATIN = re.compile(r"[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")

_GREETINGS: Mapping[str, str] = {
    "am": "ሰላም",
    "ar": "مرحبا",
    "bg": "Здравейте",
    "de": "Guten Tag",
    "en": "Hello",
    "es": "Hola, buenos días",
    "fa": "سلام",
    "fr": "Bonjour",
    "hi": "नमस्ते",
    "hu": "Jó napot",
    "lt": "Laba diena",
    "mn": "Сайн байна уу",
    "pl": "Dzień dobry",
    "pt": "Bom dia",
    "ro": "Bună ziua",
    "ru": "Здравствуйте",
    "so": "Salaan",
    "sq": "Përshëndetje",
    "sr": "Dobar dan",
    "sv": "Hej, hoppas att ni mår bra",
    "th": "สวัสดีค่ะ",
    "ti": "ሰላም",
    "tl": "Magandang araw po",
    "tr": "Merhaba",
    "uk": "Добрий день",
    "ur": "السلام علیکم",
    "vi": "Xin chào",
    "zh": "你好",
}
_NAMES = {"sv": "Hälsningar, {}", "en": "Regards, {}"}
_HOMES = {"sv": "Själv bodde jag förut i {}.", "en": "I used to live in {} myself."}
_OFFICES = {
    "sv": "Jag har också skrivit till koordinatorn i {}.",
    "en": "I have also written to the coordinator in {}.",
}
_NAMES_THAT_ARE_PLACES = ("Nora", "Vara", "Sala", "Kristina", "Mora")
_TOWNS = ("Karlstad", "Kalmar", "Luleå", "Borås")


@dataclass(frozen=True, slots=True)
class Perturbation:
    """One way, and how what is sent is read: parts together as one text, or `apart` and then combined.

    An earlier home is a trap only beside the place where it happens: alone it is where it happened (`placed`).
    """

    name: str
    change: Change
    apart: bool = False
    placed: bool = False


def without_diacritics(text: str, _lang: str, _chance: random.Random) -> tuple[str, ...]:
    """As typed on a keyboard without them; other scripts stay, for their marks are letters."""
    return (_LATIN.sub(lambda letter: _bare(letter[0]), text),)


def upper(text: str, _lang: str, _chance: random.Random) -> tuple[str, ...]:
    """Shouted."""
    return (text.upper(),)


def lower(text: str, _lang: str, _chance: random.Random) -> tuple[str, ...]:
    """Without a capital."""
    return (text.lower(),)


def one_typo(text: str, _lang: str, chance: random.Random) -> tuple[str, ...]:
    """One word with a letter swapped, dropped or doubled."""
    return (_with_typos(text, 1, chance),)


def many_typos(text: str, _lang: str, chance: random.Random) -> tuple[str, ...]:
    """The same in every eighth word."""
    return (_with_typos(text, -(-len(text.split()) // 8), chance),)


def greeted(text: str, lang: str, _chance: random.Random) -> tuple[str, ...]:
    """A greeting before it, in its language."""
    return (f"{_GREETINGS.get(lang, _GREETINGS['en'])}!\n{text}",)


def in_pieces(text: str, _lang: str, chance: random.Random) -> tuple[str, ...]:
    """Cut between any two words, as people do who press the key too early."""
    gaps = [gap.start() for gap in _SPACE.finditer(text.strip())]
    ends = sorted(chance.sample(gaps, min(PIECES - 1, len(gaps))))
    return tuple(text.strip()[start:end].strip() for start, end in pairwise((0, *ends, len(text))))


def signed(text: str, lang: str, chance: random.Random) -> tuple[str, ...]:
    """Signed by somebody whose name is also a place."""
    return _added(_NAMES, text, lang, chance.choice(_NAMES_THAT_ARE_PLACES))


def moved(text: str, lang: str, chance: random.Random) -> tuple[str, ...]:
    """With a home in another town, long left."""
    return _added(_HOMES, text, lang, chance.choice(_TOWNS))


def referred(text: str, lang: str, chance: random.Random) -> tuple[str, ...]:
    """With the town of an office."""
    return _added(_OFFICES, text, lang, chance.choice(_TOWNS))


PERTURBATIONS = (
    Perturbation("diacritics dropped", without_diacritics),
    Perturbation("upper case", upper),
    Perturbation("lower case", lower),
    Perturbation("a typo in one word", one_typo),
    Perturbation("a typo in every eighth word", many_typos),
    Perturbation("in three pieces, read together", in_pieces),
    Perturbation("in three pieces, each alone", in_pieces, apart=True),
    Perturbation("a greeting before", greeted),
    Perturbation("signed by a Nora or a Vara", signed),
    Perturbation("an earlier home after", moved, placed=True),
    Perturbation("the town of an office after", referred),
)


def _bare(letter: str) -> str:
    plain = folded(letter.lower())
    return plain.upper() if letter.isupper() else plain


def _added(table: Mapping[str, str], text: str, lang: str, name: str) -> tuple[str, ...]:
    return (f"{text}\n{table[lang].format(name)}",) if lang in table else ()


def _with_typos(text: str, number: int, chance: random.Random) -> str:
    words = list(_WORD.finditer(text))
    for word in sorted(chance.sample(words, min(number, len(words))), key=lambda word: -word.start()):
        text = text[: word.start()] + _mistyped(word[0], chance) + text[word.end() :]
    return text


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    here, after = word[at], word[at + 1]
    written = chance.choice((after + here, after, here + here + after))
    return word[:at] + written + word[at + 2 :]
