"""Tells whoever stands on a rung, by the way it asks for or a softer one, each once; knows no rule."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.model import Case, MemberId, NoticeWay
from intake.notices.on_call import promise_on_call
from intake.notices.promise import promise
from intake.notices.words import What
from intake.nudging.roster import Circle, Roster, circles
from intake.service import Service
from intake.store import passing
from intake.vault.blind import blind_index
from intake.vault.service_key import Purpose
from triage.calendar import STOCKHOLM, is_open
from triage.model import DeskName
from triage.timeline import Nudge, Rung, Sort, Step, Way

WHAT: Mapping[Sort, What] = {Sort.ALARM: What.ALARM, Sort.NOTICE: What.WAITING, Sort.DIGEST: What.DIGEST}
_WAYS: Mapping[Way, tuple[NoticeWay | None, ...]] = {
    Way.CALL: (NoticeWay.CALL, NoticeWay.SMS, None),
    Way.SMS: (NoticeWay.SMS, None),
    Way.MESSAGE: (None,),
}
"""Each way with the softer ones after it; None is as the member chose."""
_ALARM_ONLY = (Rung.DEPUTIES, Rung.ON_CALL)


@dataclass(slots=True)
class Round:
    """What is told in one transaction: each member once, each number once, by what was asked for first."""

    conn: Connection = field(repr=False)
    service: Service = field(repr=False)
    people: Roster = field(repr=False)
    now: datetime
    told: set[MemberId] = field(default_factory=set)
    full: set[MemberId] = field(default_factory=set)
    """Who has had so many notices today that the rest can wait until tomorrow."""
    numbers: set[DeskName] = field(default_factory=set)


def tell(round_: Round, case: Case, nudge: Nudge) -> Rung | None:
    """Tell the first rung that holds somebody who can be reached, and say which; None where nobody may be told today.

    What can wait is told to nobody who could not read it, but to the national desk, and to nobody out of their hours.
    """
    for circle in circles(round_.service.config, round_.people, case.desk, case.assignee, nudge.step.rung):
        if nudge.sort is Sort.ALARM:
            if _alarm(round_, case.desk, circle, nudge.step):
                return circle.rung
        elif circle.rung not in _ALARM_ONLY:
            awake = frozenset(member for member in circle.members if _has_duty(round_, member))
            if awake:
                return circle.rung if _notify(round_, awake, nudge) else None
    return None


def tell_members(
    conn: Connection, service: Service, members: Iterable[MemberId], way: Way, what: What, now: datetime
) -> frozenset[MemberId]:
    """Tell these members by a way or, where it does not reach them, by a softer one; returns whom it reached."""
    wanted = untold = frozenset(members)
    for one in _WAYS[way]:
        if untold:
            untold = promise(conn, service, untold, one, what, now)
    return wanted - untold


def _alarm(round_: Round, desk: DeskName, circle: Circle, step: Step) -> bool:
    """Whoever was told in this round knows of this case too."""
    if circle.on_call:
        if desk not in round_.numbers and promise_on_call(round_.conn, round_.service, desk, What.ALARM, round_.now):
            round_.numbers.add(desk)
        return desk in round_.numbers
    new = circle.members - round_.told
    round_.told |= tell_members(round_.conn, round_.service, new, step.way, What.ALARM, round_.now)
    return bool(circle.members & round_.told)


def _notify(round_: Round, members: frozenset[MemberId], nudge: Nudge) -> bool:
    new = [member for member in sorted(members - round_.told - round_.full) if _take_room(round_, member)]
    what = WHAT[nudge.sort]
    round_.told |= tell_members(round_.conn, round_.service, new, nudge.step.way, what, round_.now)
    return bool(members & round_.told)


def take_room(conn: Connection, service: Service, member: MemberId, now: datetime) -> bool:
    """Count one notice more for today, unless it would be one too many."""
    today = now.astimezone(STOCKHOLM).date()
    name = blind_index(service.key, Purpose.DEDUP, f"notices|{member}|{today}".encode())
    return passing.tally(conn, name, service.config.nudges.most_a_day, now, now + timedelta(days=2))


def _take_room(round_: Round, member: MemberId) -> bool:
    if take_room(round_.conn, round_.service, member, round_.now):
        return True
    round_.full.add(member)
    return False


def _has_duty(round_: Round, member: MemberId) -> bool:
    """Whether one of the member's desks is on duty: nobody is disturbed at night for what can wait."""
    own = _desks_of(round_.people, member)
    desks = round_.service.config.desks
    return any(is_open(desks[desk].hours, round_.service.calendar, round_.now) for desk in own)


def _desks_of(people: Roster, member: MemberId) -> Iterator[DeskName]:
    return (desk for desk, members in people.readers.items() if member in members)
