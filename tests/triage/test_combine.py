"""Prove that what comes later in a case can only raise it; must not need a text."""

from dataclasses import replace
from functools import reduce
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.combine import combine, combine_all
from triage.model import NOWHERE, Assessment, Doubt, Kind, Minor, Place, Type, Urgency

FIRST = Assessment(
    kind=Kind.TIP, type=Type.LABOUR, urgency=Urgency.NORMAL, minor=Minor.NO, place=Place("12"), lang="sv"
)
THANKS = Assessment(kind=Kind.OTHER, type=Type.UNCLEAR, urgency=Urgency.LOW, lang="en")


def test_a_later_thank_you_changes_nothing_but_the_language():
    assert combine(FIRST, THANKS) == replace(FIRST, lang="en")


@pytest.mark.parametrize(("one", "other"), list(product(Urgency, Urgency)))
def test_the_more_urgent_of_two_holds(one: Urgency, other: Urgency):
    both = combine(replace(FIRST, urgency=one), replace(FIRST, urgency=other))
    assert both.urgency is min(one, other, key=[Urgency.ACUTE, Urgency.HIGH, Urgency.NORMAL, Urgency.LOW].index)


@pytest.mark.parametrize("other", Minor)
def test_a_child_once_told_of_stays(other: Minor):
    child = replace(FIRST, minor=Minor.YES)
    assert combine(child, replace(FIRST, minor=other)).minor is Minor.YES
    assert combine(replace(FIRST, minor=other), child).minor is Minor.YES


@pytest.mark.parametrize(
    ("earlier", "later", "both"),
    [
        (Kind.TIP, Kind.HELP, Kind.HELP),
        (Kind.HELP, Kind.TIP, Kind.HELP),
        (Kind.BUYER, Kind.HELP, Kind.BUYER),
        (Kind.PROFESSIONAL, Kind.TIP, Kind.PROFESSIONAL),
        (Kind.OTHER, Kind.TIP, Kind.TIP),
    ],
)
def test_the_first_kind_holds_but_may_become_a_call_for_help(earlier: Kind, later: Kind, both: Kind):
    assert combine(replace(FIRST, kind=earlier), replace(FIRST, kind=later)).kind is both


@pytest.mark.parametrize(
    ("earlier", "later", "both"),
    [
        (Type.LABOUR, Type.BEGGING, Type.BEGGING),
        (Type.LABOUR, Type.UNCLEAR, Type.LABOUR),
        (Type.UNCLEAR, Type.ORGAN, Type.ORGAN),
        (Type.SEXUAL_EXPLOITATION, Type.LABOUR, Type.SEXUAL_EXPLOITATION),
    ],
)
def test_the_last_clear_type_holds_and_the_gravest_stays(earlier: Type, later: Type, both: Type):
    assert combine(replace(FIRST, type=earlier), replace(FIRST, type=later)).type is both


def test_a_place_is_kept_until_another_is_told():
    assert combine(FIRST, replace(FIRST, place=NOWHERE)).place == Place("12")
    assert combine(FIRST, replace(FIRST, place=Place("13", "1380"))).place == Place("13", "1380")


def test_doubts_add_up_but_only_two_that_say_safe_let_a_case_wait():
    safe = replace(FIRST, doubts=frozenset({Doubt.PAST_AND_SAFE}))
    child = replace(FIRST, doubts=frozenset({Doubt.CHILD}))
    assert combine(safe, child).doubts == {Doubt.CHILD}
    assert combine(safe, safe).doubts == {Doubt.PAST_AND_SAFE}


def test_identifiers_are_listed_once():
    both = combine(replace(FIRST, ads=("@a", "@b")), replace(FIRST, ads=("@b",), pii=("Anna",)))
    assert (both.ads, both.pii) == (("@a", "@b"), ("Anna",))


@given(st.lists(st.sampled_from([FIRST, THANKS, Assessment(ads=("@a", "@b")), Assessment(pii=("@a", "@c"))])))
def test_many_become_the_same_one_as_joined_one_by_one(parts: list[Assessment]):
    assert combine_all(parts) == (reduce(combine, parts) if parts else None)
