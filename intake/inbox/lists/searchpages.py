"""Searching: the words come by POST and stand in no address and no log; cases are shown as they are found."""

from http import HTTPStatus

from aiohttp import web

from intake.casefile.search import LONGEST, MOST_CASES, SHORTEST, Hit, search
from intake.inbox.visit import WorkVisit

_HERE = b"<!-- found -->"
"""Where the template leaves room for what is found; the words that were typed cannot spell it, they are escaped."""


async def show_search(visit: WorkVisit) -> web.Response:
    """An empty search."""
    return visit.show("search.html", wanted="", begun=False, most=MOST_CASES)


async def find(visit: WorkVisit) -> web.StreamResponse:
    """Search, and send each case as soon as it is found. Whoever goes away ends it."""
    wanted = visit.field("wanted").strip()[:LONGEST]
    if len(wanted) < SHORTEST:
        return visit.show("search.html", HTTPStatus.UNPROCESSABLE_ENTITY, wanted="", begun=False, most=MOST_CASES)
    page = visit.show("search.html", wanted=wanted, begun=True, most=MOST_CASES)
    before, _, after = bytes(page.body).partition(_HERE)  # type: ignore[arg-type]  # `show` gives bytes
    response = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
    await response.prepare(visit.request)
    await response.write(before)
    async for hit in search(visit.service, visit.work.reader, wanted):
        await response.write(_line(visit, hit))
    await response.write(after)
    await response.write_eof()
    return response


def _line(visit: WorkVisit, hit: Hit) -> bytes:
    page = visit.show("hit.html", hit=hit)
    return bytes(page.body)  # type: ignore[arg-type]  # `show` gives bytes
