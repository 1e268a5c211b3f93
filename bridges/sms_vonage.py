"""Vonage on the wire, its SMS API and its Messages API (developer.vonage.com); pure: no socket, no clock, no store."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bridges.contract import (
    BadSetting,
    Delivery,
    Kind,
    Media,
    Outbound,
    Part,
    Reason,
    Report,
    Sent,
    Surroundings,
    Undelivered,
)
from bridges.hooks import (
    Ack,
    Hook,
    Ignore,
    Outcome,
    Refused,
    acked,
    check_equal,
    check_window,
    clean,
    id_or_digest,
    listed,
    mapped,
)
from bridges.http import OPERATOR, SOON, Answer, Call, form_call, json_call, refusal
from bridges.segments import Encoding, segments
from bridges.settings import read, require, require_tls, secret
from bridges.sms import Event, MediaAccess, Provider, Sending, SmsBridge, SmsSettings, received

PROVIDER = "vonage"
# Vonage tries for 24 hours, and does not say whether a later try is signed anew. A replay is known by its id.
WINDOW = timedelta(hours=25)


class Api(StrEnum):
    """Which of the two APIs the number is set up for."""

    SMS = "sms"
    MESSAGES = "messages"


class Hash(StrEnum):
    """How the SMS API signs: chosen in Vonage's dashboard, whose default is the weakest."""

    SHA256 = "sha256"
    SHA512 = "sha512"
    SHA1 = "sha1"
    MD5 = "md5"
    MD5HASH = "md5hash"


_ESCAPES = {ord("&"): "_", ord("="): "_"}
_STRONG = (Hash.SHA256, Hash.SHA512)
_STATES = {
    "accepted": Delivery.QUEUED,
    "buffered": Delivery.QUEUED,
    "submitted": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "expired": Delivery.EXPIRED,
    "failed": Delivery.FAILED,
    "rejected": Delivery.FAILED,
    "undeliverable": Delivery.FAILED,
}
# Status of an SMS API response; all come with HTTP 200.
_FAULTS = {
    "1": (Reason.THROTTLED, SOON),
    "4": (Reason.ACCOUNT, OPERATOR),
    "5": (Reason.UNCERTAIN, SOON),
    "7": (Reason.STOPPED, None),
    "8": (Reason.ACCOUNT, OPERATOR),
    "9": (Reason.ACCOUNT, OPERATOR),
    "11": (Reason.ACCOUNT, OPERATOR),
    "14": (Reason.ACCOUNT, OPERATOR),
    "15": (Reason.ACCOUNT, OPERATOR),
    "29": (Reason.ACCOUNT, OPERATOR),
    "33": (Reason.ADDRESS, None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SmsSettings):
    """`signature_secret` signs the hooks of both APIs. `messages` also needs `application_id` and `private_key`."""

    api_key: str
    signature_secret: str = secret(None)
    api: Api = Api.SMS
    api_secret: str = secret()
    application_id: str = ""
    private_key: str = secret()
    signature: Hash = Hash.SHA256
    allow_weak: bool = False
    media_hosts: tuple[str, ...] = ("api.nexmo.com", "api-eu.nexmo.com", "api.vonage.com")
    sms_url: str = "https://rest.nexmo.com"
    messages_url: str = "https://api.nexmo.com"


def verify(hook: Hook, settings: Settings) -> None:
    """`sig` over the sorted fields (SMS API), or a Bearer JWT with the body's hash (Messages API)."""
    if settings.api is Api.MESSAGES:
        _verify_token(hook, settings)
    else:
        _verify_fields(hook, settings)


def _verify_fields(hook: Hook, settings: Settings) -> None:
    params = {key: _scalar(value) for key, value in hook.params().items()}
    given = params.pop("sig", "")
    check_equal(signature_of(params, settings.signature_secret, settings.signature), given.lower())
    check_window(params.get("timestamp", ""), hook.at, WINDOW)


def _scalar(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def signature_of(params: dict[str, str], key: str, method: Hash) -> str:
    """The SMS API's `sig`, lower-case hex: over `&key=value` in order, `&` and `=` in values made `_`."""
    fields = (f"&{name}={params[name].translate(_ESCAPES)}" for name in sorted(params))
    signed = "".join(fields).encode("utf-8", "replace")
    if method is Hash.MD5HASH:
        return hashlib.md5(signed + key.encode(), usedforsecurity=False).hexdigest()
    return hmac.digest(key.encode(), signed, method.value).hex()


def _verify_token(hook: Hook, settings: Settings) -> None:
    scheme, _, token = hook.header("authorization").partition(" ")
    signed, _, given = token.rpartition(".")
    head, claims = (_claims(part) for part in (signed + ".").split(".")[:2])
    if scheme.lower() != "bearer" or head.get("alg") != "HS256" or claims.get("api_key") != settings.api_key:
        raise Refused(Outcome.UNAUTHENTICATED)
    made = hmac.digest(settings.signature_secret.encode(), signed.encode("utf-8", "replace"), "sha256")
    check_equal(_base64url(made), given)
    check_window(clean(claims.get("iat")), hook.at, WINDOW)
    check_equal(hashlib.sha256(hook.body).hexdigest(), clean(claims.get("payload_hash")).lower())


def _claims(part: str) -> dict[str, Any]:
    try:
        return mapped(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))
    except (ValueError, RecursionError):
        return {}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def parse(hook: Hook, settings: Settings) -> list[Event]:
    """One message, one part of a message (SMS API), or one report."""
    said = hook.params()
    if "status" in said:
        return [_report(hook, settings, said)]
    if settings.api is Api.MESSAGES:
        return [_message(hook, settings, said)]
    return [_text(hook, settings, said)]


def _text(hook: Hook, settings: Settings, said: dict[str, Any]) -> Event:
    if not said.keys() & {"msisdn", "text", "data"}:
        return Ignore(malformed=True)
    binary = clean(said.get("type")) == "binary"
    return received(
        hook,
        settings,
        PROVIDER,
        settings.api_key,
        id_or_digest(said.get("messageId"), sorted(said.items())),
        sender=said.get("msisdn"),
        to=said.get("to"),
        text=said.get("text"),
        kind=Kind.UNREADABLE if binary else Kind.TEXT,
        part=_part(said),
        international=True,
    )


def _part(said: dict[str, Any]) -> Part | None:
    total, number = clean(said.get("concat-total")), clean(said.get("concat-part"))
    is_part = said.get("concat") in ("true", True) and all(n.isdecimal() and len(n) < 4 for n in (total, number))
    if not is_part or not 1 <= int(number) <= int(total) or int(total) == 1:
        return None
    return Part(clean(said.get("concat-ref")), int(total), int(number))


def _message(hook: Hook, settings: Settings, said: dict[str, Any]) -> Event:
    if not said.keys() & {"from", "text", "image"}:
        return Ignore(malformed=True)
    image = mapped(said.get("image"))
    return received(
        hook,
        settings,
        PROVIDER,
        settings.api_key,
        id_or_digest(said.get("message_uuid"), said),
        sender=said.get("from"),
        to=said.get("to"),
        text=said.get("text") or image.get("caption"),
        media=(Media(clean(image["url"]), "image/*"),) if image.get("url") else (),
        international=True,
    )


def _report(hook: Hook, settings: Settings, said: dict[str, Any]) -> Event:
    given = clean(said.get("messageId") or said.get("message_uuid"))
    state = _STATES.get(clean(said["status"]))
    if state is None or not given:
        return Ignore(malformed=not given)
    why = Reason.REJECTED if state is Delivery.FAILED else None
    return Report(hook.bridge, PROVIDER, settings.api_key, given, state, hook.at, why)


def ack(outcome: Outcome) -> Ack:
    """200 for both APIs."""
    return acked(outcome, 200)


def request(outbound: Outbound, settings: Settings, sending: Sending) -> Call:
    """A text by whichever API is configured, given up by its expiry where the API can; neither deduplicates."""
    to = outbound.address.value.removeprefix("+")
    if settings.api is Api.MESSAGES:
        body = {"message_type": "text", "channel": "sms", "from": settings.sender, "to": to, "text": outbound.text}
        token = _token(outbound.id, settings, sending.now)
        url = f"{settings.messages_url}/v1/messages"
        return json_call(url, body | {"client_ref": outbound.id}, {"Authorization": f"Bearer {token}"})
    left = max(int((outbound.expires_at - sending.now).total_seconds() * 1000), 20_000)
    form = {
        "api_key": settings.api_key,
        "api_secret": settings.api_secret,
        "from": settings.sender,
        "to": to,
        "text": outbound.text,
        "type": "text" if segments(outbound.text).encoding is Encoding.GSM7 else "unicode",
        "ttl": str(left),
        "callback": sending.status_url,
        "client-ref": outbound.id,
    }
    return form_call(f"{settings.sms_url}/sms/json", form, {})


def _token(id_: str, settings: Settings, now: datetime) -> str:
    stamp = int(now.timestamp())
    claims = {"application_id": settings.application_id, "iat": stamp, "exp": stamp + 300, "jti": f"{id_}-{stamp}"}
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    made = _private_key(settings.private_key).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_base64url(made)}"


