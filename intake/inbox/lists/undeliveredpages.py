"""Answers that did not get through: the desk's list, try again, another way; shows neither text nor address."""

from http import HTTPStatus

from aiohttp import web

from intake.inbox.case.panels.reach import KINDS, REASONS, STATES
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import OutgoingState
from intake.reaching.undelivered import NothingLeft, list_undelivered, set_aside, try_again
from intake.reading import NotYours

PAGE = "/undelivered"

_NOTHING_LEFT = _("There is nothing left to send: its time is over, or the person has read it. Write a new answer.")
_NOT_NOW = _("It cannot go now and is held until it may. The case says why.")


async def show_undelivered(visit: WorkVisit) -> web.Response:
    """What failed, came too late or may not go, the newest first."""
    return await _page(visit)


async def again(visit: WorkVisit) -> web.Response:
    """Once more, by another account of the same kind where one was chosen."""
    try:
        barred = await try_again(visit.service, visit.work.reader, _id(visit), visit.now, by=visit.field("by") or None)
    except NotYours:
        raise web.HTTPNotFound from None
    except NothingLeft:
        return await _page(visit, HTTPStatus.CONFLICT, _NOTHING_LEFT)
    return see_other(PAGE) if barred is None else await _page(visit, problem=_NOT_NOW)


async def aside(visit: WorkVisit) -> web.Response:
    """The coordinator reaches the person in another way."""
    try:
        await set_aside(visit.service, visit.work.reader, _id(visit), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    return see_other(PAGE)


async def _page(visit: WorkVisit, status: HTTPStatus = HTTPStatus.OK, problem: str = "") -> web.Response:
    found = await list_undelivered(visit.service, visit.work.reader)
    bridges = visit.service.bridges
    channels = {name: bridge.channel for name, bridge in bridges.items()}
    others = {
        one.id: [name for name in bridges if name != one.bridge and channels[name] == channels.get(one.bridge)]
        for one in found
    }
    return visit.show(
        "undelivered.html",
        status,
        found=found,
        others=others,
        kinds=KINDS,
        states=STATES,
        reasons=REASONS,
        held=OutgoingState.HELD,
        problem=problem,
    )


def _id(visit: WorkVisit) -> str:
    return visit.request.match_info["sending"]
