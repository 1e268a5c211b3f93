"""The languages and their words, compiled from .po files in memory at start-up; knows no page.

Message ids are the English texts. A language's scope says what it translates; pages outside it appear in English.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"


class Scope(StrEnum):
    """How much of the public pages a language translates: all, or what somebody in need of help meets."""

    ALL = "all"
    HELP = "help"

    def holds(self, other: "Scope") -> bool:
        """Whether a page of scope `other` is translated."""
        return self is Scope.ALL or other is Scope.HELP


@dataclass(frozen=True, slots=True)
class Language:
    """A language that is offered. `tag` stands in addresses, `html` in the page, `name` is its own name of itself."""

    tag: str
    name: str
    html: str
    scope: Scope
    reviewed: bool
    locale: Locale
    words: NullTranslations = field(repr=False)

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return self.locale.text_direction


def load_languages(tags: Iterable[str]) -> Mapping[str, Language]:
    """Read the languages with these tags, in their order, and English, to which the others fall back.

    Raises:
        ValueError: there is no such language; it names the tag.
    """
    known = tomllib.loads(_folder().joinpath("languages.toml").read_text(encoding="utf-8"))
    wanted = list(dict.fromkeys([*tags, ENGLISH]))
    for tag in wanted:
        if tag not in known:
            raise ValueError(f"there is no language {tag!r} in intake/locale/languages.toml")
    return {tag: _load(tag, known[tag]) for tag in wanted}


def po_files(folder: str) -> list[Traversable]:
    """The .po files of a language's folder; several, so that two people can translate at once."""
    place = _folder().joinpath(folder)
    if not place.is_dir():
        return []
    return sorted((file for file in place.iterdir() if file.name.endswith(".po")), key=lambda file: file.name)


def _load(tag: str, entry: Mapping[str, str | bool]) -> Language:
    locale = Locale.parse(str(entry["locale"]), sep="-")
    return Language(
        tag=tag,
        name=str(entry["name"]),
        html=str(entry["html"]),
        scope=Scope(str(entry["scope"])),
        reviewed=bool(entry["reviewed"]),
        locale=locale,
        words=_words(tag.replace("-", "@"), locale),
    )


@cache
def _words(folder: str, locale: Locale) -> NullTranslations:
    # Both listeners offer most of them; what is packaged does not change while we run.
    words: NullTranslations = NullTranslations()
    for file in po_files(folder):
        with file.open("rb") as source:
            catalogue = read_po(source, locale=locale)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        read = GNUTranslations(compiled)
        read.add_fallback(words)
        words = read
    return words


def _folder() -> Traversable:
    return resources.files("intake").joinpath("locale")
