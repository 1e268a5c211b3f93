"""Rules as data: which signs, alone or close together, make which label; knows no word and no language."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from importlib import resources
from operator import attrgetter
from typing import Any

from triage.hits import Hit, beside
from triage.model import Span

Signs = dict[str, Sequence[Hit]]
"""What was found, by name, each in the order of the text; a label already decided stands among them as `kind=help`."""

_NONE: frozenset[str] = frozenset()
_FIRST = attrgetter("first")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign made of others: marks of `of` that have one of `near` within reach, and none of `apart`."""

    name: str
    of: tuple[str, ...]
    near: tuple[str, ...] = ()
    within: float = 6
    apart: tuple[str, ...] = ()
    apart_within: float = 4
    all: frozenset[str] = _NONE
    none: frozenset[str] = _NONE


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a table: the first that fits gives the label. `named` are `all` and `any`, as they stand there."""

    label: str
    rule: str
    all: frozenset[str] = _NONE
    any: frozenset[str] = _NONE
    none: frozenset[str] = _NONE
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The label, the rule that gave it, and the marks it came from."""

    label: str
    rule: str
    marks: tuple[Hit, ...] = field(repr=False)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the marks stand, each once."""
        return tuple(Span(*ends) for ends in sorted({(mark.start, mark.end) for mark in self.marks}))


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
    tables = {name: tuple(_rule(row) for row in file[name]) for name in _TABLES}
    return Rules(signs=tuple(Sign(**_frozen(row)) for row in file["sign"]), **tables)


_TABLES = ("kind", "minor", "type", "urgency", "doubt")
_CONDITIONS = ("all", "any", "none")


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(**_frozen(row), named=(*row.get("all", ()), *row.get("any", ())))


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    conditions = {key: frozenset(row[key]) for key in _CONDITIONS if key in row}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()} | conditions


def add_signs(signs: Signs, made: Sequence[Sign]) -> None:
    """Add the signs that others make, in the order of the file, so that later ones may build on earlier ones."""
    found = set(signs)
    for sign in made:
        if _may_be(sign, found) and (marks := _marks(sign, signs)):
            signs[sign.name] = sorted(marks, key=_FIRST)
            found.add(sign.name)


def decide(table: Sequence[Rule], signs: Signs) -> Verdict | None:
    """The first rule that fits."""
    return next(every(table, signs), None)


def every(table: Sequence[Rule], signs: Signs) -> Iterator[Verdict]:
    """Every rule that fits, in order."""
    found = frozenset(signs)
    for rule in table:
        if rule.all <= found and found.isdisjoint(rule.none) and not (rule.any and found.isdisjoint(rule.any)):
            yield Verdict(rule.label, rule.rule, tuple(_of(rule.named, signs)))


def _may_be(sign: Sign, found: AbstractSet[str]) -> bool:
    """Whether all is there that it needs, wherever it stands."""
    near = not (sign.near and found.isdisjoint(sign.near))
    return near and not found.isdisjoint(sign.of) and sign.all <= found and found.isdisjoint(sign.none)


def _marks(sign: Sign, signs: Signs) -> list[Hit]:
    marks = _of(sign.of, signs)
    if sign.apart:
        marks = [hit for hit in marks if not _has_beside(hit, sign, signs)]
    return [one for hit in marks for one in _with_company(hit, sign, signs)] if sign.near else marks


def _has_beside(hit: Hit, sign: Sign, signs: Signs) -> bool:
    return any(other for name in sign.apart if name in signs for other in beside(signs[name], hit, sign.apart_within))


def _with_company(hit: Hit, sign: Sign, signs: Signs) -> tuple[Hit, ...]:
    """The mark and what it must have near it, or nothing where it stands alone."""
    for name in sign.near:
        for other in beside(signs.get(name, ()), hit, sign.within):
            if (other.start, other.end) != (hit.start, hit.end):
                return hit, other
    return ()


def _of(names: Sequence[str], signs: Signs) -> list[Hit]:
    return [hit for name in names if name in signs for hit in signs[name]]
