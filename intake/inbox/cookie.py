"""The session's cookie: its name and how it is set; knows no session."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from intake.vault.session import SessionToken


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """A cookie for this host alone, gone with the browser. Insecure only on this very machine, for the demo."""

    name: str
    secure: bool

    @classmethod
    def for_url(cls, url: str) -> "SessionCookie":
        """The cookie of the listener that coordinators reach at `url`."""
        parts = urlsplit(url)
        if parts.scheme == "http" and _is_loopback(parts.hostname or ""):
            return cls("hamn", secure=False)
        return cls("__Host-hamn", secure=True)

    def read(self, request: web.Request) -> str | None:
        """The value that the browser sent, or None."""
        return request.cookies.get(self.name)

    def give(self, response: web.StreamResponse, token: SessionToken) -> None:
        """Hand a session to the browser."""
        response.set_cookie(self.name, token.cookie, path="/", secure=self.secure, httponly=True, samesite="Strict")

    def take_back(self, response: web.StreamResponse) -> None:
        """Let the browser forget it."""
        response.del_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="Strict")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
