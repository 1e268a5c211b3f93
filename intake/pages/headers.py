"""Puts the security headers on every answer, errors included; knows no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import hdrs, web

_POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "script-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

_CLOSED = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
    *("payment", "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking"),
)
"""What a page of ours can never ask of the device; the inbox opens what its second factor needs."""

_ALWAYS: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
}

_TWO_YEARS = "max-age=63072000; includeSubDomains"


@dataclass(frozen=True, slots=True)
class HeaderPolicy:
    """What differs between the listeners.

    `referrer`: how far browsers say where somebody comes from. `secure`: the listener is reached over TLS. `onion_url`:
    where Tor finds the same pages, without a slash at the end. `live`: scripts may connect back (the inbox's live
    list). `allowed`: features of `_CLOSED` that stay open.
    """

    secure: bool
    onion_url: str | None = None
    live: bool = False
    referrer: str = "no-referrer"
    allowed: frozenset[str] = field(default_factory=frozenset)

    def headers(self) -> Mapping[str, str]:
        """The headers that every answer carries."""
        policy = dict(_POLICY) | ({"connect-src": "'self'"} if self.live else {})
        closed = ", ".join(f"{name}=()" for name in _CLOSED if name not in self.allowed)
        transport = {"Strict-Transport-Security": _TWO_YEARS} if self.secure else {}
        content = "; ".join(f"{name} {value}" for name, value in policy.items())
        own = {"Referrer-Policy": self.referrer, "Content-Security-Policy": content, "Permissions-Policy": closed}
        return {**_ALWAYS, **transport, **own}


def send_headers(app: web.Application, policy: HeaderPolicy) -> None:
    """Let every answer of the application carry the policy's headers, and nobody keep one that does not say so."""
    always = policy.headers()

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        # A file of a stranger's is shut in more tightly than a page: its own policy stands.
        own = response.headers.get(hdrs.CONTENT_SECURITY_POLICY)
        response.headers.update(always if own is None else {**always, hdrs.CONTENT_SECURITY_POLICY: own})
        response.headers.popall(hdrs.SERVER, None)
        response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
        if policy.onion_url is not None and response.content_type == "text/html":
            response.headers["Onion-Location"] = policy.onion_url + request.rel_url.raw_path

    app.on_response_prepare.append(add)
