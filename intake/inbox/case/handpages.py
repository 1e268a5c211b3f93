"""The forms by which a case goes to another desk, is lent, or is taken back; knows no key."""

from http import HTTPStatus

from aiohttp import web

from intake.casework import NoSuchDesk, SealedToOthers, move_case, take_back
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.reading import NotYours
from triage.model import DeskName

_LONGEST_REASON = 2_000
_NO_REASON = _("Say why, in at most 2,000 characters: whoever receives the case must know.")
_NO_DESK = _("Nobody at that desk could read it, or they read it already. Nothing was changed.")
_SEALED = _(
    "Part of the case was sealed before you were let in: whoever got it would miss that. "
    "A colleague who reads all of it must pass it on. Nothing was changed."
)


async def hand_on(visit: WorkVisit) -> web.Response:
    """Give the case away, or lend it: the button says which."""
    reason, lend = visit.field("reason").strip(), visit.field("way") == "lend"
    if not reason or len(reason) > _LONGEST_REASON:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_REASON)
    case, to, keep = case_id(visit), DeskName(visit.field("desk")), bool(visit.field("keep"))
    try:
        await move_case(visit.service, visit.work.reader, case, to, reason, visit.now, lend=lend, keep=keep)
    except NotYours:
        raise web.HTTPNotFound from None
    except NoSuchDesk:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_DESK)
    except SealedToOthers:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _SEALED)
    return see_other(f"/cases/{case}" if lend or keep else "/")


async def end_loan(visit: WorkVisit) -> web.Response:
    """Show the case to a desk no more."""
    case = case_id(visit)
    try:
        await take_back(visit.service, visit.work.reader, case, DeskName(visit.field("desk")), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except NoSuchDesk:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NO_DESK)
    return see_other(f"/cases/{case}")
