"""One's own page of days away, and the form that puts a case off; shows no case."""

from datetime import date, datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from intake.casework import Closed, Unread
from intake.casework.waiting import LONGEST_WAIT
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.case.waitpages import read_day
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import MemberId
from intake.nudging.absence import NoDeputy, come_back, go_away, own_absence
from intake.nudging.putting_off import put_off
from intake.reading import NotYours
from triage.calendar import STOCKHOLM

PAGE = "/duty"
_LONGEST_REASON = 2_000

_NO_DAYS = _("Give the first and the last day, the last one not before the first and at most a year away.")
_NO_DEPUTY = _("That colleague cannot stand in: they cannot open what comes to your desk.")
_NO_REASON = _("Say until which day, from tomorrow on, and why. Nothing was changed.")
_NOT_NOW = _("Something in the case is unread, or it is closed: it cannot be put off. Nothing was changed.")


async def show_duty(visit: WorkVisit) -> web.Response:
    """Whether one is away, and until when."""
    return await _page(visit)


async def away(visit: WorkVisit) -> web.Response:
    """Be away from one day to another; somebody else is told meanwhile."""
    since, until = _midnight(visit.field("since")), _midnight(visit.field("until"))
    if since is None or until is None or until < since or not visit.now < until + _DAY <= visit.now + LONGEST_WAIT:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_DAYS)
    deputy = MemberId(visit.field("deputy")) if visit.field("deputy") else None
    try:
        await go_away(visit.service, visit.work.reader, since, until + _DAY, deputy)
    except NoDeputy:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_DEPUTY)
    return see_other(PAGE)


async def back(visit: WorkVisit) -> web.Response:
    """Be there again."""
    await come_back(visit.service, visit.work.reader)
    return see_other(PAGE)


async def put_case_off(visit: WorkVisit) -> web.Response:
    """Remind nobody of a case before a day, for a reason that colleagues can read."""
    until, reason = read_day(visit.field("later"), visit.now), visit.field("why_later").strip()
    if until is None or not reason or len(reason) > _LONGEST_REASON:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_REASON)
    try:
        await put_off(visit.service, visit.work.reader, case_id(visit), until, reason, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except (Unread, Closed):
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NOT_NOW)
    return see_other(f"/cases/{case_id(visit)}")


_DAY = timedelta(days=1)


async def _page(visit: WorkVisit, status: HTTPStatus = HTTPStatus.OK, problem: str = "") -> web.Response:
    own = await own_absence(visit.service, visit.work.reader)
    logins = {one.member.id: one.login for one in own.deputies}
    absence = own.absence
    deputy = "" if absence is None or absence.deputy is None else logins.get(absence.deputy, "")
    return visit.show(
        "duty.html",
        status,
        absence=absence,
        last_day=None if absence is None else absence.until - _DAY,
        deputy=deputy,
        deputies=logins,
        today=visit.now.astimezone(STOCKHOLM).date(),
        problem=problem,
    )


def _midnight(text: str) -> datetime | None:
    """The beginning of a local day as a date field sends it; None for no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)
