"""Several cards of a case become one."""

from collections.abc import Sequence

import pytest

from intake.inbox.summary import summarise
from intake.model import Card, Police
from triage.model import Assessment, Doubt, Kind, Minor, Place, Type, Urgency

UMEA, LULEA, WIDE = Place("24", "2480"), Place("25", "2580"), Place(among=frozenset({"24", "25"}))


def cards(*assessments: Assessment) -> list[Card]:
    return [Card(one) for one in assessments]


def test_no_card_is_no_summary() -> None:
    assert summarise([]) is None


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("urgency", [Urgency.ACUTE, Urgency.LOW], Urgency.ACUTE),
        ("urgency", [Urgency.NORMAL, Urgency.HIGH], Urgency.HIGH),
        ("minor", [Minor.YES, Minor.NO], Minor.YES),
        ("minor", [Minor.UNKNOWN, Minor.YES, Minor.UNKNOWN], Minor.YES),
        ("minor", [Minor.NO, Minor.UNKNOWN], Minor.NO),
        ("kind", [Kind.HELP, Kind.TIP], Kind.HELP),
        ("type", [Type.LABOUR, Type.UNCLEAR], Type.LABOUR),
        ("type", [Type.LABOUR, Type.SEXUAL_EXPLOITATION], Type.SEXUAL_EXPLOITATION),
        ("place", [UMEA, LULEA], LULEA),
        ("place", [UMEA, Place()], UMEA),
        ("place", [UMEA, WIDE], WIDE),
        ("place", [Place(), Place()], Place()),
        ("lang", ["sv", "th"], "th"),
    ],
)
def test_danger_only_rises_and_of_the_rest_the_last_that_says_something_holds(
    name: str, values: Sequence[object], expected: object
) -> None:
    found = summarise(cards(*(Assessment(**{name: value}) for value in values)))
    assert found is not None
    assert getattr(found, name) == expected


def test_doubts_add_up_and_a_doubt_about_a_child_counts() -> None:
    found = summarise(cards(Assessment(doubts=frozenset({Doubt.CHILD})), Assessment(doubts=frozenset({Doubt.PLACE}))))
    assert found is not None
    assert found.doubts == {Doubt.CHILD, Doubt.PLACE}
    assert found.concerns_child


def test_the_answer_about_the_police_is_the_first_that_was_given() -> None:
    found = summarise([Card(Assessment(), Police.NO), Card(Assessment())])
    assert found is not None
    assert found.police is Police.NO
