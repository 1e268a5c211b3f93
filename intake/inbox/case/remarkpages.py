"""The form by which colleagues tell each other something about a case; nothing of it reaches the person."""

from http import HTTPStatus

from aiohttp import web

from intake.casework import CaseClosed, add_remark
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import MemberId
from intake.nudging.mentioning import NoReader, add_remark_for
from intake.reading import NotYours

LONGEST_REMARK = 10_000
"""Characters."""

_NO_READER = _("Who the note was for does not read this case any more. It was not kept.")
_CLOSED = _("The case is closed: a note in it can be for nobody in particular. It was not kept.")
_EMPTY = _("There is nothing in the note yet, or it is longer than 10,000 characters. It was not kept.")


async def remark(visit: WorkVisit) -> web.Response:
    """Keep a note for colleagues."""
    text = visit.field("remark").strip()
    if not text or len(text) > LONGEST_REMARK:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _EMPTY)
    member, service, reader = visit.field("remark_for"), visit.service, visit.work.reader
    try:
        if member:
            await add_remark_for(service, reader, case_id(visit), text, MemberId(member), visit.now)
        else:
            await add_remark(service, reader, case_id(visit), text, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except CaseClosed:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _CLOSED)
    except NoReader:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NO_READER)
    return see_other(f"/cases/{case_id(visit)}#colleagues")
