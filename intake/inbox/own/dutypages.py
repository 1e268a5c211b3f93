"""One's own page of days away, and who is told instead; shows no case."""

from datetime import date, datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from intake.casework.waiting import LONGEST_WAIT
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import MemberId
from intake.nudging.absence import NoDeputy, come_back, go_away, own_absence
from triage.calendar import STOCKHOLM

PAGE = "/duty"
_DAY = timedelta(days=1)

_NO_DAYS = _("Give the first and the last day, the last one not before the first and at most a year away.")
_NO_DEPUTY = _("That colleague cannot stand in: they cannot open what comes to your desk.")


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
