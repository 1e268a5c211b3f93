"""When a desk is on duty and when somebody reads, in Swedish time; knows no case, no text and no clock."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

from triage.model import Desk, Duty, Pace

STOCKHOLM = ZoneInfo("Europe/Stockholm")

HALF_DAY_ENDS = time(14)
"""Local time at which duty ends at the latest on the working day before a holiday (as the banks have it)."""

_HORIZON = 400
"""Days to look ahead for duty: more than any Swedish run of closed days."""

_WITHIN: Mapping[Pace, timedelta] = {
    Pace.NOW: timedelta(hours=1),
    Pace.HOURS: timedelta(hours=2),
    Pace.TODAY: timedelta(hours=4),
}
"""Time on duty within which somebody reads."""

_DAYS: Mapping[Pace, int] = {Pace.DAYS: 2, Pace.WEEKS: 10}
"""Days of duty, after the one under way, at whose end somebody has read."""


class NeverOnDuty(Exception):
    """These duty hours have no opening in the calendar's year to come."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which no desk is on duty, and days on which duty ends early."""

    closed: frozenset[date]
    half: frozenset[date]


def swedish_calendar(years: Iterable[int]) -> Calendar:
    """Holidays and half-days of Sweden: public and de facto days are closed, the banks' other days are half."""
    span = tuple(years)
    closed = frozenset(country_holidays("SE", years=span, categories=("public", "de_facto"), include_sundays=False))
    bank = frozenset(country_holidays("SE", years=span, categories=("bank",), include_sundays=False))
    return Calendar(closed=closed, half=bank - closed)


def is_open(duty: Duty, calendar: Calendar, now: datetime) -> bool:
    """Whether somebody is on duty at `now` (aware)."""
    shift = _shift(duty, calendar, now.astimezone(STOCKHOLM).date())
    return shift is not None and shift[0] <= now < shift[1]


def next_opening(duty: Duty, calendar: Calendar, now: datetime) -> datetime:
    """When duty begins next, in UTC; `now` itself while somebody is on duty.

    Raises:
        NeverOnDuty: the hours have no day of duty.
    """
    opens, _ = next(_shifts(duty, calendar, now))
    return max(opens, now.astimezone(UTC))


def next_morning(duty: Duty, calendar: Calendar, now: datetime) -> datetime:
    """When a day of duty begins next, in UTC; `now` itself where it begins at this very moment.

    Raises:
        NeverOnDuty: the hours have no day of duty.
    """
    today = now.astimezone(STOCKHOLM).date()
    for ahead in range(_HORIZON):
        shift = _shift(duty, calendar, today + timedelta(days=ahead))
        if shift is not None and shift[0] >= now:
            return shift[0]
    raise NeverOnDuty


def reads_by(desk: Desk, pace: Pace, calendar: Calendar, now: datetime) -> datetime:
    """When somebody has read a case of this pace at the latest, in UTC, if the desk keeps its hours.

    What cannot wait counts by the clock where somebody is on call; all else counts time on duty.

    Raises:
        NeverOnDuty: the desk's hours have no day of duty.
    """
    if desk.out_of_hours is not None and not pace.can_wait:
        return now.astimezone(UTC) + _WITHIN[pace]
    if pace in _DAYS:
        return _end_of(_shifts(desk.hours, calendar, now), _DAYS[pace])
    return after_duty(desk.hours, calendar, now, _WITHIN[pace])


def after_duty(duty: Duty, calendar: Calendar, now: datetime, work: timedelta) -> datetime:
    """When `work` of time on duty has passed since `now`, in UTC.

    Raises:
        NeverOnDuty: there is not so much duty in the year to come.
    """
    for opens, closes in _shifts(duty, calendar, now):
        if opens + work <= closes:
            return opens + work
        work -= closes - opens
    raise NeverOnDuty


def on_duty(desk: Desk, pace: Pace, calendar: Calendar, now: datetime) -> bool:
    """Whether somebody reads now: in duty hours, or on call for what cannot wait."""
    on_call = desk.out_of_hours is not None and not pace.can_wait
    return on_call or is_open(desk.hours, calendar, now)


def _shift(duty: Duty, calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """Beginning and end of duty on a local day, in UTC, so that differences are true across daylight saving."""
    if day.weekday() not in duty.days or day in calendar.closed:
        return None
    closes = min(duty.closes, HALF_DAY_ENDS) if day in calendar.half else duty.closes
    if closes <= duty.opens:
        return None
    return _instant(day, duty.opens), _instant(day, closes)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, STOCKHOLM).astimezone(UTC)


def _shifts(duty: Duty, calendar: Calendar, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What is left of duty from `now` on, shift by shift."""
    today, start = now.astimezone(STOCKHOLM).date(), now.astimezone(UTC)
    for ahead in range(_HORIZON):
        shift = _shift(duty, calendar, today + timedelta(days=ahead))
        if shift is not None and shift[1] > start:
            yield max(shift[0], start), shift[1]
    raise NeverOnDuty


def _end_of(shifts: Iterator[tuple[datetime, datetime]], number: int) -> datetime:
    for count, (_, closes) in enumerate(shifts):
        if count == number:
            return closes
    raise NeverOnDuty
