"""Reads what a page's form sends, bounded and in memory only; knows no field by name."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import web

LARGEST_FORM = 512 * 1024
"""Bytes. 20,000 characters of any script, each percent-encoded, are at most 240,000."""
_MOST_FIELDS = 50
_OWN_PAGES = frozenset({"same-origin", "none"})


def refuse_foreign(request: web.Request) -> None:
    """Refuse a form that another site's page sends. A browser too old to say where it stands is let through.

    `Referrer-Policy: no-referrer` makes browsers send `Origin: null`, so Origin proves nothing here.

    Raises:
        HTTPForbidden: the browser says that another site sent it.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in _OWN_PAGES:
        raise web.HTTPForbidden


async def read_form(request: web.Request) -> Mapping[str, str]:
    """The fields of a posted form; of fields with the same name the last. Line ends are single, NUL is gone.

    aiohttp's own `post()` is not used: it spools larger parts to disk, in the clear.

    Raises:
        HTTPForbidden: another site's page sent it.
        HTTPUnsupportedMediaType: it is no ordinary form.
        HTTPRequestEntityTooLarge: it is longer than the application's limit.
        HTTPBadRequest: it cannot be read as one.
    """
    refuse_foreign(request)
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    body = await request.read()
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise web.HTTPBadRequest from None
    return {name: _plain(value) for name, value in pairs}


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
