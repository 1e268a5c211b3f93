"""One case: the conversation, what triage made of it and why; answer, take. Another desk's case is no case.

What else stands on the page comes from `panels/`, a file a matter; a matter's forms have a file of pages of their own,
which shows the case anew through `show_case_again`.
"""

from http import HTTPStatus

from aiohttp import web

from intake.casework import assign_to_me, open_case
from intake.inbox.case.panels import PANELS, files
from intake.inbox.case.talk import MOST_SHOWN, turns_of
from intake.inbox.lists.worklist import is_overdue
from intake.inbox.names import holders, place_name
from intake.inbox.summary import summarise
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import _
from intake.model import CaseId
from intake.reading import NotYours
from intake.reply import NoWayBack, Overtaken, reply
from intake.store.envelopes import Stretch

LONGEST_ANSWER = 20_000
"""Characters."""

_EMPTY = _("There is no answer to send yet.")
_TOO_LONG = _("The answer is longer than 20,000 characters. Nothing was sent.")
_NO_WAY_BACK = _("The person has erased their mailbox: an answer would reach nobody. Nothing was sent.")
_OVERTAKEN = _("The conversation has gone on since you opened it. Read it again: nothing was sent, your text is below.")


async def show_case(visit: WorkVisit) -> web.Response:
    """The case with the last of its messages."""
    return await show_case_again(visit)


async def show_earlier(visit: WorkVisit) -> web.Response:
    """What was said before, and nothing else: answers are written where the newest is read."""
    before = visit.request.query.get("before", "")
    if not _is_number(before):
        raise web.HTTPNotFound
    service, reader, case, seen = visit.service, visit.work.reader, case_id(visit), seen_of(visit)
    try:
        found = await open_case(service, reader, case, visit.now, most=MOST_SHOWN, before=int(before), seen=seen)
    except NotYours:
        raise web.HTTPNotFound from None
    shown = {"turns": await turns_of(visit, found), **await files.panel(visit, found)}
    return visit.show("earlier.html", HTTPStatus.OK, found=found, case=found.case, seen=seen, **shown)


async def answer(visit: WorkVisit) -> web.Response:
    """Send an answer to the person; whatever is wrong, the typed words are shown again."""
    text = visit.field("text").strip()
    if not text:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _EMPTY)
    if len(text) > LONGEST_ANSWER:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _TOO_LONG)
    try:
        await reply(visit.service, visit.work.reader, case_id(visit), text, visit.now, shown_above(visit))
    except NotYours:
        raise web.HTTPNotFound from None
    except NoWayBack:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NO_WAY_BACK)
    except Overtaken:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _OVERTAKEN)
    return see_other(f"/cases/{case_id(visit)}#end")


async def count_parts(visit: WorkVisit) -> web.Response:
    """The case again, with how many SMS the answer would be as it is typed: what the script says while one types."""
    return await show_case_again(visit)


async def take(visit: WorkVisit) -> web.Response:
    """Take the case into one's own hands."""
    try:
        await assign_to_me(visit.service, visit.work.reader, case_id(visit), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    return see_other(f"/cases/{case_id(visit)}")


async def show_case_again(visit: WorkVisit, status: HTTPStatus = HTTPStatus.OK, problem: str = "") -> web.Response:
    """The case with what is wrong with the form that was sent; the form's fields are shown as they were typed."""
    try:
        found = await open_case(visit.service, visit.work.reader, case_id(visit), visit.now, most=MOST_SHOWN)
    except NotYours:
        raise web.HTTPNotFound from None
    summary = summarise(found.labels, list(found.cards.values()))
    case = found.case
    logins = await holders(visit, [case])
    beside = [await panel(visit, found) for panel in PANELS]
    return visit.show(
        "case.html",
        status,
        found=found,
        case=case,
        summary=summary,
        place="" if summary is None else place_name(visit.service, summary.place),
        turns=await turns_of(visit, found),
        seen=found.seen,
        holder="" if case.assignee is None else logins.get(case.assignee, ""),
        desk=visit.service.config.desks[case.desk],
        overdue=is_overdue(case, visit.now),
        problem=problem,
        text=visit.field("text"),
        **{name: value for values in beside for name, value in values.items()},
    )


def case_id(visit: WorkVisit) -> CaseId:
    """The case that the address names."""
    return CaseId(visit.request.match_info["case"])


def seen_of(visit: WorkVisit) -> int:
    """How many messages the page had, or the one it came from; none where neither says, so that it is read again."""
    said = visit.field("seen") or visit.request.query.get("seen", "")
    return int(said) if _is_number(said) else -1


def shown_above(visit: WorkVisit) -> Stretch:
    """The part of the conversation that a form stood under; nothing of it where the form does not say."""
    seen, first = seen_of(visit), visit.field("first")
    return Stretch(int(first) if _is_number(first) else seen, seen)


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 6
