"""A member's saved lists: keep the one that is open under a name, forget one; knows no case."""

from http import HTTPStatus

from aiohttp import web

from intake.casework.views import TooManyViews, forget_view, save_view
from intake.inbox.lists.filters import read_saved
from intake.inbox.lists.worklist import show_list_again
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _

_LONGEST_NAME = 40
_NO_NAME = _("Give the list a name of at most 40 characters.")
_TOO_MANY = _("You keep twenty lists already: forget one first.")


async def save(visit: WorkVisit) -> web.Response:
    """Keep the choices of the list that is open."""
    name = visit.field("view").strip()
    narrowed = read_saved(visit.service, visit.field("query"))
    if not name or len(name) > _LONGEST_NAME:
        return await show_list_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _NO_NAME)
    try:
        await save_view(visit.service, visit.work.member.id, name, narrowed.query)
    except TooManyViews:
        return await show_list_again(visit, HTTPStatus.CONFLICT, _TOO_MANY)
    return see_other(f"/?{narrowed.query}")


async def forget(visit: WorkVisit) -> web.Response:
    """Forget a list of one's own; the cases in it stay where they are."""
    await forget_view(visit.service, visit.work.member.id, visit.request.match_info["view"])
    return see_other("/")
