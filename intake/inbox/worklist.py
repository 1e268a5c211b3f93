"""The list of a desk's cases: open ones with the soonest due first, or closed ones; shows labels, never a text."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from intake.casework import Listed, list_cases
from intake.inbox.names import holders, place_name
from intake.inbox.summary import Summary, summarise
from intake.inbox.visit import WorkVisit, see_other
from intake.model import Case, CaseId, MemberId, Status
from intake.notices.promise import note_looked
from intake.store.cases import After
from intake.vault.desk_keys import fingerprint

PAGE = 50
_AFTER = re.compile(r"(\d{1,11})-([a-z2-7]{26})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A case as a line. `summary` is None where the reader cannot open the case's cards.

    `holder` is the login of a colleague who holds the case; empty for nobody, the reader, and who is no colleague.
    """

    case: Case
    summary: Summary | None = field(repr=False)
    place: str = field(repr=False)
    holder: str = field(repr=False)
    overdue: bool


async def show_open(visit: WorkVisit) -> web.Response:
    """The cases that are to be worked on. Who reads none is sent to the page that is theirs."""
    if not visit.work.member.role.reads:
        return see_other("/colleagues")
    await note_looked(visit.service, visit.work.member.id)
    return await _list(visit, closed=False)


async def show_closed(visit: WorkVisit) -> web.Response:
    """The cases on which nothing more is expected."""
    return await _list(visit, closed=True)


def read_after(text: str) -> After | None:
    """Where a page begins, as `write_after` wrote it; None, the beginning, for anything else."""
    match = _AFTER.fullmatch(text)
    return None if match is None else After(datetime.fromtimestamp(int(match[1]), UTC), CaseId(match[2]))


def write_after(after: After) -> str:
    """Where the next page begins: a time and a random id, which say nothing to who sees the address."""
    return f"{int(after.due_at.timestamp())}-{after.id}"


async def _list(visit: WorkVisit, *, closed: bool) -> web.Response:
    reader = visit.work.reader
    after = read_after(visit.request.query.get("after", ""))
    page = await list_cases(visit.service, reader, after, PAGE, closed=closed)
    logins = await holders(visit, [line.case for line in page.lines])
    return visit.show(
        "list.html",
        rows=[_row(visit, line, logins) for line in page.lines],
        after=None if page.after is None else write_after(page.after),
        begun=after is not None,
        closed=closed,
        waiting=not reader.keyring,
        fingerprint=fingerprint(visit.work.member.public_key),
        several=len(reader.let_in_to) > 1,
        desks=visit.service.config.desks,
    )


def _row(visit: WorkVisit, line: Listed, logins: dict[MemberId, str]) -> Row:
    case, summary = line.case, summarise(line.labels, line.cards)
    return Row(
        case=case,
        summary=summary,
        place="" if summary is None else place_name(visit.service, summary.place),
        holder="" if case.assignee is None else logins.get(case.assignee, ""),
        overdue=is_overdue(case, visit.now),
    )


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether somebody should have read and answered by now."""
    return case.status in (Status.NEW, Status.OPENED) and case.due_at <= now
