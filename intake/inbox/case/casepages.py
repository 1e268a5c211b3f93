"""One case: the conversation, what triage made of it and why; answer, take. Another desk's case is no case.

What else stands on the page comes from `panels/`, a file a matter; a matter's forms have a file of pages of their own,
which shows the case anew through `show_case_again`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from intake.casework import assign_to_me, open_case
from intake.inbox.case.panels import PANELS
from intake.inbox.lists.worklist import is_overdue
from intake.inbox.names import holders, place_name, read_place
from intake.inbox.shown import Piece, pieces, quotes
from intake.inbox.summary import summarise
from intake.inbox.visit import WorkVisit, see_other
from intake.inbox.words import RULES, _, label
from intake.model import Card, CaseId, Message
from intake.reading import NotYours
from intake.reply import NoWayBack, Overtaken, reply
from triage.model import Reason

LONGEST_ANSWER = 20_000
"""Characters."""

_EMPTY = _("There is no answer to send yet.")
_TOO_LONG = _("The answer is longer than 20,000 characters. Nothing was sent.")
_NO_WAY_BACK = _("The person has erased their mailbox: an answer would reach nobody. Nothing was sent.")
_OVERTAKEN = _("The conversation has gone on since you opened it. Read it again: nothing was sent, your text is below.")


@dataclass(frozen=True, slots=True)
class Why:
    """Why a label was given: label and rule in words, and the words of the text that they came from."""

    label: str
    rule: str
    quotes: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation as it is shown."""

    message: Message
    pieces: Sequence[Piece] = field(repr=False)
    why: Sequence[Why] = field(repr=False)


async def show_case(visit: WorkVisit) -> web.Response:
    """The case whole."""
    return await show_case_again(visit)


async def answer(visit: WorkVisit) -> web.Response:
    """Send an answer to the person; whatever is wrong, the typed words are shown again."""
    text = visit.field("text").strip()
    if not text:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _EMPTY)
    if len(text) > LONGEST_ANSWER:
        return await show_case_again(visit, HTTPStatus.UNPROCESSABLE_ENTITY, _TOO_LONG)
    try:
        await reply(visit.service, visit.work.reader, case_id(visit), text, visit.now, _seen(visit))
    except NotYours:
        raise web.HTTPNotFound from None
    except NoWayBack:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _NO_WAY_BACK)
    except Overtaken:
        return await show_case_again(visit, HTTPStatus.CONFLICT, _OVERTAKEN)
    return see_other(f"/cases/{case_id(visit)}#end")


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
        found = await open_case(visit.service, visit.work.reader, case_id(visit), visit.now)
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
        turns=[_turn(visit, message, found.cards.get(message.id)) for message in found.messages],
        seen=len(found.messages) + found.locked,
        holder="" if case.assignee is None else logins.get(case.assignee, ""),
        desk=visit.service.config.desks[case.desk],
        overdue=is_overdue(case, visit.now),
        problem=problem,
        text=visit.field("text"),
        **{name: value for values in beside for name, value in values.items()},
    )


def _turn(visit: WorkVisit, message: Message, card: Card | None) -> Turn:
    reasons = () if card is None else card.assessment.reasons
    spans = [span for reason in reasons for span in reason.spans]
    why = [_why(visit, message, one) for one in reasons]
    return Turn(message, pieces(message.text, spans), why)


def _why(visit: WorkVisit, message: Message, reason: Reason) -> Why:
    place = read_place(reason.label)
    said = label(reason.label) if place is None else place_name(visit.service, place)
    return Why(said, RULES.get(reason.rule, reason.rule), quotes(message.text, reason.spans))


def case_id(visit: WorkVisit) -> CaseId:
    """The case that the address names."""
    return CaseId(visit.request.match_info["case"])


def _seen(visit: WorkVisit) -> int:
    """How many messages the page had; none where it does not say, so that the conversation is looked at again."""
    said = visit.field("seen")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else -1
