"""Ready answers in several languages, with the desk's name and hours filled in; knows no case."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib import resources

import msgspec
from babel import Locale
from babel.dates import format_date

from triage.model import Desk, Duty

LANGUAGES = ("sv", "en", "th", "ro")
_SOME_MONDAY = date(2024, 1, 1)


class Ready(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer: what coordinators choose it by, and what the person reads."""

    title: str
    text: str


Answers = Mapping[str, Ready]


def load_ready(languages: tuple[str, ...] = LANGUAGES) -> Mapping[str, Answers]:
    """The answers of each language, by their keys, in the order of the file."""
    folder = resources.files("intake").joinpath("locale")
    return {lang: _read(folder.joinpath(lang, "ready.toml").read_text(encoding="utf-8")) for lang in languages}


def filled_in(ready: Ready, desk: Desk, lang: str) -> str:
    """The text with the desk's name and hours; what stands in brackets is the coordinator's to write."""
    return ready.text.replace("{desk}", desk.name).replace("{hours}", hours_in_words(desk.hours, lang))


def hours_in_words(duty: Duty, lang: str) -> str:
    """A desk's hours as that language writes weekdays: ``mån–fre 8–16``."""
    first, last = (_weekday(day, lang) for day in (min(duty.days), max(duty.days)))
    days = first if first == last else f"{first}–{last}"
    return f"{days} {duty.opens:%H:%M}–{duty.closes:%H:%M}"


def _weekday(day: int, lang: str) -> str:
    return format_date(_SOME_MONDAY + timedelta(days=day), "EEE", locale=Locale.parse(lang))


def _read(text: str) -> Answers:
    return msgspec.convert(tomllib.loads(text), dict[str, Ready])
