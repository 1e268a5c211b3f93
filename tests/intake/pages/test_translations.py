"""Inside its scope a language lacks no text and no placeholder; outside it the page appears in English."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from intake.pages.translations import Scope, load_languages, po_files
from intake.web.site import SCOPES

INTAKE = Path(__file__).parents[3] / "intake"
LANGUAGES = tomllib.loads((INTAKE / "locale" / "languages.toml").read_text())
TRANSLATED = [tag for tag in LANGUAGES if tag != "en"]
_PLACEHOLDER = re.compile(r"%\(\w+\)s|<[^>]*>")

MessageId = str | tuple[str, str]


@cache
def _used() -> Mapping[MessageId, frozenset[str]]:
    """Every text of the public pages, with the files that it stands in."""
    with (INTAKE / "locale" / "babel.cfg").open() as configuration:
        methods, options = parse_mapping_cfg(configuration)
    used: dict[MessageId, set[str]] = {}
    for file, _, message, _, _ in extract_from_dir(INTAKE, methods, options):
        used.setdefault(message, set()).add(Path(file).name)
    return {message: frozenset(files) for message, files in used.items()}


def _needed(scope: Scope) -> set[MessageId]:
    return {
        message
        for message, files in _used().items()
        if any(scope.holds(SCOPES.get(file, Scope.HELP)) for file in files)
    }


def _translated(tag: str) -> dict[MessageId, Message]:
    found: dict[MessageId, Message] = {}
    for file in po_files(tag.replace("-", "@")):
        if file.name == "public.po":
            with file.open("rb") as source:
                found |= {message.id: message for message in read_po(source) if message.id and not message.fuzzy}
    return found


def _forms(text: str | Iterable[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_no_text_is_missing_inside_the_scope(tag: str):
    translated = _translated(tag)
    needed = _needed(Scope(LANGUAGES[tag]["scope"]))
    missing = [one for one in needed if one not in translated or not all(_forms(translated[one].string))]
    assert missing == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_translation_has_the_placeholders_of_the_original(tag: str):
    for original, message in _translated(tag).items():
        wanted = sorted(_PLACEHOLDER.findall(_forms(original)[-1]))
        for form in _forms(message.string):
            assert sorted(_PLACEHOLDER.findall(form)) == wanted, original


@pytest.mark.parametrize("tag", TRANSLATED)
def test_no_translation_is_left_of_a_text_that_is_gone(tag: str):
    assert _translated(tag).keys() - _used().keys() == set()


def test_plural_forms_are_the_languages_own():
    words = load_languages(["uk"])["uk"].words
    one, many = next(one for one in _translated("uk") if isinstance(one, tuple))
    said = [words.ngettext(one, many, number) % {"num": number} for number in (1, 3, 30)]
    assert ["1 день" in said[0], "3 дні" in said[1], "30 днів" in said[2]] == [True, True, True]


def test_arabic_runs_from_right_to_left():
    languages = load_languages(["sv", "ar"])
    assert [languages[tag].direction for tag in ("sv", "ar")] == ["ltr", "rtl"]


def test_english_is_always_there_to_fall_back_to():
    assert list(load_languages(["sv"])) == ["sv", "en"]


def test_an_unknown_language_is_named():
    with pytest.raises(ValueError, match="'xx'"):
        load_languages(["xx"])


def test_only_a_language_that_nobody_has_read_is_marked():
    assert {tag for tag, entry in LANGUAGES.items() if not entry["reviewed"]} == {"th", "ro", "uk", "es", "ar"}
