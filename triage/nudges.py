"""When somebody must have acted; sees times and states only, never a text or an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.calendar import Calendar, after_duty
from triage.model import Duty, Pace


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a case may lie unopened, by pace: by the clock for what cannot wait, in time on duty for the rest."""

    by_pace: Mapping[Pace, timedelta]


def due_at(pace: Pace, duty: Duty, limits: Limits, calendar: Calendar, now: datetime) -> datetime:
    """When a case that waits from `now` on must have been opened (aware, UTC).

    Raises:
        NeverOnDuty: the pace counts time on duty, and the hours have none.
    """
    limit = limits.by_pace[pace]
    return after_duty(duty, calendar, now, limit) if pace.can_wait else now + limit
