"""Every case finds a desk, whatever the configuration; who may not read it does not get it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.calendar import swedish_calendar
from triage.gazetteer import Gazetteer
from triage.model import (
    NOWHERE,
    Assessment,
    Desk,
    DeskName,
    Doubt,
    Duty,
    Kind,
    Minor,
    Minors,
    Pace,
    Place,
    Region,
    RegionName,
    Route,
    Urgency,
)
from triage.route import NoDesk, region_of, route

CALENDAR = swedish_calendar(range(2026, 2028))
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
OFFICE = Duty(days=frozenset(range(5)), opens=time(8), closes=time(16))
NATIONAL = DeskName("nationell")
REGIONS = {
    RegionName(key): Region(RegionName(key), key.title(), frozenset(counties.split()))
    for key, counties in {
        "nord": "22 23 24 25",
        "mitt": "03 19 21",
        "stockholm": "01 09",
        "bergslagen": "17 18 20",
        "ost": "04 05 06",
        "vast": "13 14",
        "syd": "07 08 10 12",
    }.items()
}


def desk(
    name: str,
    region: str | None,
    minors: Minors = Minors.ANY,
    kinds: Sequence[Kind] = tuple(Kind),
    deputies: Sequence[str] = (),
) -> Desk:
    return Desk(
        key=DeskName(name),
        name=name,
        region=RegionName(region) if region else None,
        authority="A",
        kinds=frozenset(kinds),
        minors=minors,
        hours=OFFICE,
        out_of_hours=None,
        deputies=tuple(DeskName(deputy) for deputy in deputies),
    )


DESKS = {
    one.key: one
    for one in (
        *(desk(key, key, deputies=["mitt" if key == "nord" else "nord"]) for key in REGIONS if key != "stockholm"),
        desk("barn", "stockholm", Minors.ONLY, deputies=["vuxna"]),
        desk("vuxna", "stockholm", Minors.NEVER, deputies=["barn"]),
        desk("nationell", None),
    )
}


def sent(assessment: Assessment, desks: Sequence[Desk] = tuple(DESKS.values()), without: Sequence[str] = ()) -> Route:
    table = {one.key: one for one in desks}
    return route(assessment, table, REGIONS, frozenset(table) - set(without), NATIONAL, CALENDAR, NOW)


def about(county: str | None = "01", **labels: object) -> Assessment:
    return Assessment(place=Place(county), **labels)  # type: ignore[arg-type]  # the labels of an assessment by name


def test_every_municipality_goes_to_its_region(gazetteer: Gazetteer):
    assert len(gazetteer.municipalities) == 290
    for code in gazetteer.municipalities:
        way = sent(Assessment(place=Place(code[:2], code)))
        assert way.region is not None
        assert code[:2] in REGIONS[way.region].counties
        assert DESKS[way.desk].region == way.region


@pytest.mark.parametrize(
    ("assessment", "expected"),
    [
        (about(minor=Minor.YES), "barn"),
        (about(minor=Minor.NO), "vuxna"),
        (about(minor=Minor.UNKNOWN), "vuxna"),
        (about(doubts=frozenset({Doubt.CHILD})), "barn"),
        (about("24", minor=Minor.YES), "nord"),
    ],
)
def test_children_and_adults_have_their_desks(assessment: Assessment, expected: str):
    assert sent(assessment).desk == expected


def test_an_unknown_place_goes_to_the_national_desk():
    way = sent(Assessment(place=NOWHERE))
    assert (way.desk, way.region, way.rule) == (NATIONAL, None, "no-region")


def test_counties_left_open_are_enough_when_one_region_holds_them():
    assert region_of(Place(among=frozenset({"24", "25"})), REGIONS) == "nord"
    assert region_of(Place(among=frozenset({"06", "07"})), REGIONS) is None


@pytest.mark.parametrize(
    ("without", "expected", "rule"),
    [
        ([], "barn", "region"),
        (["barn"], "vuxna", "deputy"),
        (["barn", "vuxna"], "nationell", "national"),
    ],
)
def test_a_desk_without_members_passes_to_its_deputies_then_to_the_national_desk(without, expected, rule):
    way = sent(about(minor=Minor.YES), without=without)
    assert (way.desk, way.rule) == (expected, rule)


def test_without_a_desk_for_children_another_of_the_region_takes_them():
    desks = [desk("vuxna", "stockholm", Minors.NEVER), desk("alla", "stockholm"), desk("nationell", None)]
    assert sent(about(minor=Minor.YES), desks).desk == "alla"
    assert sent(about(minor=Minor.YES), [desks[0], desks[2]]).desk == "vuxna"


def test_a_kind_that_no_desk_of_the_region_takes_stays_in_the_region():
    desks = [desk("stod", "stockholm", kinds=[Kind.HELP]), desk("nationell", None)]
    assert sent(about(kind=Kind.BUYER), desks).desk == "stod"


def test_deputies_hold_a_spare_key_only_for_what_cannot_wait():
    assert sent(about("24", urgency=Urgency.ACUTE)).deputies == ("mitt",)
    assert sent(about("24", urgency=Urgency.NORMAL)).deputies == ()
    assert sent(about("24", urgency=Urgency.ACUTE), without=["mitt"]).deputies == ()


def test_when_not_even_the_national_desk_has_a_member_it_is_said():
    with pytest.raises(NoDesk):
        sent(about(), without=list(DESKS))


REGION_KEYS = st.sampled_from(list(REGIONS))
ASSESSMENTS = st.builds(
    Assessment,
    kind=st.sampled_from(Kind),
    urgency=st.sampled_from(Urgency),
    minor=st.sampled_from(Minor),
    place=st.builds(Place, st.none() | st.sampled_from(sorted(c for r in REGIONS.values() for c in r.counties))),
    doubts=st.frozensets(st.sampled_from(Doubt)),
)
NAMES = [f"d{number}" for number in range(6)]
LOCAL_DESKS = st.lists(
    st.builds(
        desk,
        name=st.sampled_from(NAMES),
        region=REGION_KEYS,
        minors=st.sampled_from(Minors),
        kinds=st.lists(st.sampled_from(Kind), min_size=1),
        deputies=st.lists(st.sampled_from([*NAMES, "nationell"]), max_size=2),
    ),
    unique_by=lambda one: one.key,
    max_size=6,
)


@given(assessment=ASSESSMENTS, local=LOCAL_DESKS, absent=st.frozensets(st.sampled_from(NAMES)))
def test_in_every_configuration_a_routable_desk_is_found(assessment: Assessment, local: list[Desk], absent):
    way = sent(assessment, [*local, desk("nationell", None)], without=sorted(absent))
    present = {one.key for one in local} - absent | {NATIONAL}
    assert way.desk in present
    assert set(way.deputies) <= present
    assert way.answer_by >= NOW
    assert assessment.pace in Pace


@given(assessment=ASSESSMENTS, local=LOCAL_DESKS)
def test_with_all_desks_at_work_nobody_outside_the_region_gets_a_regional_case(assessment: Assessment, local):
    way = sent(assessment, [*local, desk("nationell", None)])
    regional = [one for one in local if way.region is not None and one.region == way.region]
    assert way.desk in {one.key for one in regional} if regional else way.desk == NATIONAL