def _private_key(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError
    return key


def outcome(answer: Answer) -> Sent:
    """`Sent` with the ids of all parts, or raises `Undelivered`: the SMS API answers 200 whatever happened."""
    refused = refusal(answer)
    if refused:
        raise refused
    said = answer.object()
    if "message_uuid" in said:
        return Sent((clean(said["message_uuid"]),))
    parts = [mapped(part) for part in listed(said.get("messages"))]
    bad = [clean(part.get("status")) for part in parts if clean(part.get("status")) != "0"]
    gone = tuple(clean(part.get("message-id")) for part in parts if part.get("message-id"))
    if bad and len(bad) == len(parts):
        raise Undelivered(*_FAULTS.get(bad[0], (Reason.REJECTED, None)))
    return Sent(gone)


def media(settings: Settings) -> MediaAccess:
    """MMS pictures, from Vonage's own hosts."""
    return MediaAccess(settings.media_hosts)


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmsBridge[Settings]:
    """The bridge; raises `BadSetting`, also for a weak signature that `allow_weak` does not admit."""
    settings = read(Settings, table)
    require_tls("sms_url", settings.sms_url)
    require_tls("messages_url", settings.messages_url)
    strong = settings.signature in _STRONG or settings.allow_weak
    require("signature", strong, "is weak: choose sha256 or sha512 in the dashboard, or set allow_weak")
    if settings.api is Api.SMS:
        require("api_secret_file", bool(settings.api_secret), "is required")
    else:
        require("application_id", bool(settings.application_id), "is required")
        _require_private_key(settings.private_key)
    return SmsBridge(name, Provider(verify, parse, ack, request, outcome, media), settings, surroundings)


def _require_private_key(pem: str) -> None:
    try:
        _private_key(pem)
    except (ValueError, TypeError):
        raise BadSetting("private_key_file", "must hold the application's RSA key in PEM") from None
