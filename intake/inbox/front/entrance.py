"""Logging in and out; says the same of a login that does not exist as of a wrong passphrase."""

import re
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from intake.inbox.browsers import device_of
from intake.inbox.visit import Visit, WorkVisit, see_other
from intake.login import Paused, Refused, log_in, log_out
from intake.passkeys import Shown, question
from intake.vault.errors import Tampered, VaultError
from intake.vault.session import SessionToken, open_session_token
from intake.vault.tokens import read_form_token

_FORM_LIVES = timedelta(hours=12)
_OWN_PAGE = re.compile(r"/(cases/[a-z2-7]{26}|closed|colleagues|account)?")


async def show_login(visit: Visit) -> web.Response:
    """The login form."""
    return _login_page(visit, HTTPStatus.OK, visit.request.query.get("to", "/"), joined="joined" in visit.request.query)


async def enter(visit: Visit) -> web.Response:
    """Open a session, under a new id, and end the one that this browser had before."""
    login, onward = visit.field("login"), visit.field("to")
    if not is_own_form(visit):
        return _login_page(visit, HTTPStatus.FORBIDDEN, onward, login, "stale")
    try:
        token = await _log_in(visit, login)
    except Paused as paused:
        wait = paused.until - visit.now
        page = _login_page(visit, HTTPStatus.TOO_MANY_REQUESTS, onward, login, "paused", wait)
        page.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return page
    except Refused:
        return _login_page(visit, HTTPStatus.FORBIDDEN, onward, login, "refused")
    await _end_former(visit)
    response = see_other(_own(onward))
    visit.inbox.cookie.give(response, token)
    return response


async def _log_in(visit: Visit, login: str) -> SessionToken:
    answer = visit.field("answer")
    return await log_in(
        visit.service,
        login,
        visit.field("passphrase"),
        visit.field("code"),
        visit.now,
        shown=Shown(visit.field("challenge"), answer) if answer else None,
        device=device_of(visit.request.headers.get(hdrs.USER_AGENT, "")),
    )


async def leave(visit: WorkVisit) -> web.Response:
    """End the session."""
    await log_out(visit.service, visit.work.token)
    response = see_other("/login")
    visit.inbox.cookie.take_back(response)
    return response


def is_own_form(visit: Visit) -> bool:
    """Whether the form was issued here, not long ago: for pages before the login, which have no session's mark.

    Anybody can fetch such a mark and put it into a page of theirs, to log somebody in as whom they are not.
    """
    if not _comes_from_here(visit):
        return False
    try:
        read_form_token(visit.service.key, visit.field("token"), visit.now, _FORM_LIVES)
    except VaultError:
        return False
    return True


def _comes_from_here(visit: Visit) -> bool:
    """Newer browsers say so in `Sec-Fetch-Site` (`refuse_foreign`), older ones by the form's origin."""
    headers = visit.request.headers
    origin = headers.get(hdrs.ORIGIN)
    if "Sec-Fetch-Site" in headers or origin is None:
        return True
    ours = urlsplit(visit.service.config.inbox.url)
    parts = urlsplit(origin)
    return parts.netloc == visit.request.host or (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)


async def _end_former(visit: Visit) -> None:
    former = visit.inbox.cookie.read(visit.request)
    if former is not None:
        with suppress(Tampered):
            await log_out(visit.service, open_session_token(former))


def _login_page(
    visit: Visit,
    status: HTTPStatus,
    onward: str,
    login: str = "",
    problem: str = "",
    wait: timedelta = timedelta(),
    joined: bool = False,
) -> web.Response:
    values = {"login": login, "problem": problem, "wait": wait, "joined": joined, "onward": _own(onward)}
    values["question"] = question(visit.service, visit.now)
    return visit.show("login.html", status, totp=visit.service.config.inbox.totp, **values)


def _own(onward: str) -> str:
    """Where to go after the login: a page of ours, never an address that somebody else chose."""
    return onward if _OWN_PAGE.fullmatch(onward) else "/"
