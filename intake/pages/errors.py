"""The broad catch of the web layer: whatever fails becomes a page or a problem document that repeats no input."""

from collections.abc import Callable
from http import HTTPStatus

import msgspec
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from intake.logs import log
from intake.store.failure import StoreUnavailable

_LOG = log(__name__)

ErrorPage = Callable[[web.Request, HTTPStatus], web.Response]
"""A listener's own page for a status."""

PROBLEM = "application/problem+json"
_KEPT = (hdrs.ALLOW, hdrs.LOCATION, hdrs.RETRY_AFTER)
"""The headers of a refusal that say something about us, not about the request."""


def problem(status: HTTPStatus, detail: str, **extensions: str) -> web.Response:
    """Problem details after RFC 9457. `detail` is our own words, never the sender's."""
    document = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail} | extensions
    return web.Response(status=status, body=msgspec.json.encode(document), content_type=PROBLEM)


def catch_errors(page: ErrorPage, documents_under: str = "/api/") -> Middleware:
    """The outermost layer: `page` shows errors, except under a path where programs read them."""

    def shown(request: web.Request, status: HTTPStatus) -> web.Response:
        if request.path.startswith(documents_under):
            return problem(status, _DETAIL.get(status, "The request could not be answered."))
        return page(request, status)

    @web.middleware
    async def layer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            if refusal.status < HTTPStatus.BAD_REQUEST:
                raise
            response = shown(request, HTTPStatus(refusal.status))
            if refusal.status == HTTPStatus.REQUEST_TIMEOUT:
                # What still trickles in is not waited for.
                response.force_close()
            response.headers.update({name: refusal.headers[name] for name in _KEPT if name in refusal.headers})
            return response
        except StoreUnavailable as error:
            _LOG.error("store unavailable", reason=error.reason.value)
            return shown(request, HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception as error:  # noqa: BLE001 (whatever it is, nobody is shown it)
            _LOG.error("request failed", exception=type(error).__name__)
            return shown(request, HTTPStatus.INTERNAL_SERVER_ERROR)

    return layer


_DETAIL = {
    HTTPStatus.BAD_REQUEST: "The request could not be read.",
    HTTPStatus.NOT_FOUND: "There is nothing here.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method; see the Allow header.",
    HTTPStatus.REQUEST_TIMEOUT: "The request came in too slowly. Keep your text and try again.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body must be application/json.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not received. Keep your text and try again in a little while.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something failed here. Keep your text and try again in a little while.",
}
