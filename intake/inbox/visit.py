"""What every page of the inbox is given: who asks, when, in which language; knows no page and no use case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from intake.inbox.cookie import SessionCookie
from intake.inbox.streams import Streams
from intake.login import AtWork
from intake.pages.templates import Pages
from intake.pages.translations import Language
from intake.service import Service
from intake.vault.session import csrf_token
from intake.vault.tokens import issue_form_token

TYPED: web.RequestKey[Mapping[str, str]] = web.RequestKey("typed", Mapping[str, str])
"""A form in which somebody wrote a text, so that no failure on the way loses it."""

STAMP: web.RequestKey[str] = web.RequestKey("stamp", str)
"""What makes a form this session's own, once the session is known."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The live things of this listener."""

    service: Service = field(repr=False)
    pages: Pages = field(repr=False)
    languages: Mapping[str, Language] = field(repr=False)
    cookie: SessionCookie
    streams: Streams = field(default_factory=Streams, repr=False)

    async def end_streams(self, _: web.Application) -> None:
        """The listener closes: nobody waits for news any more."""
        self.streams.close()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, of anybody. `form` is empty for a page that is only looked at."""

    inbox: Inbox = field(repr=False)
    request: web.Request = field(repr=False)
    now: datetime
    language: Language = field(repr=False)
    form: Mapping[str, str] = field(repr=False)

    @property
    def service(self) -> Service:
        """The live things of the service."""
        return self.inbox.service

    def field(self, name: str) -> str:
        """What was typed into a field; empty where nothing was."""
        return self.form.get(name, "")

    def show(self, page: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> web.Response:
        """A page for somebody who is not logged in. Its form works for some hours, on any machine."""
        values["token"] = issue_form_token(self.service.key, self.now)
        return self.inbox.pages.show(page, self.language, status, **values)


@dataclass(frozen=True, slots=True)
class WorkVisit(Visit):
    """One request of somebody who is logged in."""

    work: AtWork

    def show(self, page: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> web.Response:
        """A page whose forms are this session's own."""
        values |= {"work": self.work, "now": self.now, "csrf": csrf_token(self.service.key, self.work.token)}
        values["flooded"] = self.service.crowd.is_flooded(self.now)
        return self.inbox.pages.show(page, self.language, status, **values)


def see_other(address: str) -> web.Response:
    """Send the browser on after a form, so that reloading repeats nothing."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
