"""Infobip on the wire (infobip.com/docs/api/channels/sms); pure: knows no socket, no clock and no store."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bridges.contract import Delivery, Media, Outbound, Reason, Report, Sent, Surroundings, Undelivered
from bridges.hooks import (
    Ack,
    Hook,
    Ignore,
    Outcome,
    acked,
    check_basic,
    check_equal,
    clean,
    id_or_digest,
    listed,
    mapped,
)
from bridges.http import OPERATOR, Answer, Call, json_call, refusal
from bridges.settings import read, require, require_tls, secret
from bridges.sms import Event, MediaAccess, Provider, Sending, SmsBridge, SmsSettings, received

PROVIDER = "infobip"
LONGEST_MINUTES = 2880

_GROUPS = {
    "PENDING": Delivery.SENT,
    "DELIVERED": Delivery.DELIVERED,
    "UNDELIVERABLE": Delivery.FAILED,
    "EXPIRED": Delivery.EXPIRED,
    "REJECTED": Delivery.FAILED,
}
_OPERATORS_FAULT = ("REJECTED_NOT_ENOUGH_CREDITS", "REJECTED_SENDER", "REJECTED_NETWORK")
_NO_SUCH_NUMBER = ("REJECTED_DESTINATION", "REJECTED_INVALID_DESTINATION", "REJECTED_PREFIX_MISSING")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SmsSettings):
    """`api_url` is the account's own base URL. The hooks carry Basic credentials or a header (`hook_header`).

    `account` names the Infobip account where several tables use it, so that its messages count once.
    """

    api_url: str
    api_key: str = secret(None)
    account: str = ""
    hook_username: str = ""
    hook_password: str = secret()
    hook_header: str = ""
    hook_secret: str = secret()
    media_hosts: tuple[str, ...] = ()


def verify(hook: Hook, settings: Settings) -> None:
    """What is configured is required: Basic credentials, a shared header, or both. Infobip signs nothing."""
    if settings.hook_username:
        check_basic(hook, settings.hook_username, settings.hook_password)
    if settings.hook_header:
        check_equal(settings.hook_secret, hook.header(settings.hook_header.lower()))


def parse(hook: Hook, settings: Settings) -> list[Event]:
    """A batch of messages or of delivery reports; each entry stands for itself."""
    entries = listed(hook.object().get("results"))
    return [_event(hook, settings, mapped(entry)) for entry in entries] or [Ignore(malformed=True)]


def _event(hook: Hook, settings: Settings, entry: dict[str, Any]) -> Event:
    if "status" in entry:
        return _report(hook, settings, entry)
    if not entry.keys() & {"from", "text", "message"}:
        return Ignore(malformed=True)
    pieces = [mapped(piece) for piece in listed(entry.get("message"))]
    words = [clean(piece.get("value")) for piece in pieces if "value" in piece]
    return received(
        hook,
        settings,
        PROVIDER,
        settings.account or hook.bridge,
        id_or_digest(entry.get("messageId"), entry),
        sender=entry.get("from"),
        to=entry.get("to"),
        # `cleanText` has lost the keyword, and a keyword may be the message.
        text=entry.get("text") if "text" in entry else "\n".join(words),
        media=tuple(_media(piece) for piece in pieces if piece.get("url")),
        international=True,
    )


def _media(piece: dict[str, Any]) -> Media:
    return Media(clean(piece["url"]), clean(piece.get("contentType")) or "application/octet-stream")


def _report(hook: Hook, settings: Settings, entry: dict[str, Any]) -> Event:
    state = _GROUPS.get(clean(mapped(entry["status"]).get("groupName")))
    if state is None or not entry.get("messageId"):
        return Ignore(malformed=True)
    why = _why(clean(mapped(entry["status"]).get("name"))) if state is Delivery.FAILED else None
    account = settings.account or hook.bridge
    return Report(hook.bridge, PROVIDER, account, clean(entry["messageId"]), state, hook.at, why)


def _why(status: str) -> Reason:
    if status in _OPERATORS_FAULT:
        return Reason.ACCOUNT
    return Reason.ADDRESS if status in _NO_SUCH_NUMBER else Reason.REJECTED


def ack(outcome: Outcome) -> Ack:
    """200, without a body."""
    return acked(outcome, 200)


def request(outbound: Outbound, settings: Settings, sending: Sending) -> Call:
    """A text under our own message id, given up by its expiry."""
    minutes = int((outbound.expires_at - sending.now).total_seconds() // 60)
    message = {
        "sender": settings.sender,
        "destinations": [{"to": outbound.address.value.removeprefix("+"), "messageId": outbound.id}],
        "content": {"text": outbound.text},
        "options": {"validityPeriod": {"amount": min(max(minutes, 1), LONGEST_MINUTES), "timeUnit": "MINUTES"}},
        "webhooks": {"delivery": {"url": sending.status_url}},
    }
    headers = {"Authorization": f"App {settings.api_key}"}
    return json_call(f"{settings.api_url}/sms/3/messages", {"messages": [message]}, headers)


def outcome(answer: Answer) -> Sent:
    """`Sent` with the message's id, or raises `Undelivered`: 200 may carry a rejection."""
    refused = refusal(answer)
    if refused:
        raise refused
    messages = listed(answer.object().get("messages"))
    first = mapped(messages[0]) if messages else {}
    status = mapped(first.get("status"))
    if clean(status.get("groupName")) == "REJECTED":
        why = _why(clean(status.get("name")))
        raise Undelivered(why, OPERATOR if why is Reason.ACCOUNT else None)
    given = clean(first.get("messageId"))
    return Sent((given,) if given else ())


def media(settings: Settings) -> MediaAccess:
    """MMS content lies on the account's own host; more hosts only as the operator names them, without our key."""
    own = urlsplit(settings.api_url).netloc
    return MediaAccess((own, *settings.media_hosts), {"Authorization": f"App {settings.api_key}"})


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmsBridge[Settings]:
    """The bridge; raises `BadSetting`."""
    settings = read(Settings, table)
    require_tls("api_url", settings.api_url)
    require("hook_username", bool(settings.hook_username or settings.hook_header), "or hook_header is required")
    paired = bool(settings.hook_password) == bool(settings.hook_username)
    require("hook_password_file", paired, "goes with hook_username")
    require("hook_secret_file", bool(settings.hook_secret) == bool(settings.hook_header), "goes with hook_header")
    return SmsBridge(name, Provider(verify, parse, ack, request, outcome, media), settings, surroundings)
