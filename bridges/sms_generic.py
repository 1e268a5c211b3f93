"""Any gateway that speaks Standard Webhooks (standardwebhooks.com) both ways; pure: no socket, no clock, no store."""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bridges.contract import BadSetting, Delivery, Media, Outbound, Part, Reason, Report, Sent, Surroundings
from bridges.hooks import (
    Ack,
    Hook,
    Ignore,
    Outcome,
    Refused,
    acked,
    check_window,
    clean,
    id_or_digest,
    listed,
    mapped,
)
from bridges.http import Answer, Call, refusal
from bridges.settings import read, require_tls, secret
from bridges.sms import Event, MediaAccess, Provider, Sending, SmsBridge, SmsSettings, received

PROVIDER = "generic"
WINDOW = timedelta(minutes=5)

_STATES = {state.name.lower(): state for state in Delivery}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SmsSettings):
    """`send_url` takes our texts, signed with `send_secret`; `hook_secret` signs theirs. Both as `whsec_…`."""

    send_url: str
    send_secret: str = secret(None)
    hook_secret: str = secret(None)
    account: str = ""
    media_hosts: tuple[str, ...] = ()


def key_of(text: str) -> bytes:
    """The key of a `whsec_…` secret; raises ValueError where it is none."""
    raw = text.removeprefix("whsec_")
    return base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True)


def sign(key: bytes, id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks; also what a gateway or the demo's phone signs its requests with."""
    stamp = str(int(at.timestamp()))
    digest = hmac.digest(key, f"{id_}.{stamp}.".encode() + body, "sha256")
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def verify(hook: Hook, settings: Settings) -> None:
    """One of the signatures must be ours (a sender that changes its key sends two), and fresh."""
    id_, stamp = hook.header("webhook-id"), hook.header("webhook-timestamp")
    given = hook.header("webhook-signature").split()
    expected = hmac.digest(key_of(settings.hook_secret), f"{id_}.{stamp}.".encode() + hook.body, "sha256")
    if not id_ or not any(hmac.compare_digest(expected, _decoded(one)) for one in given):
        raise Refused(Outcome.FORBIDDEN)
    check_window(stamp, hook.at, WINDOW)


def _decoded(signature: str) -> bytes:
    version, _, value = signature.partition(",")
    if version != "v1":
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""


def parse(hook: Hook, settings: Settings) -> list[Event]:
    """One message or report (an object), or several (an array)."""
    said = hook.json()
    entries = said if isinstance(said, list) else [said]
    return [_event(hook, settings, mapped(entry)) for entry in entries] or [Ignore(malformed=True)]


def _event(hook: Hook, settings: Settings, entry: dict[str, Any]) -> Event:
    account = settings.account or hook.bridge
    if "status" in entry:
        state = _STATES.get(clean(entry["status"]))
        if state is None or not entry.get("id"):
            return Ignore(malformed=True)
        why = Reason.REJECTED if state is Delivery.FAILED else None
        return Report(hook.bridge, PROVIDER, account, clean(entry["id"]), state, hook.at, why)
    if not entry.keys() & {"from", "text", "media"}:
        return Ignore(malformed=True)
    items = [mapped(item) for item in listed(entry.get("media"))]
    return received(
        hook,
        settings,
        PROVIDER,
        account,
        id_or_digest(entry.get("id"), entry),
        sender=entry.get("from"),
        to=entry.get("to"),
        text=entry.get("text"),
        media=tuple(Media(clean(i["url"]), clean(i.get("type")) or "image/*") for i in items if i.get("url")),
        part=_part(mapped(entry.get("part"))),
    )


def _part(said: dict[str, Any]) -> Part | None:
    total, number = said.get("total"), said.get("number")
    if not isinstance(total, int) or not isinstance(number, int) or not 1 <= number <= total <= 255 or total == 1:
        return None
    return Part(clean(said.get("ref")), total, number)


def ack(outcome: Outcome) -> Ack:
    """204."""
    return acked(outcome, 204)


def request(outbound: Outbound, settings: Settings, sending: Sending) -> Call:
    """The same shape outwards; `webhook-id` is the idempotency key."""
    body = json.dumps(
        {
            "id": outbound.id,
            "from": settings.sender,
            "to": outbound.address.value,
            "text": outbound.text,
            "expires_at": outbound.expires_at.astimezone(UTC).isoformat(timespec="seconds"),
            "status_url": sending.status_url,
        }
    ).encode()
    signed = sign(key_of(settings.send_secret), outbound.id, sending.now, body)
    return Call(settings.send_url, body, {"Content-Type": "application/json", **signed})


def outcome(answer: Answer) -> Sent:
    """`Sent` with the gateway's id where it names one, or raises `Undelivered`."""
    refused = refusal(answer)
    if refused:
        raise refused
    given = clean(answer.object().get("id"))
    return Sent((given,) if given else ())


def media(settings: Settings) -> MediaAccess:
    """From the gateway's own host, and others as configured; without credentials."""
    return MediaAccess((urlsplit(settings.send_url).netloc, *settings.media_hosts))


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmsBridge[Settings]:
    """The bridge; raises `BadSetting`."""
    settings = read(Settings, table)
    require_tls("send_url", settings.send_url)
    for key, value in (("send_secret_file", settings.send_secret), ("hook_secret_file", settings.hook_secret)):
        _require_key(key, value)
    return SmsBridge(name, Provider(verify, parse, ack, request, outcome, media), settings, surroundings)


def _require_key(key: str, value: str) -> None:
    try:
        strong = len(key_of(value)) >= 24
    except ValueError:
        strong = False
    if not strong:
        raise BadSetting(key, "must hold whsec_ and at least 24 bytes in base64")
