"""Sinch's SMS REST API on the wire (developers.sinch.com/docs/sms); pure: knows no socket, no clock and no store."""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from bridges.contract import Delivery, Kind, Media, Outbound, Reason, Report, Sent, Surroundings
from bridges.hooks import (
    Ack,
    Hook,
    Ignore,
    Outcome,
    Refused,
    acked,
    check_basic,
    check_equal,
    check_window,
    clean,
    id_or_digest,
    listed,
    mapped,
)
from bridges.http import Answer, Call, json_call, refusal
from bridges.settings import read, require, require_tls, secret
from bridges.sms import Event, MediaAccess, Provider, Sending, SmsBridge, SmsSettings, received

PROVIDER = "sinch"
# Sinch tries for almost two days, and does not say whether a later try is signed anew; what it gets a 4xx for it never
# sends again. A replay within the window is known by its id, and dropped.
WINDOW = timedelta(hours=48)

_INBOUND = {"mo_text": Kind.TEXT, "mo_media": Kind.TEXT, "mo_binary": Kind.UNREADABLE}
_STATES = {
    "Queued": Delivery.QUEUED,
    "Dispatched": Delivery.SENT,
    "Delivered": Delivery.DELIVERED,
    "Aborted": Delivery.FAILED,
    "Cancelled": Delivery.EXPIRED,
    "Rejected": Delivery.FAILED,
    "Deleted": Delivery.FAILED,
    "Failed": Delivery.FAILED,
    "Expired": Delivery.EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SmsSettings):
    """`plan` is the service plan's id. The hooks carry an HMAC under `hook_secret`, Basic credentials, or both."""

    plan: str
    token: str = secret(None)
    hook_secret: str = secret()
    hook_username: str = ""
    hook_password: str = secret()
    media_hosts: tuple[str, ...] = ()
    api_url: str = "https://eu.sms.api.sinch.com"


def verify(hook: Hook, settings: Settings) -> None:
    """What is configured is required: Basic credentials, an HMAC, or both."""
    if settings.hook_username:
        check_basic(hook, settings.hook_username, settings.hook_password)
    if settings.hook_secret:
        _check_signature(hook, settings.hook_secret)


def _check_signature(hook: Hook, key: str) -> None:
    if hook.header("x-sinch-webhook-signature-algorithm").upper().replace("-", "") not in ("", "HMACSHA256"):
        raise Refused(Outcome.FORBIDDEN)
    nonce, stamp = hook.header("x-sinch-webhook-signature-nonce"), hook.header("x-sinch-webhook-signature-timestamp")
    signed = hook.body + f".{nonce}.{stamp}".encode()
    expected = base64.b64encode(hmac.digest(key.encode(), signed, "sha256")).decode()
    check_equal(expected, hook.header("x-sinch-webhook-signature"))
    check_window(stamp, hook.at, WINDOW)


def parse(hook: Hook, settings: Settings) -> list[Event]:
    """One message or one delivery report."""
    said = hook.object()
    kind = clean(said.get("type"))
    if kind in _INBOUND:
        return [_message(hook, settings, said, _INBOUND[kind])]
    if kind.endswith("delivery_report_sms"):
        return [_report(hook, settings, said)]
    return [Ignore(malformed=not kind)]


def _message(hook: Hook, settings: Settings, said: dict[str, Any], kind: Kind) -> Event:
    body = said.get("body")
    content = mapped(body)
    items = [mapped(item) for item in listed(content.get("media"))]
    media = tuple(
        Media(clean(item.get("url")), clean(item.get("content_type")) or "application/octet-stream")
        for item in items
        if item.get("url")
    )
    return received(
        hook,
        settings,
        PROVIDER,
        settings.plan,
        id_or_digest(said.get("id"), said),
        sender=said.get("from"),
        to=said.get("to"),
        text="" if kind is Kind.UNREADABLE else content.get("message", body),
        kind=kind,
        media=media,
        incomplete=len(media) < len(items),
        international=True,
    )


def _report(hook: Hook, settings: Settings, said: dict[str, Any]) -> Event:
    statuses = [said, *map(mapped, listed(said.get("statuses")))]
    states = [_STATES[name] for name in (clean(one.get("status")) for one in statuses) if name in _STATES]
    if not states or not said.get("batch_id"):
        return Ignore(malformed=not said.get("batch_id"))
    state = max(states)
    why = Reason.REJECTED if state is Delivery.FAILED else None
    return Report(hook.bridge, PROVIDER, settings.plan, clean(said["batch_id"]), state, hook.at, why)


def ack(outcome: Outcome) -> Ack:
    """Any 2xx. Only 503 brings a message back: Sinch forgets what it gets another 4xx for."""
    return acked(outcome, 204)


def request(outbound: Outbound, settings: Settings, sending: Sending) -> Call:
    """A batch of one, given up by its expiry; `client_reference` names it in Sinch's lists, it does not deduplicate."""
    body = {
        "from": settings.sender,
        "to": [outbound.address.value],
        "body": outbound.text,
        "delivery_report": "per_recipient",
        "callback_url": sending.status_url,
        "expire_at": outbound.expires_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "client_reference": outbound.id,
    }
    url = f"{settings.api_url}/xms/v1/{settings.plan}/batches"
    return json_call(url, body, {"Authorization": f"Bearer {settings.token}"})


def outcome(answer: Answer) -> Sent:
    """`Sent` with the batch's id, or raises `Undelivered`."""
    refused = refusal(answer)
    if refused:
        raise refused
    given = clean(answer.object().get("id"))
    return Sent((given,) if given else ())


def media(settings: Settings) -> MediaAccess:
    """Where Sinch keeps media is not documented: the operator names the hosts; without them nothing is fetched."""
    return MediaAccess(settings.media_hosts)


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmsBridge[Settings]:
    """The bridge; raises `BadSetting`."""
    settings = read(Settings, table)
    require_tls("api_url", settings.api_url)
    require("hook_secret_file", bool(settings.hook_secret or settings.hook_username), "or hook_username is required")
    paired = bool(settings.hook_password) == bool(settings.hook_username)
    require("hook_password_file", paired, "goes with hook_username")
    return SmsBridge(name, Provider(verify, parse, ack, request, outcome, media), settings, surroundings)
