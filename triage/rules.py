"""Rules as data: which signs, alone or close together, make which label; knows no word and no language."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from triage.hits import Hit

Signs = dict[str, tuple[Hit, ...]]
"""What was found, by name; a label already decided stands among them as `kind=help`."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign made of others: marks of `of` that have one of `near` within reach, and none of `apart`."""

    name: str
    of: tuple[str, ...]
    near: tuple[str, ...] = ()
    within: float = 6
    apart: tuple[str, ...] = ()
    apart_within: float = 4
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a table: the first that fits gives the label."""

    label: str
    rule: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The label, the rule that gave it, and the marks it came from."""

    label: str
    rule: str
    marks: tuple[Hit, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """All tables of `data/rules.toml`."""

    signs: tuple[Sign, ...]
    kind: tuple[Rule, ...]
    minor: tuple[Rule, ...]
    type: tuple[Rule, ...]
    urgency: tuple[Rule, ...]
    doubt: tuple[Rule, ...]


def load_rules() -> Rules:
    """Read the packaged rules.

    Raises:
        ValueError: the file is no TOML.
        TypeError: a table has a key that no rule has.
    """
    path = resources.files("triage") / "data" / "rules.toml"
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    tables = {name: tuple(Rule(**_tuples(row)) for row in file[name]) for name in _TABLES}
    return Rules(signs=tuple(Sign(**_tuples(row)) for row in file["sign"]), **tables)


_TABLES = ("kind", "minor", "type", "urgency", "doubt")


def add_signs(signs: Signs, made: Sequence[Sign]) -> None:
    """Add the signs that others make, in the order of the file, so that later ones may build on earlier ones."""
    for sign in made:
        marks = tuple(_marks(sign, signs))
        if marks:
            signs[sign.name] = marks


def decide(table: Sequence[Rule], signs: Mapping[str, tuple[Hit, ...]]) -> Verdict | None:
    """The first rule that fits."""
    return next(every(table, signs), None)


def every(table: Sequence[Rule], signs: Mapping[str, tuple[Hit, ...]]) -> Iterator[Verdict]:
    """Every rule that fits, in order."""
    for rule in table:
        if _fits(rule, signs):
            named = [name for name in (*rule.all, *rule.any) if name in signs]
            yield Verdict(rule.label, rule.rule, tuple(hit for name in named for hit in signs[name]))


def _fits(rule: Rule | Sign, signs: Mapping[str, tuple[Hit, ...]]) -> bool:
    if any(name not in signs for name in rule.all) or any(name in signs for name in rule.none):
        return False
    return isinstance(rule, Sign) or not rule.any or any(name in signs for name in rule.any)


def _marks(sign: Sign, signs: Mapping[str, tuple[Hit, ...]]) -> Iterator[Hit]:
    if not _fits(sign, signs):
        return
    near, apart = _of(sign.near, signs), _of(sign.apart, signs)
    for hit in _of(sign.of, signs):
        beside = [other for other in near if hit.distance(other) <= sign.within and other.span != hit.span]
        if sign.near and not beside:
            continue
        if any(hit.distance(other) <= sign.apart_within for other in apart):
            continue
        yield hit
        yield from beside[:1]


def _of(names: Sequence[str], signs: Mapping[str, tuple[Hit, ...]]) -> list[Hit]:
    return [hit for name in names for hit in signs.get(name, ())]


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
