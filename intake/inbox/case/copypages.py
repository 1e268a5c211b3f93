"""A copy of one case to take along: a page to print, PDF, JSON; each is a line of the log first."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum

from aiohttp import web

from intake.casefile.export import Copy, take_copy, to_json
from intake.casefile.paper import Labels, to_pdf
from intake.inbox import casefilewords, when
from intake.inbox.case.casepages import case_id
from intake.inbox.names import place_name
from intake.inbox.visit import WorkVisit
from intake.inbox.words import CHANNELS, KINDS, SPEAKERS, STATES, TYPES, _
from intake.reading import NotYours


class Form(StrEnum):
    """In which form a copy is asked for."""

    PRINT = "print"
    PDF = "pdf"
    JSON = "json"


async def give_copy(visit: WorkVisit) -> web.Response:
    """The copy; a file is given a name that tells nothing but the reference."""
    try:
        form = Form(visit.field("form"))
        copy = await take_copy(visit.service, visit.work.reader, case_id(visit), visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    except ValueError:
        raise web.HTTPBadRequest from None
    if form is Form.JSON:
        return _file(copy, await asyncio.to_thread(to_json, copy), "json", "application/json")
    if form is Form.PDF:
        return _file(copy, await _paper(visit, copy), "pdf", "application/pdf")
    facts = _facts(visit, copy)
    return await asyncio.to_thread(visit.show, "copy.html", copy=copy, facts=facts, filewords=casefilewords)


async def _paper(visit: WorkVisit, copy: Copy) -> bytes:
    """Laid out beside the loop, one at a time: a long message takes seconds, in which tips come in."""
    async with visit.service.under_way.papers:
        return await asyncio.to_thread(to_pdf, copy, _labels(visit, copy))


def _facts(visit: WorkVisit, copy: Copy) -> Mapping[str, str]:
    """What the case is, each with its name in the reader's language."""
    say, case, labels = visit.language.words.gettext, copy.found.case, copy.found.labels
    locale = str(visit.language.locale)
    facts = {
        say(_("Reference")): case.id,
        say(_("Desk")): visit.service.config.desks[case.desk].name,
        say(_("State")): say(STATES[case.status]),
        say(_("Came in")): f"{when.at(case.received_at, locale)}, {say(CHANNELS[case.channel])}",
        say(_("Copied")): when.at(visit.now, locale),
    }
    if labels is not None:
        facts |= {say(_("Who wrote")): say(KINDS[labels.kind]), say(_("Type")): say(TYPES[labels.type])}
        facts |= {say(_("Place")): place_name(visit.service, labels.place) or say(_("unknown"))}
    if copy.found.locked:
        facts |= {say(_("Messages that could not be read")): str(copy.found.locked)}
    return facts


def _labels(visit: WorkVisit, copy: Copy) -> Labels:
    say, locale = visit.language.words.gettext, str(visit.language.locale)
    return Labels(
        title=say(_("Case")),
        facts=_facts(visit, copy),
        speakers={direction: say(words) for direction, words in SPEAKERS.items()},
        at=lambda moment: when.at(moment, locale),
        remarks=say(_("Remarks")),
        file=say(_("Casework")),
        sorts={sort: say(words) for sort, words in casefilewords.FACTS.items()},
    )


def _file(copy: Copy, body: bytes, ending: str, media: str) -> web.Response:
    name = f"{copy.found.case.id[:5]}.{ending}"
    return web.Response(
        body=body, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
