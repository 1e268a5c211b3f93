"""What the service and every bridge say to each other; knows no provider, no protocol and no history.

For the caller. Inbound: give `attach` an async `receive` that returns only after the commit; everything a provider is
told rests on that. `receive` and `report` are called again with the same values when a provider repeats itself, so the
service drops what it has seen, by (`bridge`'s provider, `account`, `id`). Outbound: call `send`; it returns `Sent`, or
raises `Undelivered`, and nothing else on purpose. Decide by `retry` alone (None = never again this way); `reason` is
for people and for counting. A bridge never retries by itself.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Protocol, runtime_checkable

from aiohttp import web


class Channel(StrEnum):
    """By which way a bridge reaches somebody."""

    SMS = "sms"
    TELEGRAM = "telegram"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached: an E.164 number, an alphanumeric sender, a chat id or a mailbox. Never shown."""

    channel: Channel
    value: str = field(repr=False)


class Kind(StrEnum):
    """What came in. All but STOP carry something that the person said and are kept, empty or not."""

    TEXT = "text"
    COMMAND = "command"  # Telegram: `text` is the whole line, "/language sv"
    BUTTON = "button"  # Telegram: `text` is the button's data, as we gave it
    LOCATION = "location"
    EDIT = "edit"  # Telegram: the new text of the message `handle`
    UNREADABLE = "unreadable"  # a sticker, a binary SMS: something came that no text can be made of
    STOP = "stop"  # the provider says: they blocked us or opted out. Send nothing more until they write


