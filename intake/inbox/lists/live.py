"""Tells an open list that it has changed, and how many cases wait; carries no content and keeps no session alive."""

import json
from contextlib import suppress
from itertools import count

from aiohttp import hdrs, web

from intake.inbox.streams import Full, Stream
from intake.inbox.visit import WorkVisit
from intake.login import is_at_work
from intake.store.failure import StoreUnavailable
from intake.store.pulse import Pulse, read_pulse

_EVENTS = "text/event-stream"
_HEADERS = {hdrs.CONTENT_TYPE: _EVENTS, "X-Accel-Buffering": "no"}
"""A proxy that gathers an answer before it passes it on would pass nothing on."""
_TICKS_A_BEAT = 10
_MOST_TICKS = 300
"""Then the browser asks anew, with whatever the reader may read by then."""


async def show_changes(visit: WorkVisit) -> web.StreamResponse:
    """A stream of changes; who does not ask for a stream gets how things stand, once."""
    if _EVENTS not in visit.request.headers.get(hdrs.ACCEPT, ""):
        return web.Response(text=_change(await _look(visit)), content_type=_EVENTS)
    try:
        with visit.inbox.streams.opened(visit.work.token.id_hash) as stream:
            return await _follow(visit, stream)
    except Full:
        raise web.HTTPServiceUnavailable from None


async def _follow(visit: WorkVisit, stream: Stream) -> web.StreamResponse:
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(visit.request)
    # Whoever closes the page is gone without a word: the next line finds nobody.
    with suppress(ConnectionError):
        await _tell(visit, stream, response)
    return response


async def _tell(visit: WorkVisit, stream: Stream, response: web.StreamResponse) -> None:
    last: Pulse | None = None
    for tick in count():
        try:
            if not await is_at_work(visit.service, visit.work.token, visit.service.clock()):
                await _write(response, "event: ended\ndata: \n\n")
                return
            pulse: Pulse | None = await _look(visit)
        except StoreUnavailable:
            pulse = last
        if pulse is not None and pulse != last:
            await _write(response, _change(pulse))
            last = pulse
        elif tick % _TICKS_A_BEAT == 0:
            await _write(response, ": \n\n")
        if tick == _MOST_TICKS or await stream.ends_within(visit.inbox.streams.tick):
            break
    if stream.replaced:
        await _write(response, "event: elsewhere\ndata: \n\n")


async def _look(visit: WorkVisit) -> Pulse:
    desks = sorted(visit.work.reader.let_in_to)
    return await visit.service.database.read(read_pulse, desks, visit.service.clock())


def _change(pulse: Pulse) -> str:
    return f"retry: 5000\nevent: change\ndata: {json.dumps({'new': pulse.new, 'late': pulse.late})}\n\n"


async def _write(response: web.StreamResponse, text: str) -> None:
    await response.write(text.encode())
