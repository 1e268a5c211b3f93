"""Watches those who are to be told, and itself: empty desks, bridges that fail, a weekly test, a sign of life."""

from datetime import date, datetime, time, timedelta

import aiohttp
from sqlalchemy import Connection

from intake.logs import log
from intake.model import MemberId
from intake.notices.words import What
from intake.nudging.roster import roster
from intake.nudging.telling import tell_members
from intake.service import Service
from intake.store import absences, nudges, passing, watching
from intake.vault.blind import blind_index
from intake.vault.service_key import Purpose
from triage.calendar import STOCKHOLM, is_open
from triage.timeline import Way

_LOG = log(__name__)
LATE = timedelta(minutes=5)
"""What was due so long ago and nobody was told of: nudging does not work."""
_PATIENCE = aiohttp.ClientTimeout(total=20)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TEST_WITHIN = timedelta(hours=6)
"""A test call that the machine slept through is made up for so long."""
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


async def watch(service: Service, now: datetime) -> None:
    """Tell the national desk of desks with nobody there and of bridges that fail; once a week let every phone ring."""
    if await service.database.write(_watch, service, now):
        service.bell.ring()


async def beat(service: Service, now: datetime) -> bool:
    """Give the outside watch a sign of life, if nudging works; whoever watches alarms when none comes.

    Returns whether one was given.
    """
    url = service.config.watch.heartbeat_url
    if url is None or service.signs.silent(now) or not await service.database.read(_is_well, service, now):
        return False
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as http, http.get(url) as answer:
            return answer.ok
    except (aiohttp.ClientError, TimeoutError) as error:
        _LOG.warning("the outside watch does not answer", exception=type(error).__name__)
        return False


def test_due(weekly: str, now: datetime) -> date | None:
    """The local day of the weekly test whose hour has come, such as ``tue 10:00``; None while none is due."""
    day, _, at = weekly.partition(" ")
    if day not in _WEEKDAYS:
        return None
    local = now.astimezone(STOCKHOLM)
    begins = datetime.combine(local.date(), time.fromisoformat(at), STOCKHOLM)
    due = local.weekday() == _WEEKDAYS.index(day) and begins <= local < begins + _TEST_WITHIN
    return local.date() if due else None


def _watch(conn: Connection, service: Service, now: datetime) -> bool:
    absences.forget_past(conn, now)
    people = roster(conn, service, service.config.desks, now)
    national = service.config.national_desk
    told = _test(conn, service, frozenset().union(*people.present.values()), now)
    if not is_open(service.config.desks[national].hours, service.calendar, now):
        return told
    troubles = [f"unmanned|{desk}" for desk in people.unmanned if desk != national]
    troubles += [f"failing|{name}" for name in _failing(conn, service, now)]
    for trouble in troubles:
        # A day long the same trouble is said once, by whichever node finds it.
        if _first(conn, service, trouble, now, _DAY):
            tell_members(conn, service, people.present[national], Way.SMS, What.ALARM, now)
            _LOG.warning("told the national desk", what=trouble)
            told = True
    return told


def _test(conn: Connection, service: Service, members: frozenset[MemberId], now: datetime) -> bool:
    day = test_due(service.config.watch.test_call, now)
    if day is None or not _first(conn, service, f"test|{day}", now, _WEEK):
        return False
    return bool(tell_members(conn, service, members, Way.CALL, What.TEST, now))


def _failing(conn: Connection, service: Service, now: datetime) -> list[str]:
    """Bridges that carry nothing: credit used up, password changed, provider down."""
    most = service.config.watch.failures_before_alarm
    return sorted(name for name, failed in watching.failing(conn, now - _DAY, now).items() if failed >= most)


def _is_well(conn: Connection, service: Service, now: datetime) -> bool:
    return not nudges.due_desks(conn, service.config.desks, now - LATE) and not _failing(conn, service, now)


def _first(conn: Connection, service: Service, name: str, now: datetime, lasts: timedelta) -> bool:
    name_hash = blind_index(service.key, Purpose.DEDUP, f"watch|{name}".encode())
    return passing.tally(conn, name_hash, 1, now, now + lasts)
