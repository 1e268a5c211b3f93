"""What a page shows of a case's labels."""

from intake.inbox.summary import summarise
from intake.model import Card, Police
from triage.model import Assessment, Doubt


def test_no_label_is_no_summary() -> None:
    assert summarise(None, []) is None


def test_a_doubt_about_a_child_counts_as_one() -> None:
    found = summarise(Assessment(doubts=frozenset({Doubt.CHILD})), [])
    assert found is not None
    assert found.concerns_child


def test_the_answer_about_the_police_is_the_first_that_was_given() -> None:
    found = summarise(Assessment(), [Card(Assessment(), Police.NO), Card(Assessment())])
    assert found is not None
    assert found.police is Police.NO
