"""When somebody must act, and who is told when nobody has; sees times and states only, never a text or an address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triage.calendar import Calendar, after_duty, is_open, next_morning, next_opening
from triage.model import Duty, Pace
from triage.timeline import Nudge, Policy, Rule, Rung, Sort, Step, Timeline, Way


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


def next_nudge(timeline: Timeline, policy: Policy, calendar: Calendar, now: datetime) -> Nudge | None:
    """The next time that somebody must be told of this case, and whom; None while nobody need be.

    Computed from what has happened, so that it can be asked again at any moment and by anybody: a nudge whose `at` has
    passed goes out now, once, however late; having been given, it is counted in `timeline.given` and the next one is
    due from then on.

    Raises:
        NeverOnDuty: the desk's hours have no day of duty.
    """
    known, rules = timeline.not_after(now), OF_CLOSED if timeline.closed else RULES
    found = [nudge for rule in rules if (nudge := rule(known, policy, calendar, now)) is not None]
    return min((_in_peace(nudge, policy, calendar, now) for nudge in found), key=lambda nudge: nudge.at, default=None)


def new(timeline: Timeline, policy: Policy, calendar: Calendar, _: datetime) -> Nudge | None:
    """Somebody has written: the desk hears of it once, with whatever else came in meanwhile."""
    since = timeline.unread_since
    if since is None or timeline.so_far(Rule.NEW, since).times:
        return None
    if not timeline.pace.can_wait:
        at = _after_the_last(since, timeline.alarmed_at, policy.bundle)
        return Nudge(Rule.NEW, at, since, Sort.ALARM, Step(Rung.ASSIGNEE, Way.SMS))
    at = next_opening(policy.duty, calendar, _after_the_last(since, timeline.told_at, policy.bundle))
    return Nudge(Rule.NEW, at, since, Sort.NOTICE, Step(Rung.ASSIGNEE, Way.MESSAGE))


def unopened(timeline: Timeline, policy: Policy, calendar: Calendar, now: datetime) -> Nudge | None:
    """Nobody has opened what the person wrote: day and night where it cannot wait, again and again, up the chain."""
    since, pace = timeline.unread_since, timeline.pace
    if since is None:
        return None
    so_far = timeline.so_far(Rule.UNOPENED, since)
    gap = policy.repeats[pace] if so_far.times else policy.limits[pace]
    if pace.can_wait:
        return _in_duty(Rule.UNOPENED, timeline, policy, calendar, since, gap)
    # A call to this desk is a call for all that waited there: what it was not made for waits from then on.
    last = max(so_far.last_at, timeline.called_at or so_far.last_at)
    at = last + gap
    chain = policy.day if is_open(policy.duty, calendar, max(at, now)) else policy.night
    return Nudge(Rule.UNOPENED, at, since, Sort.ALARM, chain[so_far.times % len(chain)])


def plea(timeline: Timeline, policy: Policy, calendar: Calendar, _: datetime) -> Nudge | None:
    """The person affected asks for help for the first time: whatever the pace, within some hours of duty."""
    by = timeline.plea_by
    if by is None or timeline.unread_since is None or not timeline.pace.can_wait:
        return None
    so_far = timeline.so_far(Rule.PLEA, by)
    at = after_duty(policy.duty, calendar, so_far.last_at, policy.plea) if so_far.times else by
    at = next_opening(policy.duty, calendar, at)
    return Nudge(Rule.PLEA, at, by, Sort.NOTICE, _office(policy, so_far.times))


def unanswered(timeline: Timeline, policy: Policy, calendar: Calendar, _: datetime) -> Nudge | None:
    """Somebody has read it and nobody has answered."""
    since = timeline.unanswered_since
    if since is None or timeline.unread_since is not None:
        return None
    nudge = _in_duty(Rule.UNANSWERED, timeline, policy, calendar, since, policy.answers[timeline.pace])
    return _snoozed(nudge, timeline, policy, calendar)


def follow_up(timeline: Timeline, policy: Policy, calendar: Calendar, _: datetime) -> Nudge | None:
    """The day has come that a coordinator set down, with a reason that the clock does not know."""
    return _once(Rule.FOLLOW_UP, timeline.follow_up_at, timeline, policy, calendar)


def waiting(timeline: Timeline, policy: Policy, calendar: Calendar, _: datetime) -> Nudge | None:
    """The person, or a partner, was to have been heard of by now; asked again until the coordinator decides."""
    until = timeline.waits_until
    if until is None:
        return None
    so_far = timeline.so_far(Rule.WAITING, until)
    at = so_far.last_at + policy.waiting_again if so_far.times else until
    morning = next_morning(policy.duty, calendar, at)
    nudge = Nudge(Rule.WAITING, morning, until, Sort.DIGEST, _softly(_office(policy, so_far.times)))
    return _snoozed(nudge, timeline, policy, calendar)


def deletion(timeline: Timeline, policy: Policy, calendar: Calendar, _: datetime) -> Nudge | None:
    """What is left of the case will be deleted some days from now."""
    ahead = timeline.delete_at and timeline.delete_at - policy.ahead
    return _once(Rule.DELETION, ahead, timeline, policy, calendar)


def check_in(timeline: Timeline, policy: Policy, calendar: Calendar, _: datetime) -> Nudge | None:
    """The person was to be asked how they are, and could not be in time."""
    return _once(Rule.CHECK_IN, timeline.check_in_lost_at, timeline, policy, calendar)


RULES: tuple[Callable[[Timeline, Policy, Calendar, datetime], Nudge | None], ...] = (
    new,
    unopened,
    plea,
    unanswered,
    follow_up,
    waiting,
    deletion,
    check_in,
)
"""Every rule. Of two that are due at the same moment the earlier one speaks first."""

OF_CLOSED = (deletion,)
"""All that is ever said of a closed case."""

_AT_ONCE = (Pace.NOW, Pace.HOURS, Pace.TODAY)
"""Paces whose reminders do not wait for the morning."""


def _in_duty(
    rule: Rule, timeline: Timeline, policy: Policy, calendar: Calendar, since: datetime, gap: timedelta
) -> Nudge:
    """Due when `gap` of duty has passed since the last time; what is not pressing waits for the next morning."""
    so_far = timeline.so_far(rule, since)
    at, step = after_duty(policy.duty, calendar, so_far.last_at, gap), _office(policy, so_far.times)
    if timeline.pace in _AT_ONCE:
        return Nudge(rule, next_opening(policy.duty, calendar, at), since, Sort.NOTICE, step)
    return Nudge(rule, next_morning(policy.duty, calendar, at), since, Sort.DIGEST, _softly(step))


def _once(rule: Rule, about: datetime | None, timeline: Timeline, policy: Policy, calendar: Calendar) -> Nudge | None:
    """A line of the first digest after a moment, never repeated."""
    if about is None or timeline.so_far(rule, about).times:
        return None
    morning = next_morning(policy.duty, calendar, about)
    nudge = Nudge(rule, morning, about, Sort.DIGEST, Step(Rung.ASSIGNEE, Way.MESSAGE))
    return _snoozed(nudge, timeline, policy, calendar)


def _snoozed(nudge: Nudge, timeline: Timeline, policy: Policy, calendar: Calendar) -> Nudge:
    """Not before the coordinator wanted to hear of the case again."""
    until = timeline.snoozed_until
    if until is None or until <= nudge.at:
        return nudge
    later = next_morning if nudge.sort is Sort.DIGEST else next_opening
    return replace(nudge, at=later(policy.duty, calendar, until))


def _in_peace(nudge: Nudge, policy: Policy, calendar: Calendar, now: datetime) -> Nudge:
    """What was due in duty hours and found nobody awake, not even the machine, is not made up for at night."""
    if nudge.sort is Sort.ALARM or nudge.at > now or is_open(policy.duty, calendar, now):
        return nudge
    return replace(nudge, at=next_opening(policy.duty, calendar, now))


def _after_the_last(since: datetime, told_at: datetime | None, bundle: timedelta) -> datetime:
    return since if told_at is None else max(since, told_at + bundle)


def _office(policy: Policy, times: int) -> Step:
    return policy.office[times % len(policy.office)]


def _softly(step: Step) -> Step:
    return Step(step.rung, Way.MESSAGE)
