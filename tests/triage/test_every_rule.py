"""Prove of every rule that it can decide: a line that makes just this rule fire, so that none lies behind another."""

import csv
from pathlib import Path

import pytest

from triage.assess import Knowledge, assess
from triage.model import Assessment, Doubt
from triage.rules import Rule, load_rules

FILE = Path(__file__).with_name("rule_cases.tsv")
TABLES = ("kind", "minor", "type", "urgency", "doubt")


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def rules(table: str) -> tuple[Rule, ...]:
    return getattr(load_rules(), table)


def fired(found: Assessment, table: str) -> list[str]:
    """The rules of a table that decided; a doubt has one rule and is told by its label."""
    if table == "doubt":
        return [rule.rule for rule in rules(table) if Doubt(rule.label) in found.doubts]
    return [reason.rule for reason in found.reasons if reason.label.startswith(f"{table}=")]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['table']}: {row['rule']}")
def test_the_line_of_a_rule_makes_it_fire(row: dict[str, str], knowledge: Knowledge):
    found = assess(row["text"], knowledge, follow_up=row["follow_up"] == "yes")
    assert row["rule"] in fired(found, row["table"])


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_has_its_line(table: str):
    assert [row["rule"] for row in rows() if row["table"] == table] == [rule.rule for rule in rules(table)]


@pytest.mark.parametrize("table", TABLES)
def test_no_two_rules_of_a_table_bear_one_name(table: str):
    names = [rule.rule for rule in rules(table)]
    assert len(names) == len(set(names))


def test_no_two_rules_tell_of_the_same_doubt():
    assert len({rule.label for rule in rules("doubt")}) == len(rules("doubt"))
