"""The form by which a coordinator puts a case's labels right."""

from http import HTTPStatus

from aiohttp import web

from intake.casework import Put, ReadOn, SealedToOthers, correct_case
from intake.inbox.case.casepages import case_id, show_case_again
from intake.inbox.names import read_code
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.reading import NotYours
from triage.model import Kind, Minor, Type, Urgency

STAYS = "stays"
"""A place that is to be left as open as triage leaves it."""

_UNREADABLE = _("The labels could not be read. Nothing was changed.")
_GONE_ON = _("The person has written more, or a colleague was faster: look at the labels again. Nothing was changed.")


async def correct(visit: WorkVisit) -> web.Response:
    """Put all six labels as the form has them."""
    put, case = _read(visit), case_id(visit)
    if put is None:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _UNREADABLE)
    try:
        await correct_case(visit.service, visit.work.reader, case, put, visit.now, _seen(visit))
    except NotYours:
        raise web.HTTPNotFound from None
    except (ReadOn, SealedToOthers):
        return await show_case_again(visit, HTTPStatus.CONFLICT, _GONE_ON)
    return see_other(f"/cases/{case}#labels")


def _read(visit: WorkVisit) -> Put | None:
    chosen, lang = visit.field("place"), visit.field("lang")
    place = None if chosen == STAYS else read_code(visit.service, chosen)
    if (place is None and chosen != STAYS) or not (lang.isascii() and lang.isalpha() and len(lang) in (2, 3)):
        return None
    try:
        return Put(
            Kind(visit.field("kind")),
            Type(visit.field("type")),
            Urgency(visit.field("urgency")),
            Minor(visit.field("minor")),
            place,
            lang,
        )
    except ValueError:
        return None


def _seen(visit: WorkVisit) -> int:
    said = visit.field("cards")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else -1
