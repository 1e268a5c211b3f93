"""The page that says what went wrong and gives back what was typed; knows no use case."""

from http import HTTPStatus

from aiohttp import hdrs, web

from intake.inbox.language import preferred
from intake.inbox.visit import STAMP, TYPED, Inbox
from intake.inbox.words import REFUSALS, UNEXPECTED
from intake.pages.errors import ErrorPage


def refusals(inbox: Inbox) -> ErrorPage:
    """How this listener shows an error."""

    def show(request: web.Request, status: HTTPStatus) -> web.Response:
        language = preferred(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""), inbox.languages)
        return inbox.pages.show(
            "refusal.html",
            language,
            status,
            said=REFUSALS.get(status, UNEXPECTED),
            typed=request.get(TYPED, {}),
            again=request.path,
            csrf=request.get(STAMP, ""),
        )

    return show
