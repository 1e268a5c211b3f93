"""Duty hours over Swedish weekends, holidays, half-days and the change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from triage.calendar import NeverOnDuty, after_duty, is_open, next_opening, on_duty, reads_by, swedish_calendar
from triage.model import Desk, DeskName, Duty, Kind, Minors, Pace, RegionName

CALENDAR = swedish_calendar(range(2025, 2029))
OFFICE = Duty(days=frozenset(range(5)), opens=time(8), closes=time(16))


def local(text: str) -> datetime:
    """A Swedish local time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)


def desk(on_call: str | None = None, hours: Duty = OFFICE) -> Desk:
    return Desk(
        DeskName("mitt"), "Mitt", RegionName("mitt"), "A", frozenset(Kind), Minors.ANY, hours, on_call, deputies=()
    )


@pytest.mark.parametrize(
    ("now", "expected", "why"),
    [
        ("2026-11-20 08:00", True, "a Friday, from the first minute"),
        ("2026-11-20 07:59", False, "before duty"),
        ("2026-11-20 16:00", False, "duty ends before its last minute is over"),
        ("2026-11-21 10:00", False, "Saturday"),
        ("2026-06-19 10:00", False, "Midsummer Eve is closed de facto"),
        ("2026-12-24 10:00", False, "Christmas Eve"),
        ("2026-12-31 10:00", False, "New Year's Eve"),
        ("2026-05-14 10:00", False, "Ascension Day"),
        ("2026-01-06 10:00", False, "Epiphany"),
        ("2026-04-30 13:59", True, "Walpurgis Night, before two"),
        ("2026-04-30 14:00", False, "Walpurgis Night is a half-day"),
        ("2026-04-02 15:00", False, "Maundy Thursday is a half-day"),
    ],
)
def test_a_desk_is_open_in_its_hours_only(now: str, expected: bool, why: str):
    assert is_open(OFFICE, CALENDAR, local(now)) is expected, why


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20 09:30", "2026-11-20 09:30"),
        ("2026-11-20 16:00", "2026-11-23 08:00"),
        ("2026-12-23 17:00", "2026-12-28 08:00"),
        ("2026-04-02 14:00", "2026-04-07 08:00"),
        ("2026-03-27 18:00", "2026-03-30 08:00"),
        ("2026-10-23 18:00", "2026-10-26 08:00"),
    ],
)
def test_the_next_opening_is_the_next_minute_of_duty(now: str, expected: str):
    assert next_opening(OFFICE, CALENDAR, local(now)) == local(expected)


def test_the_clocks_change_under_the_hours_not_with_them():
    winter, summer = local("2026-03-27 08:00"), local("2026-03-30 08:00")
    assert (winter.hour, summer.hour) == (7, 6)
    assert summer - winter == timedelta(days=3) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("pace", "now", "expected"),
    [
        (Pace.NOW, "2026-11-20 10:00", "2026-11-20 11:00"),
        (Pace.NOW, "2026-11-20 15:50", "2026-11-23 08:50"),
        (Pace.HOURS, "2026-11-21 03:00", "2026-11-23 10:00"),
        (Pace.TODAY, "2026-11-20 10:00", "2026-11-20 14:00"),
        (Pace.TODAY, "2026-11-20 15:00", "2026-11-23 11:00"),
        (Pace.DAYS, "2026-11-20 10:00", "2026-11-24 16:00"),
        (Pace.DAYS, "2026-11-21 10:00", "2026-11-25 16:00"),
        (Pace.WEEKS, "2026-11-20 10:00", "2026-12-04 16:00"),
        (Pace.TODAY, "2026-04-30 13:00", "2026-05-04 11:00"),
    ],
)
def test_without_anybody_on_call_the_promise_counts_time_on_duty(pace: Pace, now: str, expected: str):
    assert reads_by(desk(), pace, CALENDAR, local(now)) == local(expected)


def test_on_call_what_cannot_wait_is_promised_by_the_clock():
    night = local("2026-11-21 03:00")
    on_call = desk("+46 70 174 06 05")
    assert reads_by(on_call, Pace.NOW, CALENDAR, night) == night + timedelta(hours=1)
    assert reads_by(on_call, Pace.TODAY, CALENDAR, night) == local("2026-11-23 12:00")


def test_on_duty_at_night_is_who_is_on_call_for_what_cannot_wait():
    night = local("2026-11-21 03:00")
    assert on_duty(desk("+46 70 174 06 05"), Pace.HOURS, CALENDAR, night)
    assert not on_duty(desk("+46 70 174 06 05"), Pace.DAYS, CALENDAR, night)
    assert not on_duty(desk(), Pace.NOW, CALENDAR, night)


def test_time_on_duty_passes_over_nights_and_weekends():
    assert after_duty(OFFICE, CALENDAR, local("2026-11-19 15:00"), timedelta(hours=10)) == local("2026-11-23 09:00")


def test_hours_without_a_day_are_an_error_not_a_promise():
    never = Duty(days=frozenset(), opens=time(8), closes=time(16))
    with pytest.raises(NeverOnDuty):
        next_opening(never, CALENDAR, local("2026-11-20 10:00"))


def test_a_duty_that_begins_after_a_half_day_ends_has_no_shift_then():
    evening = Duty(days=frozenset(range(5)), opens=time(15), closes=time(20))
    assert next_opening(evening, CALENDAR, local("2026-04-30 10:00")) == local("2026-05-04 15:00")
