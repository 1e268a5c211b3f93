"""The list of a desk's cases: open ones with the soonest due first, or closed ones; shows labels, never a text."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from intake.casework import Listed, list_cases
from intake.casework.views import list_views
from intake.inbox.lists.filters import Filter, read_filter
from intake.inbox.names import holders, place_name
from intake.inbox.summary import Summary, summarise
from intake.inbox.visit import WorkVisit, see_other
from intake.model import Case, CaseId, MemberId, Role, Status
from intake.notices.promise import note_looked
from intake.store import mentions
from intake.store.cases import After
from intake.store.retention import closed_and_gone_by
from intake.vault.desk_keys import fingerprint

PAGE = 50
_HOMES = {Role.ADMIN: "/colleagues", Role.REGISTRAR: "/register", Role.STATISTICIAN: "/numbers/published"}
"""The first page of who reads no case."""
_AFTER = re.compile(r"(\d{1,11})-([a-z2-7]{26})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A case as a line. `summary` is None where the reader cannot open the case's cards.

    `holder` is the login of a colleague who holds the case; empty for nobody, the reader, and who is no colleague.
    `lent`: it lies with another desk than the reader's.
    """

    case: Case
    summary: Summary | None = field(repr=False)
    place: str = field(repr=False)
    holder: str = field(repr=False)
    overdue: bool
    lent: bool


async def show_open(visit: WorkVisit) -> web.Response:
    """The cases that are to be worked on. Who reads none is sent to the page that is theirs."""
    if not visit.work.member.role.reads:
        return see_other(_HOMES[visit.work.member.role])
    await note_looked(visit.service, visit.work.member.id)
    return await _list(visit, closed=False)


async def show_closed(visit: WorkVisit) -> web.Response:
    """The cases on which nothing more is expected."""
    return await _list(visit, closed=True)


async def show_part(visit: WorkVisit) -> web.Response:
    """The list without the page around it, as the script fetches it when something has changed."""
    return await _list(visit, closed="closed" in visit.request.query, page="list_part.html")


async def show_list_again(visit: WorkVisit, status: HTTPStatus, problem: str) -> web.Response:
    """The open list with what is wrong with the form that was sent."""
    return await _list(visit, closed=False, status=status, problem=problem)


def read_after(text: str) -> After | None:
    """Where a page begins, as `write_after` wrote it; None, the beginning, for anything else."""
    match = _AFTER.fullmatch(text)
    return None if match is None else After(datetime.fromtimestamp(int(match[1]), UTC), CaseId(match[2]))


def write_after(after: After) -> str:
    """Where the next page begins: a time and a random id, which say nothing to who sees the address."""
    return f"{int(after.due_at.timestamp())}-{after.id}"


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether somebody should have read, answered or asked again by now."""
    return (case.status in (Status.NEW, Status.OPENED) or case.waiting is not None) and case.due_at <= now


async def _list(
    visit: WorkVisit,
    *,
    closed: bool,
    page: str = "list.html",
    status: HTTPStatus = HTTPStatus.OK,
    problem: str = "",
) -> web.Response:
    reader, service = visit.work.reader, visit.service
    after = read_after(visit.request.query.get("after", ""))
    asked = read_filter(service, visit.request.query)
    narrowed = Filter(going=asked.going) if closed else asked
    ahead = timedelta(days=service.config.nudges.ahead_days)
    wanted, fits = narrowed.wanted(visit.work.member.id, visit.now, ahead), narrowed.fits(service)
    found = await list_cases(service, reader, after, PAGE, closed=closed, wanted=wanted, fits=fits)
    logins = await holders(visit, [line.case for line in found.lines])
    own = sorted(reader.let_in_to)
    for_me = await service.database.read(mentions.of_member, visit.work.member.id)
    return visit.show(
        page,
        status,
        rows=[_row(visit, line, logins) for line in found.lines],
        for_me=for_me,
        going=await service.database.read(closed_and_gone_by, own, visit.now + ahead),
        ahead_days=ahead.days,
        after=None if found.after is None else write_after(found.after),
        begun=after is not None,
        looked_at=found.looked_at,
        closed=closed,
        narrowed=narrowed,
        part=_part_address(narrowed, visit.request.query.get("after", "") if after else "", closed=closed),
        views=[] if closed else await list_views(service, visit.work.member.id),
        waiting=not reader.keyring,
        fingerprint=fingerprint(visit.work.member.public_key),
        several=len(reader.let_in_to) > 1,
        own=own,
        desks=service.config.desks,
        regions=service.config.regions,
        counties=service.gazetteer.counties,
        problem=problem,
    )


def _row(visit: WorkVisit, line: Listed, logins: dict[MemberId, str]) -> Row:
    case, summary = line.case, summarise(line.labels, line.cards)
    return Row(
        case=case,
        summary=summary,
        place="" if summary is None else place_name(visit.service, summary.place),
        holder="" if case.assignee is None else logins.get(case.assignee, ""),
        overdue=is_overdue(case, visit.now),
        lent=case.desk not in visit.work.reader.let_in_to,
    )


def _part_address(narrowed: Filter, after: str, *, closed: bool) -> str:
    """Where the script finds this very list again."""
    asked = [narrowed.query, f"after={after}" if after else "", "closed=1" if closed else ""]
    return "/list?" + "&".join(part for part in asked if part)
