"""The public listener: which address shows what; the only place of `web` that knows all of it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler

from intake.pages.errors import catch_errors
from intake.pages.forms import LARGEST_FORM
from intake.pages.headers import HeaderPolicy, send_headers
from intake.service import Service
from intake.web import api, mailbox, steady
from intake.web.bodies import NewMessage, NewReport, OpenMailbox, taking
from intake.web.doors import DOORS
from intake.web.openapi import describe
from intake.web.site import ON, SITE, Site, Visit, visit
from intake.web.slowing import slowing

Page: TypeAlias = Callable[[Visit], Awaitable[web.Response]]

PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", steady.show_start),
    ("GET", "/leave", steady.leave),
    ("GET", "/left", steady.left),
    ("GET", "/forget", steady.forget),
    ("GET", "/{lang}/", steady.show_home),
    *(("GET", f"/{{lang}}/{door.kind}", door.show) for door in DOORS),
    ("GET", "/{lang}/mailbox", mailbox.show_door),
    ("GET", "/{lang}/support", steady.show_support),
    ("GET", "/{lang}/privacy", steady.show_privacy),
    ("GET", "/{lang}/accessibility", steady.show_accessibility),
)

FORMS: tuple[tuple[str, Page], ...] = (
    *((f"/{{lang}}/{door.kind}", door.take) for door in DOORS),
    ("/{lang}/mailbox", mailbox.act),
    ("/{lang}/support", steady.search_support),
)
"""What takes a form in. Our own pages send theirs to the same address with `ON` after it, see there."""

CALLS: tuple[tuple[str, Handler], ...] = (
    ("/api/v1/reports", taking(NewReport, api.post_report)),
    ("/api/v1/mailbox", taking(OpenMailbox, api.read_mailbox)),
    ("/api/v1/mailbox/messages", taking(NewMessage, api.post_message)),
    ("/api/v1/mailbox/erase", taking(OpenMailbox, api.erase_mailbox)),
)


def public_app(service: Service) -> web.Application:
    """The application of the public listener. Raises `ValueError` for an offered language that is not there."""
    site = Site.build(service)
    settings = service.config.web
    app = web.Application(middlewares=[catch_errors(steady.show_error), slowing(service)], client_max_size=LARGEST_FORM)
    app[SITE] = site
    send_headers(app, HeaderPolicy(settings.public_url.startswith("https:"), settings.onion_url))
    for method, path, page in PAGES:
        app.router.add_route(method, path, _visited(page))
    for path, page in FORMS:
        app.router.add_post(path, _visited(page))
        app.router.add_post(path + ON, _visited(page))
        app.router.add_get(path + ON, _visited(steady.leave))
    for path, call in CALLS:
        app.router.add_post(path, call)
    app.router.add_get("/api/v1/openapi.json", _document(describe(service.config.service.name, service.gazetteer)))
    for asset in site.assets:
        app.router.add_get(asset.path, asset.serve)
    return app


def _visited(page: Page) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await page(visit(request))

    return answer


def _document(body: bytes) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    return answer
