"""Several cards of a case become one, and what a person put right wins over them."""

from collections.abc import Sequence

import pytest

from intake.casework.labels import labels_of
from intake.model import Card, Correction, MessageId
from triage.model import Assessment, Doubt, Kind, Minor, Place, Type, Urgency

UMEA, LULEA, WIDE = Place("24", "2480"), Place("25", "2580"), Place(among=frozenset({"24", "25"}))


def cards(*assessments: Assessment) -> dict[MessageId, Card]:
    return {MessageId(f"m{number}"): Card(one) for number, one in enumerate(assessments)}


def corrected(*covers: int, **labels: object) -> Correction:
    return Correction(frozenset(MessageId(f"m{number}") for number in covers), **labels)


def test_no_card_is_no_label() -> None:
    assert labels_of({}, None) is None


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
    found = labels_of(cards(*(Assessment(**{name: value}) for value in values)), None)
    assert found is not None
    assert getattr(found, name) == expected


def test_doubts_add_up_and_a_doubt_about_a_child_counts() -> None:
    doubtful = cards(Assessment(doubts=frozenset({Doubt.CHILD})), Assessment(doubts=frozenset({Doubt.PLACE})))
    found = labels_of(doubtful, None)
    assert found is not None
    assert found.doubts == {Doubt.CHILD, Doubt.PLACE}
    assert found.concerns_child


@pytest.mark.parametrize(
    ("name", "said", "put"),
    [
        ("urgency", Urgency.ACUTE, Urgency.LOW),
        ("minor", Minor.YES, Minor.NO),
        ("kind", Kind.HELP, Kind.TIP),
        ("type", Type.SEXUAL_EXPLOITATION, Type.LABOUR),
        ("place", UMEA, LULEA),
        ("place", UMEA, Place()),
        ("lang", "sv", "th"),
    ],
)
def test_what_a_person_put_right_wins_over_what_they_had_read(name: str, said: object, put: object) -> None:
    found = labels_of(cards(Assessment(**{name: said})), corrected(0, **{name: put}))
    assert getattr(found, name) == put


def test_a_later_message_raises_urgency_and_age_anew_and_moves_nothing_else() -> None:
    later = Assessment(Kind.HELP, Type.SEXUAL_EXPLOITATION, Urgency.ACUTE, Minor.YES, UMEA, "en")
    put = corrected(0, kind=Kind.TIP, type=Type.LABOUR, urgency=Urgency.LOW, minor=Minor.NO, place=LULEA, lang="th")
    found = labels_of(cards(Assessment(), later), put)
    assert found is not None
    assert (found.urgency, found.minor) == (Urgency.ACUTE, Minor.YES)
    assert (found.kind, found.type, found.place, found.lang) == (Kind.TIP, Type.LABOUR, LULEA, "th")


@pytest.mark.parametrize(
    ("doubt", "labels", "stays"),
    [
        (Doubt.CHILD, {"minor": Minor.NO}, False),
        (Doubt.CHILD, {"urgency": Urgency.LOW}, True),
        (Doubt.DANGER, {"urgency": Urgency.LOW}, False),
        (Doubt.PLACE, {"place": UMEA}, False),
        (Doubt.PAST_AND_SAFE, {"urgency": Urgency.LOW}, True),
    ],
)
def test_a_correction_settles_the_doubt_that_it_answers(doubt: Doubt, labels: dict, stays: bool) -> None:
    found = labels_of(cards(Assessment(doubts=frozenset({doubt}))), corrected(0, **labels))
    assert found is not None
    assert (doubt in found.doubts) is stays


def test_a_reader_who_opens_the_correction_alone_still_sees_it() -> None:
    found = labels_of({}, corrected(0, kind=Kind.BUYER))
    assert found is not None
    assert found.kind is Kind.BUYER
