"""The one form by which a case comes back on a day: followed up, waited for, or put off; knows no SQL."""

from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from intake.casefile.entries import FollowUp
from intake.casefile.writing import write_down
from intake.casework import CaseClosed, Unread, end_waiting, let_case_wait
from intake.casework.waiting import LONGEST_WAIT
from intake.inbox.case import casefileforms as forms
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.case.panels.later import MORNING, Way
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import Waiting
from intake.nudging.putting_off import put_off
from intake.reading import NotYours

_NO_DAY = _("Choose a day that is not over and at most a year away, and what happens until then. Nothing was changed.")
_NO_REASON = _("Say why, so that whoever sees it then knows. Nothing was changed.")
_NOT_NOW = _("Something in the case is unread, or it is closed: it cannot be put aside. Nothing was changed.")


async def bring_back(visit: WorkVisit) -> web.Response:
    """Let the case come back on a day."""
    way = forms.choice(Way, visit.field("back_way"))
    at = forms.moment(visit.field("back_day"), visit.field("back_time") or MORNING)
    why = forms.words(visit, "back_why")
    if way is None or at is None or not visit.now < at <= visit.now + LONGEST_WAIT:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_DAY)
    if not why and not way.waits:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_REASON)
    try:
        await _set(visit, way, at, why)
    except NotYours:
        raise web.HTTPNotFound from None
    except (Unread, CaseClosed):
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NOT_NOW)
    return see_other(f"/cases/{case_id(visit)}#later")


async def go_on(visit: WorkVisit) -> web.Response:
    """Take the case up again before its day: wait for nobody, or follow nothing up."""
    try:
        if visit.field("back_way") == Way.FOLLOW_UP:
            await write_down(visit.service, visit.work.reader, case_id(visit), FollowUp(at=None), visit.now)
        else:
            await end_waiting(visit.service, visit.work.reader, case_id(visit), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except (Unread, CaseClosed):
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NOT_NOW)
    return see_other(f"/cases/{case_id(visit)}#later")


async def _set(visit: WorkVisit, way: Way, at: datetime, why: str) -> None:
    service, reader, case, now = visit.service, visit.work.reader, case_id(visit), visit.now
    match way:
        case Way.FOLLOW_UP:
            await write_down(service, reader, case, FollowUp(at=at, reason=why), now)
        case Way.QUIET:
            await put_off(service, reader, case, at, why, now)
        case Way.PERSON | Way.PARTNER:
            await let_case_wait(service, reader, case, Waiting(way.value), at, now, why)
