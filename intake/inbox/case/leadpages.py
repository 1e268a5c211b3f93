"""What a desk's lead does with a case beyond a coordinator's work: give it to a colleague."""

from http import HTTPStatus

from aiohttp import web

from intake.casework.leading import NoColleague, assign_to
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import MemberId
from intake.reading import NotYours

_NO_COLLEAGUE = _("Choose somebody of the desk who has been let in. Nothing was changed.")


async def assign(visit: WorkVisit) -> web.Response:
    """Put the case into a colleague's hands."""
    to = MemberId(visit.field("member"))
    try:
        await assign_to(visit.service, visit.work.reader, case_id(visit), to, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except NoColleague:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_COLLEAGUE)
    return see_other(f"/cases/{case_id(visit)}")
