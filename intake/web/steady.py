"""The pages that only show: the start, home, support, privacy, accessibility, and the way out; they store nothing."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import hdrs, web

from intake.pages.forms import read_form
from intake.web.drafts import Draft, place_of, places_like, read_draft
from intake.web.preferred import preferred
from intake.web.site import SITE, Visit
from intake.web.tokens import DOUBLE_TAP, genuine, new_token, use_up
from triage.model import NOWHERE, Place


async def show_start(visit: Visit) -> web.Response:
    """The doors in the language that the browser prefers, with every other language above them."""
    return visit.show("start.html")


async def show_home(visit: Visit) -> web.Response:
    """The doors."""
    return visit.show("home.html")


async def show_privacy(visit: Visit) -> web.Response:
    """Who reads, what is kept, the law."""
    return visit.show("privacy.html")


async def show_accessibility(visit: Visit) -> web.Response:
    """The statement, and how to report a fault."""
    return visit.show("accessibility.html")


async def show_support(visit: Visit) -> web.Response:
    """Whom to call now."""
    return _support(visit, Draft(), NOWHERE)


async def search_support(visit: Visit) -> web.Response:
    """Whom to call in a place; it travels in the body, so that no address tells it."""
    form = await read_form(visit.request)
    token = genuine(visit, form)
    if token is None or not await use_up(visit, token, DOUBLE_TAP):
        return _support(visit, Draft(), NOWHERE)
    draft = read_draft(form)
    return _support(visit, draft, place_of(draft, visit.service.gazetteer))


def _support(visit: Visit, draft: Draft, place: Place) -> web.Response:
    found = places_like(draft, visit.service.gazetteer) if draft.place else []
    near = [] if place == NOWHERE else visit.site.support.near(place, visit.now.date())
    return visit.show(
        "support.html",
        draft=draft,
        found=found,
        place=place,
        near=near,
        units=visit.site.support.units_near(place),
        open_now=_open_now(visit),
        token=new_token(visit),
    )


def _open_now(visit: Visit) -> Mapping[str, bool | None]:
    contacts = visit.site.support.contacts
    return {name: one.is_open(visit.service.calendar, visit.now) for name, one in contacts.items()}


async def leave(visit: Visit) -> web.Response:
    """The way out, first half: a blank page of our own takes this one's place, then goes on.

    A redirect alone left the typed text to the Back button (tried in Chromium 156); a page of its own does not.
    """
    return visit.show("leave.html")


async def left(visit: Visit) -> web.Response:
    """The way out, second half: a neutral site."""
    return web.Response(status=HTTPStatus.FOUND, headers={"Location": visit.service.config.web.exit_url})


async def forget(_: Visit) -> web.Response:
    """An empty style that the blank page asks for: with it goes what the browser holds of ours in its memory.

    Without JavaScript Chromium keeps the form, words included, in its back/forward cache; only this header empties
    that, and only when the form is no longer the page shown. On the way out itself it would hold that up for a second;
    beside it, it does not (tried in Chromium 156).
    """
    return web.Response(content_type="text/css", charset="utf-8", headers={"Clear-Site-Data": '"cache"'})


def show_error(request: web.Request, status: HTTPStatus) -> web.Response:
    """The page for what went wrong, in the language of the address where that can be told."""
    site = request.app[SITE]
    tag = request.path.partition("/")[2].partition("/")[0]
    language = site.languages.get(tag) or preferred(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""), site.offered)
    return Visit(site, request, language, site.service.clock()).show("error.html", status, code=status.value)