@dataclass(frozen=True, slots=True)
class Media:
    """Something to fetch later with the bridge's `fetch`; `ref` may be stored, and is worth sealing like text."""

    ref: str = field(repr=False)
    mime: str = "application/octet-stream"
    name: str | None = field(default=None, repr=False)
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A shared position in degrees (WGS 84): turn it into a municipality, then drop it."""

    latitude: float = field(repr=False)
    longitude: float = field(repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several pieces that the provider has not joined: join by (bridge, address, to, ref, total)."""

    ref: str = field(repr=False)
    total: int
    number: int  # 1 … total


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One message from a person.

    `id` is the provider's and unique within (`provider`, `account`). `handle` names the message inside its chat, for
    `Erasing.erase`; `sequence` grows with time within a bridge (Telegram's update id). `text` can always be encoded as
    UTF-8 and may be empty or hold NUL. `language` is what the person's app says it speaks, a hint only. `incomplete`
    says that something is known to be missing. Where `reply_possible` is false no answer can reach the sender.
    """

    bridge: str
    provider: str
    account: str
    id: str
    address: Address
    to: str
    kind: Kind
    text: str = field(repr=False)
    received_at: datetime
    media: tuple[Media, ...] = ()
    location: Location | None = field(default=None, repr=False)
    part: Part | None = None
    incomplete: bool = False
    reply_possible: bool = True
    handle: str | None = None
    sequence: int | None = None
    language: str | None = None


class Delivery(IntEnum):
    """How far an outgoing text has come. Reports arrive in any order: keep the highest."""

    QUEUED = 0
    SENT = 1
    EXPIRED = 2
    FAILED = 3
    DELIVERED = 4  # above FAILED: that a phone has it is a fact, whatever was believed before
    READ = 5


class Reason(StrEnum):
    """Why something was not carried. Closed: a caller may list them all."""

    UNREACHABLE = "unreachable"  # no connection: certainly not sent
    UNCERTAIN = "uncertain"  # it may have been sent: a time-out or a 500 after the request was out
    UNAVAILABLE = "unavailable"  # the provider says that it is down: not sent
    THROTTLED = "throttled"  # too fast; `retry` is the provider's word, for this address only
    ACCOUNT = "account"  # our credentials, balance or sender id: the operator must act
    ADDRESS = "address"  # no such number, chat or mailbox
    STOPPED = "stopped"  # the person opted out or blocked us
    REJECTED = "rejected"  # refused for another reason
    UNSUITABLE = "unsuitable"  # this bridge cannot carry such a thing
    EXPIRED = "expired"  # too late to be safe; nothing was sent


class Undelivered(Exception):
    """The only failure of a bridge: never carries text, address, URL or a provider's own words.

    `retry` = how long to wait at least, None = for good. `done` = what did get through before: ids of the pieces of a
    long text already sent (pass their number on as `Outbound.skip`), or of the messages already erased.
    """

    def __init__(self, reason: Reason, retry: timedelta | None, done: tuple[str, ...] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retry = retry
        self.done = done


class NotStored(Exception):
    """Raised by `receive` or `report` when nothing could be committed: the provider is asked to come again (503)."""


class BadSetting(Exception):
    """A bridge's table in the configuration is wrong: names the key, never shows its value."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key = key


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a text: `id` is the provider's (one of `Sent.ids`), `why` is set where it failed."""

    bridge: str
    provider: str
    account: str
    id: str
    state: Delivery
    at: datetime
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a Telegram message. `data` comes back in a BUTTON (1 to 64 bytes); other bridges leave it out."""

    label: str
    data: str = ""
    asks_location: bool = False  # shows Telegram's own "share my location" instead of returning `data`


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One text to one address.

    `id` is the idempotency key: handed to every provider that takes one. After `expires_at` the bridge refuses, and
    tells the provider to give up by then where it can. `subject` is for e-mail. `skip` = pieces sent before.
    """

    id: str
    address: Address
    text: str = field(repr=False)
    expires_at: datetime
    subject: str = field(default="", repr=False)
    buttons: tuple[tuple[Button, ...], ...] = ()
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted by the provider, under these ids: one, several for a long text, none where it named none."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A voice call to somebody on call: rings, speaks neutral `words`, hangs up. Never to a person who wrote to us."""

    id: str
    address: Address
    words: str = field(repr=False)
    language: str = "sv-SE"


Receive = Callable[[Inbound], Awaitable[None]]
TakeReport = Callable[[Report], Awaitable[None]]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the app gives every bridge. `public_url` has no trailing slash; `now` returns aware times.

    `trusted_proxies` are addresses or networks whose `X-Forwarded-For` counts. `patience` bounds every wait for a
    provider's answer.
    """

    public_url: str
    now: Clock
    trusted_proxies: tuple[str, ...] = ()
    patience: timedelta = timedelta(seconds=15)


class Bridge(Protocol):
    """A way in and out. Made by its module's `build(name, table, surroundings)`; see `bridges.load`."""

    @property
    def name(self) -> str:
        """The table's name in the configuration, and the last part of `/hooks/{name}`."""
        ...

    @property
    def channel(self) -> Channel:
        """By which way it goes."""
        ...

    def attach(self, app: web.Application, receive: Receive, report: TakeReport) -> None:
        """Mount the routes it wants and tie `start` and `stop` to the app's life. Once, before the app runs."""
        ...

    async def start(self) -> None:
        """Open what it holds (no network). Only for a process that serves no app; harmless twice."""
        ...

    async def stop(self) -> None:
        """Let go of what it holds; harmless twice."""
        ...

    async def send(self, outbound: Outbound) -> Sent:
        """Hand one text to the provider. Raises `Undelivered`."""
        ...


@runtime_checkable
class Fetching(Protocol):
    """A bridge whose `Media` can be fetched."""

    def fetch(self, media: Media, limit: int) -> AsyncIterator[bytes]:
        """The content in pieces, at most `limit` bytes. Raises `Undelivered` (UNSUITABLE: larger, or not theirs)."""
        ...


@runtime_checkable
class Erasing(Protocol):
    """A bridge that can take messages back, the person's own too."""

    async def erase(self, address: Address, handles: Collection[str]) -> frozenset[str]:
        """Delete by `Inbound.handle` and `Sent.ids`; returns those that must stay. Raises `Undelivered`, see `done`."""
        ...


@runtime_checkable
class Polling(Protocol):
    """A bridge that may have to ask for its messages (`polls` says so): by one node at a time, under a lease."""

    @property
    def polls(self) -> bool:
        """Whether the configuration chose this over a webhook."""
        ...

    async def poll_once(self, offset: int | None, wait: timedelta) -> int | None:
        """Ask once, `receive` all that came, return the offset to store and ask with next. Raises `Undelivered`."""
        ...


@runtime_checkable
class Registering(Protocol):
    """A bridge that tells its provider where to send: to be called when the service starts, and repeated on failure."""

    async def register(self) -> None:
        """Make the provider's settings match ours. Raises `Undelivered`."""
        ...


@runtime_checkable
class Calling(Protocol):
    """A bridge that may ring a phone (`calls` says whether this one does)."""

    @property
    def calls(self) -> bool:
        """Whether the provider and the configuration allow it."""
        ...

    async def call(self, alarm: Alarm) -> Sent:
        """Let the phone ring. Raises `Undelivered`."""
        ...


Build = Callable[[str, dict[str, Any], Surroundings], Bridge]
