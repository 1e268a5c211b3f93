"""The register as registrars see it: what came and went, with dates and references; no case can be opened from it."""

import re
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from intake.inbox.visit import WorkVisit
from intake.model import CaseId
from intake.register.keeping import is_kept
from intake.register.reading import Entry, desks_in_sight, entries, export

PAGE = 100
_BEFORE = re.compile(r"(\d{1,11})-([a-z2-7]{26})", re.ASCII)


async def show_register(visit: WorkVisit) -> web.Response:
    """A page of the register, the newest first; an organisation's says that none is kept."""
    desks = desks_in_sight(visit.service, sorted(visit.work.reader.desks))
    found = await entries(visit.service, desks, _read_before(visit.request.query.get("before", "")), PAGE + 1)
    return visit.show(
        "register.html",
        entries=found[:PAGE],
        before=_write_before(found[PAGE - 1]) if len(found) > PAGE else None,
        desks=visit.service.config.desks,
        kept=is_kept(visit.service),
    )


async def give_out(visit: WorkVisit) -> web.Response:
    """The whole register as a file for a spreadsheet; at each desk it is logged that it was given out."""
    if not is_kept(visit.service):
        raise web.HTTPNotFound
    desks = desks_in_sight(visit.service, sorted(visit.work.reader.desks))
    text = await export(visit.service, desks, visit.work.member.id, visit.now)
    name = f"register-{visit.now:%Y-%m-%d}.csv"
    return web.Response(
        status=HTTPStatus.OK,
        # With a mark of its encoding: without it a common spreadsheet reads å, ä and ö wrongly.
        body=text.encode("utf-8-sig"),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _read_before(text: str) -> tuple[datetime, CaseId] | None:
    match = _BEFORE.fullmatch(text)
    return None if match is None else (datetime.fromtimestamp(int(match[1]), UTC), CaseId(match[2]))


def _write_before(entry: Entry) -> str:
    return f"{int(entry.received_on.timestamp())}-{entry.case}"
