"""The forms by which a case is put aside until somebody else has acted, and taken up again."""

from datetime import date, datetime
from http import HTTPStatus

from aiohttp import web

from intake.casework import Closed, Unread, end_waiting, let_case_wait
from intake.casework.waiting import LONGEST_WAIT
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import Waiting
from intake.reading import NotYours
from triage.calendar import STOCKHOLM

_NO_DAY = _("Choose on whom the case waits, and a day from tomorrow on, at most a year away.")
_NOT_NOW = _("Something in the case is unread, or it is closed: it cannot wait. Nothing was changed.")
_MORNING = 8
"""O'clock in Sweden: by then somebody is to look at it again."""


async def wait(visit: WorkVisit) -> web.Response:
    """Put the case aside."""
    until = read_day(visit.field("until"), visit.now)
    if until is None or visit.field("on") not in list(Waiting):
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_DAY)
    on = Waiting(visit.field("on"))
    try:
        await let_case_wait(visit.service, visit.work.reader, case_id(visit), on, until, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except (Unread, Closed):
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NOT_NOW)
    return see_other(f"/cases/{case_id(visit)}")


async def go_on(visit: WorkVisit) -> web.Response:
    """Take the case up again."""
    try:
        await end_waiting(visit.service, visit.work.reader, case_id(visit), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except (Unread, Closed):
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NOT_NOW)
    return see_other(f"/cases/{case_id(visit)}")


def read_day(text: str, now: datetime) -> datetime | None:
    """The morning of a day as a date field sends it, ``2026-12-01``; None for none, or one that is too near or far."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    until = datetime(day.year, day.month, day.day, _MORNING, tzinfo=STOCKHOLM)
    return until if now < until <= now + LONGEST_WAIT else None
