"""Prove which rule a label that was put right is counted against."""

from dataclasses import replace
from datetime import UTC, datetime

from intake.casework.labels import Put
from intake.casework.mending import NO_RULE, mended
from intake.model import Card
from triage.model import Assessment, Minor, Reason, Urgency
from triage.settle import EXAMPLES

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RULED = (Reason("urgency=acute", "in danger of life now"),)
ACUTE = Assessment(urgency=Urgency.ACUTE, reasons=RULED)
HIGH = Assessment(urgency=Urgency.HIGH, reasons=(*RULED, Reason("urgency=high", EXAMPLES)))


def rule_of(labels: Assessment, *assessments: Assessment) -> str:
    put = Put(labels.kind, labels.type, Urgency.LOW, Minor.UNKNOWN, None, labels.lang)
    return mended("urgency", labels, put, [Card(one) for one in assessments], None, NOW).rule


def test_a_label_is_counted_against_the_rule_or_the_examples_that_gave_it():
    assert rule_of(ACUTE, ACUTE) == "in danger of life now"
    assert rule_of(HIGH, HIGH) == EXAMPLES


def test_a_rule_that_the_examples_outweighed_is_not_blamed_for_what_another_message_said():
    by_examples = replace(
        ACUTE, reasons=(Reason("urgency=high", "1 a minor is involved"), Reason("urgency=acute", EXAMPLES))
    )
    assert rule_of(ACUTE, by_examples, HIGH) == EXAMPLES
    assert rule_of(ACUTE, HIGH) == NO_RULE
