"""A provider's webhook request as a value, and the checks that several providers share; does no I/O, logs nothing."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

SKEW = timedelta(minutes=5)


class Outcome(StrEnum):
    """How a webhook request ended, before the provider's own way of saying it."""

    ACCEPTED = "accepted"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"


_STATUS = {
    Outcome.UNAUTHENTICATED: 401,
    Outcome.FORBIDDEN: 403,
    Outcome.UNREADABLE: 400,
    Outcome.TOO_LARGE: 413,
    Outcome.UNAVAILABLE: 503,
}


class Refused(Exception):
    """The request goes no further; says which way it ended, and nothing of what it held."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Ignore:
    """An event that carries nothing for us; `malformed` where it could not be read."""

    malformed: bool = False


@dataclass(frozen=True, slots=True)
class Ack:
    """What the provider is told."""

    status: int
    body: bytes = b""
    content_type: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The response's headers; RFC 9110 wants a challenge with every 401."""
        headers = {"Content-Type": self.content_type} if self.content_type else {}
        return headers | ({"WWW-Authenticate": 'Basic realm="hooks"'} if self.status == 401 else {})


def acked(outcome: Outcome, accepted: int) -> Ack:
    """An answer without a body: `accepted` where all went well."""
    return Ack(_STATUS.get(outcome, accepted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One webhook request to the bridge `bridge`, received `at`.

    `url` is built from our configured public base, with the raw query: never from Host or X-Forwarded-*. `headers` have
    lower-case names. `source` is the address that a trusted proxy saw, None without one.
    """

    bridge: str
    at: datetime
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    source: str | None = field(default=None, repr=False)

    def header(self, name: str) -> str:
        """A header's value, empty where absent."""
        return self.headers.get(name, "").strip()

    def pairs(self) -> list[tuple[bytes, bytes]]:
        """The form (or, for GET, the query) as raw bytes: what form signatures are made over."""
        source = self.url.partition("?")[2].encode() if self.method == "GET" else self.body
        fields = (part.replace(b"+", b" ").partition(b"=") for part in source.split(b"&") if part)
        return [(unquote_to_bytes(key), unquote_to_bytes(value)) for key, _, value in fields]

    def form(self) -> dict[str, str]:
        """The form as text, first value of each key; a byte that is not UTF-8 costs itself, not the message."""
        form: dict[str, str] = {}
        for key, value in self.pairs():
            form.setdefault(_decode(key), _decode(value))
        return form

    def json(self) -> Any:  # noqa: ANN401 (JSON)
        """The body as JSON; raises `Refused` where it is none. A byte that is not UTF-8 costs itself only."""
        try:
            return json.loads(self.body.decode(json.detect_encoding(self.body), "replace"))
        except (ValueError, RecursionError):
            raise Refused(Outcome.UNREADABLE) from None

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; raises `Refused` where it is none."""
        value = self.json()
        if not isinstance(value, dict):
            raise Refused(Outcome.UNREADABLE)
        return value

    def params(self) -> dict[str, Any]:
        """Form, JSON or query, whichever it came as."""
        is_json = self.method != "GET" and "json" in self.header("content-type").lower()
        return self.object() if is_json else self.form()

    def query(self) -> dict[str, str]:
        """The query, whatever the method."""
        return dict(parse_qsl(self.url.partition("?")[2], keep_blank_values=True))


def _decode(raw: bytes) -> str:
    # Phones' emoji arrive as two UTF-8 encoded surrogates from some gateways: `clean` joins them again.
    try:
        return clean(raw.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def clean(value: object) -> str:
    """Any JSON scalar as text that UTF-8 can hold: surrogate pairs joined, lone ones replaced, NUL kept."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def listed(value: object) -> list[Any]:
    """`value` where it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def mapped(value: object) -> dict[str, Any]:
    """`value` where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def id_or_digest(given: object, entry: object) -> str:
    """The provider's id, or where it gave none a digest of all it said: a repetition is still recognised."""
    try:
        return clean(given) or "sha256:" + hashlib.sha256(repr(entry).encode("utf-8", "replace")).hexdigest()
    except RecursionError:
        raise Refused(Outcome.UNREADABLE) from None


def basic(username: str, password: str) -> str:
    """The value of an `Authorization` header."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def check_basic(hook: Hook, username: str, password: str) -> None:
    """Refuse (401) unless the request carries exactly these credentials."""
    scheme, _, given = hook.header("authorization").partition(" ")
    try:
        credentials = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        credentials = b""
    if scheme.lower() != "basic" or not hmac.compare_digest(credentials, f"{username}:{password}".encode()):
        raise Refused(Outcome.UNAUTHENTICATED)


def check_equal(expected: str, given: str) -> None:
    """Refuse (403) unless a signature or a shared header is the expected one; takes the same time either way."""
    if not expected or not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise Refused(Outcome.FORBIDDEN)


def check_window(stamp: str, at: datetime, past: timedelta) -> None:
    """Refuse (403) unless `stamp` (Unix seconds) lies within `past` before `at`, or a little after."""
    try:
        age = timedelta(seconds=at.timestamp() - float(stamp))
    except (ValueError, OverflowError):
        raise Refused(Outcome.FORBIDDEN) from None
    if not -SKEW <= age <= past:
        raise Refused(Outcome.FORBIDDEN)


def check_source(hook: Hook, allowed: Collection[str]) -> None:
    """Refuse (403) unless a trusted proxy saw the request come from one of `allowed`."""
    if hook.source is None or not any(ip_address(hook.source) == ip_address(one) for one in allowed):
        raise Refused(Outcome.FORBIDDEN)


def source_of(peer: str | None, forwarded: str, trusted: Collection[str]) -> str | None:
    """Who sent a request, as the nearest proxies that we trust tell it; None without such a proxy."""
    if peer is None or not _is_within(peer, trusted):
        return None
    hops = [hop.strip() for hop in forwarded.split(",")]
    return next((hop for hop in reversed(hops) if _is_address(hop) and not _is_within(hop, trusted)), None)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_within(address: str, networks: Collection[str]) -> bool:
    if not _is_address(address):
        return False
    return any(ip_address(address) in ip_network(network, strict=False) for network in networks)
