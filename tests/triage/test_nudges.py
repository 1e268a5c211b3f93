"""When somebody must be told, and who: a table of cases as the clock sees them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.service import CALENDAR, make_config
from triage.calendar import is_open
from triage.model import DeskName, Pace
from triage.nudges import next_nudge
from triage.timeline import Given, Nudge, Rule, Rung, Sort, Timeline, Way

POLICY = make_config().policies[DeskName("syd")]


def local(text: str) -> datetime:
    """A Swedish local time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)


FRIDAY = local("2026-11-20 10:00")
NIGHT = local("2026-11-21 03:00")


def a_timeline(pace: Pace = Pace.DAYS, **changes: object) -> Timeline:
    return Timeline(pace, **changes)


def unread(pace: Pace, since: datetime, **given_so_far: Given) -> Timeline:
    """A case that nobody has opened, of which its desk has been told once."""
    said = {Rule.NEW: Given(since, 1, since)} | {Rule(name): one for name, one in given_so_far.items()}
    return Timeline(pace, unread_since=since, unanswered_since=since, given=said)


def told(timeline: Timeline, now: datetime) -> Nudge:
    found = next_nudge(timeline, POLICY, CALENDAR, now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("timeline", "rule", "at", "sort"),
    [
        (Timeline(Pace.NOW, unread_since=NIGHT), Rule.NEW, NIGHT, Sort.ALARM),
        (Timeline(Pace.DAYS, unread_since=NIGHT), Rule.NEW, local("2026-11-23 08:00"), Sort.NOTICE),
        (unread(Pace.NOW, NIGHT), Rule.UNOPENED, local("2026-11-21 03:10"), Sort.ALARM),
        (unread(Pace.HOURS, NIGHT), Rule.UNOPENED, local("2026-11-21 05:00"), Sort.ALARM),
        (unread(Pace.TODAY, FRIDAY), Rule.UNOPENED, local("2026-11-20 14:00"), Sort.NOTICE),
        (unread(Pace.TODAY, local("2026-11-20 15:00")), Rule.UNOPENED, local("2026-11-23 11:00"), Sort.NOTICE),
        (unread(Pace.DAYS, FRIDAY), Rule.UNOPENED, local("2026-11-26 08:00"), Sort.DIGEST),
        (unread(Pace.TODAY, local("2026-04-30 12:00")), Rule.UNOPENED, local("2026-05-04 10:00"), Sort.NOTICE),
    ],
)
def test_what_nobody_has_opened_is_told_of_at_its_pace(timeline: Timeline, rule: Rule, at: datetime, sort: Sort):
    nudge = told(timeline, timeline.unread_since or FRIDAY)
    assert (nudge.rule, nudge.at, nudge.sort) == (rule, at, sort)


@pytest.mark.parametrize(
    ("timeline", "at"),
    [
        (a_timeline(follow_up_at=local("2026-11-27 00:00")), local("2026-11-27 08:00")),
        (a_timeline(follow_up_at=local("2026-12-25 00:00")), local("2026-12-28 08:00")),
        (a_timeline(waits_until=local("2026-11-24 15:00")), local("2026-11-25 08:00")),
        (a_timeline(delete_at=local("2026-12-08 01:00")), local("2026-12-01 08:00")),
        (a_timeline(check_in_lost_at=local("2026-11-24 20:00")), local("2026-11-25 08:00")),
        (a_timeline(unanswered_since=local("2026-11-18 08:00")), local("2026-11-23 08:00")),
    ],
)
def test_what_can_wait_is_a_line_of_a_morning(timeline: Timeline, at: datetime):
    nudge = told(timeline, local("2026-11-18 10:00"))
    assert (nudge.at, nudge.sort, nudge.step.way) == (at, Sort.DIGEST, Way.MESSAGE)


def test_a_first_plea_for_help_is_opened_within_two_hours_of_duty():
    plea = replace(unread(Pace.WEEKS, FRIDAY), plea_by=FRIDAY + timedelta(hours=2))
    assert (told(plea, FRIDAY).rule, told(plea, FRIDAY).at) == (Rule.PLEA, FRIDAY + timedelta(hours=2))


def test_a_closed_case_needs_nobody():
    everything = Timeline(Pace.NOW, True, FRIDAY, FRIDAY, FRIDAY, FRIDAY, FRIDAY, check_in_lost_at=FRIDAY)
    assert next_nudge(everything, POLICY, CALENDAR, FRIDAY) is None


def test_of_a_closed_case_it_is_said_once_that_it_will_be_deleted():
    closed = Timeline(Pace.NOW, True, FRIDAY, delete_at=local("2026-12-08 01:00"))
    nudge = told(closed, FRIDAY)
    assert (nudge.rule, nudge.at, nudge.sort) == (Rule.DELETION, local("2026-12-01 08:00"), Sort.DIGEST)
    said = replace(closed, given={Rule.DELETION: Given(nudge.about, 1, nudge.at)})
    assert next_nudge(said, POLICY, CALENDAR, nudge.at) is None


