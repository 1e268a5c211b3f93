"""The interpreter's copy: the person's words alone, masked where a coordinator marks, to be printed; each is logged."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web

from intake.casework import OpenCase, note_copied, open_case
from intake.inbox.case.casepages import case_id
from intake.inbox.case.masks import mask, read_words
from intake.inbox.shown import plain
from intake.inbox.visit import WorkVisit
from intake.inbox.words import _
from intake.model import Direction
from intake.reading import NotYours
from intake.turns import gently

_LONGEST_LIST = 50_000
"""Characters. What stood beyond it would go out unhidden, so a longer list makes no copy."""
_TOO_LONG = _("The list of words to hide is longer than 50,000 characters. Nothing was made.")


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the copy; `mine`: the desk wrote it."""

    text: str = field(repr=False)
    mine: bool


async def prepare_copy(visit: WorkVisit) -> web.Response:
    """What will be hidden, as triage proposes it, to be changed before anything is printed."""
    found = await _found(visit)
    labels = found.labels
    return _prepare(visit, found, () if labels is None else (*labels.pii, *labels.ads))


async def show_copy(visit: WorkVisit) -> web.Response:
    """The copy itself. It names neither case, desk nor place, and is made anew each time."""
    found, typed = await _found(visit), visit.field("hidden")
    hidden = read_words(typed)
    if len(typed) > _LONGEST_LIST:
        return _prepare(visit, found, hidden, HTTPStatus.UNPROCESSABLE_ENTITY, _TOO_LONG)
    await note_copied(visit.service, visit.work.reader, case_id(visit), visit.now)
    ours = bool(visit.field("answers"))
    parts = [
        Part(mask(plain(message.text), hidden), message.direction is Direction.FROM_DESK)
        async for message in gently(found.messages)
        if ours or message.direction is Direction.FROM_PERSON
    ]
    labels = found.labels
    lang = "" if labels is None else labels.lang
    # Beside the loop: a conversation may be as long as a book.
    return await asyncio.to_thread(visit.show, "interpreter.html", parts=parts, lang=lang)


def _prepare(
    visit: WorkVisit,
    found: OpenCase,
    proposed: Sequence[str],
    status: HTTPStatus = HTTPStatus.OK,
    problem: str = "",
) -> web.Response:
    return visit.show("interpreter_prepare.html", status, case=found.case, proposed=proposed, problem=problem)


async def _found(visit: WorkVisit) -> OpenCase:
    try:
        # What an interpreter is to see shows a coordinator little: they read the case on its own page.
        return await open_case(visit.service, visit.work.reader, case_id(visit), visit.now, noting=False)
    except NotYours:
        raise web.HTTPNotFound from None
