"""Every value has words, and every word a Swedish one."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from re import findall

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from intake.inbox import words
from intake.model import Channel, Police, Role, Status
from intake.vault.passphrase import Weakness
from triage.model import Doubt, Kind, Minor, Type, Urgency
from triage.places import Standing
from triage.rules import load_rules
from triage.settle import EXAMPLES

INTAKE = Path(words.__file__).parent.parent

TABLES: list[tuple[type[StrEnum], Mapping[StrEnum, str]]] = [
    (Kind, words.KINDS),
    (Type, words.TYPES),
    (Urgency, words.URGENCIES),
    (Minor, words.MINORS),
    (Doubt, words.DOUBTS),
    (Status, words.STATES),
    (Police, words.POLICE),
    (Channel, words.CHANNELS),
    (Role, words.ROLES),
    (Weakness, words.WEAKNESSES),
]


def said() -> Iterator[str | tuple[str, ...]]:
    """Every text that a page of the inbox says."""
    options = {"**.html": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    for _, _, message, _, _ in extract_from_dir(INTAKE / "inbox", methods, options):
        yield message


def swedish(names: str = "inbox*.po") -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    """What the files of these names translate."""
    words: dict[str | tuple[str, ...], str | tuple[str, ...]] = {}
    for path in (INTAKE / "locale" / "sv").glob(names):
        with path.open("rb") as file:
            words |= {message.id: message.string for message in read_po(file) if message.id and not message.fuzzy}
    return words


@pytest.mark.parametrize(("values", "table"), TABLES, ids=lambda part: getattr(part, "__name__", ""))
def test_every_value_has_words(values: type[StrEnum], table: Mapping[StrEnum, str]) -> None:
    assert set(table) == set(values)


def test_every_text_is_translated_and_no_translation_is_left_over() -> None:
    assert set(said()) == set(swedish())


def test_every_rule_of_triage_is_said_in_swedish() -> None:
    rules = load_rules()
    tables = (rules.kind, rules.minor, rules.type, rules.urgency, rules.doubt)
    assert {EXAMPLES, *(rule.rule for table in tables for rule in table)} == set(swedish("triage.po"))


def test_every_standing_of_a_place_has_words() -> None:
    given = {f"place.{one.name.lower().replace('_', '-')}" for one in Standing if one is not Standing.NEVER}
    assert given <= set(words.RULES)


def test_no_translation_is_empty_or_loses_a_placeholder() -> None:
    for message, translation in swedish().items():
        pairs = zip(message, translation, strict=True) if isinstance(message, tuple) else [(message, translation)]
        for english, other in pairs:
            assert other
            assert set(findall(r"%\(\w+\)s", other)) == set(findall(r"%\(\w+\)s", english)), english


@pytest.mark.parametrize(
    ("label", "expected"), [("minor=yes", "Under 18"), ("kind=help", "Asks for help"), ("new=thing", "new=thing")]
)
def test_a_reasons_label_is_said_in_words(label: str, expected: str) -> None:
    assert words.label(label) == expected