def test_an_alarm_climbs_the_chain_and_begins_again():
    seen, timeline, now = [], unread(Pace.NOW, FRIDAY), FRIDAY
    for times in range(6):
        nudge = told(timeline, now)
        now = nudge.at
        seen.append((nudge.step.rung, nudge.step.way))
        timeline = unread(Pace.NOW, FRIDAY, unopened=Given(FRIDAY, times + 1, now))
    rungs = [Rung.DESK, Rung.DESK, Rung.DEPUTIES, Rung.ON_CALL, Rung.NATIONAL, Rung.DESK]
    assert seen == [(rung, Way.CALL) for rung in rungs]
    assert now == FRIDAY + timedelta(minutes=60)


def test_at_night_whoever_is_on_call_is_called_first():
    assert told(unread(Pace.NOW, NIGHT), NIGHT).step.rung is Rung.ON_CALL


def test_one_call_to_a_desk_is_a_call_for_all_that_waited_there():
    timeline = replace(unread(Pace.NOW, FRIDAY), called_at=FRIDAY + timedelta(minutes=8))
    assert told(timeline, FRIDAY + timedelta(minutes=9)).at == FRIDAY + timedelta(minutes=18)
    earlier = replace(unread(Pace.NOW, FRIDAY), called_at=FRIDAY - timedelta(minutes=2))
    assert told(earlier, FRIDAY).at == FRIDAY + timedelta(minutes=10)


def test_new_cases_of_the_same_minutes_are_told_of_together():
    timeline = Timeline(Pace.TODAY, unread_since=FRIDAY, told_at=FRIDAY - timedelta(minutes=1))
    assert told(timeline, FRIDAY).at == FRIDAY + timedelta(minutes=4)


def test_what_is_overdue_is_due_at_once_and_once():
    late = FRIDAY + timedelta(hours=3)
    nudge = told(unread(Pace.NOW, FRIDAY), late)
    assert nudge.at < late
    after = unread(Pace.NOW, FRIDAY, unopened=Given(FRIDAY, 1, late))
    assert told(after, late).at == late + timedelta(minutes=10)


def test_what_the_night_found_undone_waits_for_the_morning():
    evening = local("2026-11-20 22:00")
    assert told(unread(Pace.TODAY, FRIDAY), evening).at == local("2026-11-23 08:00")


def test_a_snooze_puts_off_all_but_what_the_person_wrote():
    until = local("2026-12-01 12:00")
    snoozed = a_timeline(unanswered_since=FRIDAY, snoozed_until=until)
    assert told(snoozed, FRIDAY).at == local("2026-12-02 08:00")
    written = replace(unread(Pace.NOW, FRIDAY), snoozed_until=until)
    assert told(written, FRIDAY).at == FRIDAY + timedelta(minutes=10)


def test_a_past_that_a_wrong_clock_wrote_down_puts_nothing_off():
    future = FRIDAY + timedelta(days=365)
    timeline = unread(Pace.NOW, FRIDAY, unopened=Given(FRIDAY, 3, future))
    assert told(timeline, FRIDAY).at == FRIDAY + timedelta(minutes=10)


MOMENTS = st.integers(0, 730 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
MAYBE = st.none() | MOMENTS
TIMELINES = st.builds(
    Timeline,
    pace=st.sampled_from(Pace),
    unread_since=MAYBE,
    unanswered_since=MAYBE,
    plea_by=MAYBE,
    follow_up_at=MAYBE,
    waits_until=MAYBE,
    delete_at=MAYBE,
    snoozed_until=MAYBE,
    alarmed_at=MAYBE,
    called_at=MAYBE,
    told_at=MAYBE,
)


@given(TIMELINES, MOMENTS)
@settings(max_examples=300, deadline=None)
def test_what_can_wait_is_never_due_outside_duty_hours(timeline: Timeline, now: datetime):
    nudge = next_nudge(timeline, POLICY, CALENDAR, now)
    if nudge is not None and nudge.sort is not Sort.ALARM:
        assert is_open(POLICY.duty, CALENDAR, max(nudge.at, now))


@given(TIMELINES, MOMENTS)
@settings(max_examples=300, deadline=None)
def test_what_was_said_is_not_due_again_at_the_same_moment(timeline: Timeline, now: datetime):
    said = dict(timeline.given)
    for _ in range(len(Rule) + 1):
        nudge = next_nudge(replace(timeline, given=said), POLICY, CALENDAR, now)
        if nudge is None or nudge.at > now:
            return
        times = said[nudge.rule].times if nudge.rule in said and said[nudge.rule].about == nudge.about else 0
        said[nudge.rule] = Given(nudge.about, times + 1, now)
    pytest.fail("a rule is due again and again")
