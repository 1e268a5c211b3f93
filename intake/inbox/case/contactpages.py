"""What a coordinator puts down about writing to a person: hours, neutral words, a question; sees no address."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from intake.inbox.case import casepages
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import CaseId
from intake.reaching.safecontact import Unsuitable, Wishes, put_down
from intake.reading import NotYours

_PROBLEMS: Mapping[str, str] = {
    "hours": _("Write the hours like this: 18-22. Nothing was saved."),
    "words": _("The neutral words may have 70 characters and no link. Nothing was saved."),
    "question": _("A question needs two different answers: one that lets in, one that means: I am not alone."),
}
_NOBODY = _("There is no phone or chat to write to any more.")


async def save(visit: WorkVisit) -> web.Response:
    """Keep what the person has said about being written to."""
    case_id = CaseId(visit.request.match_info["case"])
    wishes = Wishes(*(visit.field(f"safe_{name}") for name in ("hours", "words", "ask", "answer", "not_free")))
    try:
        kept = await put_down(visit.service, visit.work.reader, case_id, wishes, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except Unsuitable as error:
        problem = _PROBLEMS[error.field]
        return await casepages.show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, problem)
    if not kept:
        return await casepages.show_case_again(visit, HTTPStatus.CONFLICT, _NOBODY)
    return see_other(f"/cases/{case_id}#reach")
