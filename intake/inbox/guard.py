"""The doors: who may come to which page, and whether a form is the session's own; knows no page.

A door is said with the route (`app.ROUTES`); there is no other way for a page to be reached.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from intake.inbox.language import preferred
from intake.inbox.visit import STAMP, TYPED, Inbox, Visit, WorkVisit, see_other
from intake.login import AtWork, NoSession, resume
from intake.model import Role
from intake.pages.forms import read_form
from intake.vault.session import csrf_token, is_csrf_token

LOGIN = "/login"


class Door(StrEnum):
    """Who comes through."""

    MEMBERS = "members"
    READERS = "readers"
    """Who may be let in to a desk's cases."""
    LEADS = "leads"
    """Who sees to the people of a desk."""
    STATISTICS = "statistics"
    """Who sees counts; how far, a desk or the country, is for the page to say."""
    REGISTER = "register"
    COLLEAGUES = "colleagues"
    """Who may start somebody over who has lost their passphrase: colleagues who read, and administrators."""
    ADMINISTRATORS = "administrators"

    def opens_to(self, role: Role) -> bool:
        """Whether somebody of this role may pass."""
        return role in _PASSING[self]


_READERS = frozenset(role for role in Role if role.reads)
_PASSING: Mapping[Door, frozenset[Role]] = {
    Door.MEMBERS: frozenset(Role),
    Door.READERS: _READERS,
    Door.LEADS: frozenset({Role.LEAD}),
    Door.STATISTICS: _READERS | {Role.STATISTICIAN},
    Door.REGISTER: frozenset({Role.REGISTRAR}),
    Door.COLLEAGUES: _READERS | {Role.ADMIN},
    Door.ADMINISTRATORS: frozenset({Role.ADMIN}),
}

Public = Callable[[Visit], Awaitable[web.Response]]
Guarded = Callable[[WorkVisit], Awaitable[web.StreamResponse]]


def in_the_open(inbox: Inbox, page: Public) -> Handler:
    """A page for everybody."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return await page(await _visit(inbox, request))

    return answer


def behind(inbox: Inbox, door: Door, page: Guarded, *, quiet: bool = False) -> Handler:
    """A page behind a door. The session is resumed once; a form without the session's own mark does nothing.

    `quiet`: scripts ask for it by themselves, so it does not count as somebody being there.
    """

    async def answer(request: web.Request) -> web.StreamResponse:
        visit = await _visit(inbox, request)
        work = await _at_work(visit, touch=not quiet)
        if work is None:
            return _to_the_entrance(visit)
        request[STAMP] = csrf_token(inbox.service.key, work.token)
        if not door.opens_to(work.member.role):
            raise web.HTTPForbidden
        if request.method == hdrs.METH_POST and not is_csrf_token(inbox.service.key, work.token, visit.field("csrf")):
            raise web.HTTPForbidden
        return await page(WorkVisit(visit.inbox, request, visit.now, visit.language, visit.form, work))

    return answer


async def _visit(inbox: Inbox, request: web.Request) -> Visit:
    now = inbox.service.clock()
    language = preferred(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""), inbox.languages)
    if request.method != hdrs.METH_POST:
        return Visit(inbox, request, now, language, {})
    form = await read_form(request)
    if form.get("text"):
        request[TYPED] = form
    return Visit(inbox, request, now, language, form)


async def _at_work(visit: Visit, *, touch: bool) -> AtWork | None:
    cookie = visit.inbox.cookie.read(visit.request)
    if cookie is None:
        return None
    try:
        return await resume(visit.service, cookie, visit.now, touch=touch)
    except NoSession:
        return None


def _to_the_entrance(visit: Visit) -> web.Response:
    """What somebody typed while their session ended is shown back to them; all else begins at the login."""
    if TYPED in visit.request:
        raise web.HTTPUnauthorized
    if visit.request.method == hdrs.METH_POST:
        return see_other(LOGIN)
    if visit.request.headers.get("Sec-Fetch-Site") == "cross-site":
        # A link in a notice: a strict cookie is not sent along with it, but it is with the page's own second step.
        return visit.show("onward.html", address=visit.request.rel_url.raw_path)
    return see_other(f"{LOGIN}?to={visit.request.rel_url.raw_path}")
