"""What a public page is made with: the service, the languages, the templates; knows no route."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Self

from aiohttp import hdrs, web
from babel.dates import format_date, format_time

from intake.pages.static import Asset, load_assets
from intake.pages.templates import Pages, make_environment
from intake.pages.translations import ENGLISH, Language, Scope, load_languages
from intake.service import Service
from intake.web.preferred import preferred
from intake.web.support import Support, load_support
from triage.calendar import STOCKHOLM

SCOPES: Mapping[str, Scope] = {
    "tip.html": Scope.ALL,
    "buyer.html": Scope.ALL,
    "professional.html": Scope.ALL,
}
"""The templates that only wholly translated languages show; every other one belongs to `Scope.HELP`."""

ON = "/on"
"""The end of the address that our forms are sent to. Opened like a link, such an address is the way out.

So the way out of a page that answered a form is a link to the page's own address. Following one of those a browser puts
the new page in the place of the old in its history, also without JavaScript: Back never asks whether to send the form
again, and so never shows whoever has the phone the number or the text that it answered (tried in Chromium 156).
"""


@dataclass(frozen=True, slots=True)
class Site:
    """All that lives as long as the listener."""

    service: Service = field(repr=False)
    languages: Mapping[str, Language] = field(repr=False)
    offered: Sequence[Language] = field(repr=False)
    pages: Pages = field(repr=False)
    assets: Sequence[Asset] = field(repr=False)
    support: Support = field(repr=False)

    @classmethod
    def build(cls, service: Service) -> Self:
        """Read and compile everything now, so that no page can lack it later. Raises `ValueError` for a language."""
        tags = service.config.languages.offered
        languages = load_languages(tags)
        assets = load_assets("intake.web", "site.css", "site.js")
        environment = make_environment(
            "intake.web",
            css=assets["site.css"].path,
            js=assets["site.js"].path,
            site=service.config.service.name,
            operator=service.config.operator,
            retention=service.config.retention,
            in_words=in_words,
        )
        offered = [languages[tag] for tag in tags]
        return cls(service, languages, offered, Pages.compiled(environment), list(assets.values()), load_support())


SITE = web.AppKey("site", Site)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page, in the language asked for, at the one `now` of its handling."""

    site: Site = field(repr=False)
    request: web.Request = field(repr=False)
    language: Language = field(repr=False)
    now: datetime

    @property
    def service(self) -> Service:
        """What the use cases take."""
        return self.site.service

    def show(self, template: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> web.Response:
        """Render a page, in English where the language's scope does not hold it; links keep the language."""
        scope = SCOPES.get(template, Scope.HELP)
        language = self.language if self.language.scope.holds(scope) else self.site.languages[ENGLISH]
        return self.site.pages.show(
            template,
            language,
            status,
            asked=self.language,
            offered=self.site.offered,
            here=self._here(),
            exit=self._way_out(),
            posted=self.request.method == hdrs.METH_POST,
            support=self.site.support,
            slow=self.service.crowd.is_flooded(self.now),
            **values,
        )

    def _here(self) -> str:
        """The part of the address after the language: what a link to the same page in another language ends with."""
        info = self.request.match_info
        return self.request.path.removeprefix(f"/{info['lang']}/").removesuffix(ON) if "lang" in info else ""

    def _way_out(self) -> str:
        """Where to leave to: the page's own address once a form was answered, whose GET is the way out, else `/leave`.

        Put together anew: the address as asked for may begin with two slashes, and then names another site.
        """
        if self.request.method != hdrs.METH_POST or not self.request.path.endswith(ON) or not self._here():
            return "/leave"
        return f"/{self.language.tag}/{self._here()}{ON}"


def visit(request: web.Request) -> Visit:
    """Begin to answer, in the language of the address; where that names none, in the one that the browser prefers.

    Raises:
        HTTPNotFound: the address names a language that is not offered.
    """
    site = request.app[SITE]
    tag = request.match_info.get("lang")
    wanted = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
    language = preferred(wanted, site.offered) if tag is None else site.languages.get(tag)
    if language is None or language not in site.offered:
        raise web.HTTPNotFound
    return Visit(site, request, language, site.service.clock())


def in_words(moment: datetime, language: Language) -> tuple[str, str]:
    """Day and time of an aware moment as they are said in Sweden, in the reader's language."""
    local = moment.astimezone(STOCKHOLM)
    known = language.locale.datetime_skeletons
    pattern = (known.get("MMMMEd") or known["MMMEd"]).pattern
    written_out = re.sub("M+", "MMMM", re.sub("E+", "EEEE", pattern))
    return format_date(local, written_out, language.locale), format_time(local, "HH:mm", locale=language.locale)
