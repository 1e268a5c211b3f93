"""What is said on phones and in chats, and the words that are listened for, language by language; knows no person."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources

ENGLISH = "en"


class Word(StrEnum):
    """What a message of one word asks for."""

    YES = "yes"
    STOP = "stop"
    CODE = "code"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Every text and every word of the languages that are offered, English among them."""

    texts: Mapping[str, Mapping[str, str]] = field(repr=False)
    words: Mapping[str, Word] = field(repr=False)
    reviewed: Mapping[str, bool]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are texts in, in the order of the configuration."""
        return tuple(self.texts)

    def language(self, tag: str | None) -> str:
        """The language to answer in: the one asked for, or its plainer sister, or English."""
        for candidate in (tag or "", (tag or "").partition("-")[0]):
            if candidate in self.texts:
                return candidate
        return ENGLISH

    def say(self, name: str, language: str, **values: object) -> str:
        """The text of this name, its placeholders filled."""
        return self.texts[self.language(language)][name].format(**values)

    def word(self, text: str) -> Word | None:
        """What a message asks for that is nothing but one of the words, in any offered language, however written."""
        return self.words.get(bare(text))


def bare(text: str) -> str:
    """A text without what thumbs and keyboards add: case, spaces, full stops, quotes and accents that vary."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")


def load_phrases(offered: Iterable[str]) -> Phrases:
    """Read the files of the offered languages and of English; a language without one of its own is answered so too."""
    texts: dict[str, Mapping[str, str]] = {}
    words: dict[str, Word] = {}
    reviewed: dict[str, bool] = {}
    for tag in dict.fromkeys([*offered, ENGLISH]):
        file = resources.files("intake").joinpath("locale", tag, "phone.toml")
        if file.is_file():
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            reviewed[tag] = table["reviewed"]
            texts[tag] = {name: text for name, text in table.items() if isinstance(text, str)}
            # A word of two languages keeps the meaning that was read first; STOP is never another's.
            words |= {bare(word): kind for kind in Word for word in table[kind] if words.get(bare(word)) != Word.STOP}
    return Phrases(texts, words, reviewed)
