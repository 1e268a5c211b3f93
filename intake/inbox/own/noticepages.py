"""One's own page: where one is told that something waits, proven by a code; shows no case."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from intake.inbox.own.present import refused
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import NoticeWay, OutgoingState
from intake.notices import proving
from intake.notices.book import bridge_for
from intake.notices.proving import Refusal, Refused

PAGE = "/notices"

WAYS: Mapping[NoticeWay, str] = {
    NoticeWay.EMAIL: _("E-mail"),
    NoticeWay.SMS: _("SMS"),
    NoticeWay.TELEGRAM: _("Telegram"),
    NoticeWay.CALL: _("Phone call"),
}
SENT: Mapping[OutgoingState, str] = {
    OutgoingState.WAITING: _("on its way"),
    OutgoingState.SENT: _("sent"),
    OutgoingState.FAILED: _("did not get through"),
    OutgoingState.EXPIRED: _("came too late and was not sent"),
    OutgoingState.HELD: _("held back"),
    OutgoingState.CANCELLED: _("taken back"),
}

_REFUSALS: Mapping[Refusal, str] = {
    Refusal.NO_BRIDGE: _("Nothing can be sent by this way: the operator has not set it up."),
    Refusal.NO_ADDRESS: _("This is no address that can be written to. Check the number or the address."),
    Refusal.TOO_SOON: _("A code is only just on its way. Wait a minute before you ask for another one."),
    Refusal.WRONG: _("This is not the code, or it is too old. Ask for a new one."),
}
_NOTHING_TO_TRY = _("There is no address yet that a test could go to.")


async def show_notices(visit: WorkVisit) -> web.Response:
    """Where one is told, and how the last notices went."""
    return await _page(visit)


async def begin(visit: WorkVisit) -> web.Response:
    """Send a code to a new address, or say what to write to the bot."""
    member, lang = visit.work.member.id, visit.language.tag
    if (refusal := await refused(visit)) is not None:
        return await _page(visit, *refusal)
    try:
        code = await proving.begin(visit.service, member, _way(visit), visit.field("address"), lang, visit.now)
    except Refused as why:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _REFUSALS[why.why])
    return see_other(PAGE) if code is None else await _page(visit, start=f"/start {code}")


async def prove(visit: WorkVisit) -> web.Response:
    """The code was read: the address counts."""
    try:
        await proving.prove(visit.service, visit.work.member.id, _way(visit), visit.field("code"), visit.now)
    except Refused as refused:
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem=_REFUSALS[refused.why])
    return see_other(PAGE)


async def choose(visit: WorkVisit) -> web.Response:
    """By this way from now on."""
    await proving.choose(visit.service, visit.work.member.id, _way(visit))
    return see_other(PAGE)


async def forget(visit: WorkVisit) -> web.Response:
    """Nothing more goes there."""
    if (refusal := await refused(visit)) is not None:
        return await _page(visit, *refusal)
    await proving.forget(visit.service, visit.work.member.id, _way(visit), visit.now)
    return see_other(PAGE)


async def try_out(visit: WorkVisit) -> web.Response:
    """Send oneself a notice that is only a test."""
    if not await proving.try_out(visit.service, visit.work.member.id, None, visit.now):
        return await _page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem=_NOTHING_TO_TRY)
    return see_other(PAGE)


async def _page(
    visit: WorkVisit, status: HTTPStatus = HTTPStatus.OK, problem: str = "", start: str = ""
) -> web.Response:
    own = await proving.own_ways(visit.service, visit.work.member.id, visit.now)
    offered = [way for way in NoticeWay if way is not NoticeWay.CALL and bridge_for(visit.service, way) is not None]
    return visit.show(
        "notices.html",
        status,
        own=own,
        reached={one.way: one for one in own.reached},
        offered=offered,
        ways=WAYS,
        sent=SENT,
        problem=problem,
        start=start,
        rings=bridge_for(visit.service, NoticeWay.CALL) is not None,
    )


def _way(visit: WorkVisit) -> NoticeWay:
    return NoticeWay(visit.request.match_info["way"])
