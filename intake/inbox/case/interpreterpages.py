"""The interpreter's copy: the person's words alone, masked where a coordinator marks, to be printed; each is logged."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from intake.casework import OpenCase, note_copied, open_case
from intake.inbox.case.casepages import case_id
from intake.inbox.case.masks import mask, read_words
from intake.inbox.shown import plain
from intake.inbox.visit import WorkVisit
from intake.model import Direction
from intake.reading import NotYours
from intake.turns import gently

_LONGEST_LIST = 5_000


@dataclass(frozen=True, slots=True)
class Part:
    """One message of the copy; `mine`: the desk wrote it."""

    text: str = field(repr=False)
    mine: bool


async def prepare_copy(visit: WorkVisit) -> web.Response:
    """What will be hidden, as triage proposes it, to be changed before anything is printed."""
    found = await _found(visit)
    labels = found.labels
    proposed = () if labels is None else (*labels.pii, *labels.ads)
    return visit.show("interpreter_prepare.html", case=found.case, proposed=proposed)


async def show_copy(visit: WorkVisit) -> web.Response:
    """The copy itself. It names neither case, desk nor place, and is made anew each time."""
    found = await _found(visit)
    await note_copied(visit.service, visit.work.reader, case_id(visit), visit.now)
    hidden = read_words(visit.field("hidden")[:_LONGEST_LIST])
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


async def _found(visit: WorkVisit) -> OpenCase:
    try:
        return await open_case(visit.service, visit.work.reader, case_id(visit), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
