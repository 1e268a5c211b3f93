"""LINK Mobility's Common API on the wire; pure: knows no socket, no clock and no store."""

from dataclasses import dataclass
from typing import Any

from bridges.contract import Delivery, Kind, Outbound, Reason, Report, Sent, Surroundings
from bridges.hooks import (
    Ack,
    Hook,
    Ignore,
    Outcome,
    acked,
    basic,
    check_basic,
    check_equal,
    clean,
    id_or_digest,
    mapped,
)
from bridges.http import Answer, Call, json_call, refusal
from bridges.settings import read, require, require_tls, secret
from bridges.sms import Event, Provider, Sending, SmsBridge, SmsSettings, received

PROVIDER = "link"

_SENT, _DELIVERED = 1000, 1001
_FAILED = range(2000, 5000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SmsSettings):
    """`gate` is the delivery-report gate that points at our status hook; both gates carry the same credentials."""

    api_url: str
    username: str
    password: str = secret(None)
    platform_id: str
    platform_partner_id: str
    gate: str = ""
    hook_username: str = ""
    hook_password: str = secret()
    hook_header: str = ""
    hook_secret: str = secret()


def verify(hook: Hook, settings: Settings) -> None:
    """What is configured is required: Basic credentials, a header of the gate, or both. LINK signs nothing."""
    if settings.hook_username:
        check_basic(hook, settings.hook_username, settings.hook_password)
    if settings.hook_header:
        check_equal(settings.hook_secret, hook.header(settings.hook_header.lower()))


def parse(hook: Hook, settings: Settings) -> list[Event]:
    """One message or one delivery report."""
    said = hook.object()
    if "resultCode" in said:
        return [_report(hook, settings, said)]
    if not said.keys() & {"source", "content"}:
        return [Ignore(malformed=True)]
    content = mapped(said.get("content"))
    binary = clean(content.get("type")).upper() == "BINARY"
    return [
        received(
            hook,
            settings,
            PROVIDER,
            settings.platform_partner_id,
            id_or_digest(said.get("messageId"), said),
            sender=said.get("source"),
            to=said.get("destination"),
            text="" if binary else content.get("userData"),
            kind=Kind.UNREADABLE if binary else Kind.TEXT,
            international=True,
        )
    ]


def _report(hook: Hook, settings: Settings, said: dict[str, Any]) -> Event:
    given = clean(said.get("id") or said.get("messageId"))
    state = _state(clean(said["resultCode"]))
    if state is None or not given:
        return Ignore(malformed=not given)
    why = Reason.REJECTED if state is Delivery.FAILED else None
    return Report(hook.bridge, PROVIDER, settings.platform_partner_id, given, state, hook.at, why)


def _state(code: str) -> Delivery | None:
    number = int(code) if code.isdecimal() and len(code) < 6 else 0
    if number in _FAILED:
        return Delivery.FAILED
    return {_SENT: Delivery.SENT, _DELIVERED: Delivery.DELIVERED}.get(number)


def ack(outcome: Outcome) -> Ack:
    """Exactly 200: LINK takes every other status, 204 too, for a failure."""
    return acked(outcome, 200)


def request(outbound: Outbound, settings: Settings, sending: Sending) -> Call:
    """A text given up by its expiry; `refId` comes back in the report, it does not deduplicate."""
    body: dict[str, object] = {
        "source": settings.sender,
        "sourceTON": _number_type(settings.sender),
        "destination": outbound.address.value,
        "userData": outbound.text,
        "platformId": settings.platform_id,
        "platformPartnerId": settings.platform_partner_id,
        "refId": outbound.id,
        "relativeValidityTime": int((outbound.expires_at - sending.now).total_seconds() * 1000),
        "useDeliveryReport": bool(settings.gate),
        "ignoreResponse": False,
    }
    if settings.gate:
        body["deliveryReportGates"] = [settings.gate]
    headers = {"Authorization": basic(settings.username, settings.password)}
    return json_call(f"{settings.api_url}/sms/send", body, headers)


def _number_type(sender: str) -> str:
    """Unless told otherwise, LINK takes a number for a name."""
    digits = sender.removeprefix("+")
    if not digits.isdecimal():
        return "ALPHANUMERIC"
    return "MSISDN" if len(digits) > 6 else "SHORTNUMBER"


def outcome(answer: Answer) -> Sent:
    """`Sent` with the message's id, or raises `Undelivered`."""
    refused = refusal(answer)
    if refused:
        raise refused
    given = clean(answer.object().get("messageId"))
    return Sent((given,) if given else ())


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmsBridge[Settings]:
    """The bridge; raises `BadSetting`."""
    settings = read(Settings, table)
    require_tls("api_url", settings.api_url)
    require("hook_username", bool(settings.hook_username or settings.hook_header), "or hook_header is required")
    paired = bool(settings.hook_password) == bool(settings.hook_username)
    require("hook_password_file", paired, "goes with hook_username")
    require("hook_secret_file", bool(settings.hook_secret) == bool(settings.hook_header), "goes with hook_header")
    return SmsBridge(name, Provider(verify, parse, ack, request, outcome), settings, surroundings)
