"""Twilio on the wire (twilio.com/docs/messaging, /usage/security); pure: knows no socket, no clock and no store."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import escape, quoteattr

from bridges.contract import Alarm, Delivery, Kind, Media, Outbound, Reason, Report, Sent, Surroundings, Undelivered
from bridges.hooks import Ack, Hook, Ignore, Outcome, Refused, acked, basic, check_equal, clean, id_or_digest
from bridges.http import OPERATOR, Answer, Call, form_call, refusal
from bridges.settings import read, require_tls, secret
from bridges.sms import Event, MediaAccess, Provider, Sending, SmsBridge, SmsSettings, received

PROVIDER = "twilio"
LONGEST_SECONDS = 36_000
MOST_MEDIA = 10

_SETTINGS_HEADER = "x-twilio-webhooks-signature-settings"

_STATES = {
    "accepted": Delivery.QUEUED,
    "scheduled": Delivery.QUEUED,
    "queued": Delivery.QUEUED,
    "sending": Delivery.QUEUED,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.EXPIRED,
    "read": Delivery.READ,
}
# twilio.com/docs/api/errors: what the person or the number stands in the way of, and what the operator does.
_FAULTS = {
    "21211": (Reason.ADDRESS, None),
    "21610": (Reason.STOPPED, None),
    "21614": (Reason.ADDRESS, None),
    "21617": (Reason.UNSUITABLE, None),
    "30003": (Reason.ADDRESS, None),
    "30005": (Reason.ADDRESS, None),
    "30006": (Reason.ADDRESS, None),
    "21606": (Reason.ACCOUNT, OPERATOR),
    "21408": (Reason.ACCOUNT, OPERATOR),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SmsSettings):
    """`auth_token` signs the hooks, unless `shared_key` does (the newer HMAC-SHA256 signatures)."""

    account_sid: str
    auth_token: str = secret(None)
    shared_key: str = secret()
    media_hosts: tuple[str, ...] = ("api.twilio.com", "mms.twiliocdn.com", "media.twiliocdn.com")
    api_url: str = "https://api.twilio.com"


def verify(hook: Hook, settings: Settings) -> None:
    """`X-Twilio-Signature` over our public URL and the fields, tried with and without the port."""
    algorithm, key = _scheme(hook, settings)
    fields = b""
    if hook.method == "POST":
        body_hash = hook.query().get("bodySHA256")
        if body_hash is None:
            fields = _joined(hook.pairs())
        else:
            check_equal(hashlib.sha256(hook.body).hexdigest(), body_hash.lower())
    given = hook.header("x-twilio-signature")
    made = [_signature(key, url.encode() + fields, algorithm) for url in _spellings(hook.url)]
    if not any(hmac.compare_digest(one.encode(), given.encode("utf-8", "replace")) for one in made):
        raise Refused(Outcome.FORBIDDEN)


def _scheme(hook: Hook, settings: Settings) -> tuple[str, str]:
    """Which hash and key a request is to be judged by: with a shared key configured, nothing weaker will do."""
    named = dict(part.strip().partition("=")[::2] for part in hook.header(_SETTINGS_HEADER).split(","))
    wanted = "HMAC_SHA256" if settings.shared_key else "HMAC_SHA1"
    if named.get("algorithm", "HMAC_SHA1").upper() != wanted:
        raise Refused(Outcome.FORBIDDEN)
    return ("sha256", settings.shared_key) if settings.shared_key else ("sha1", settings.auth_token)


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(key + value for key, value in sorted(set(pairs)))


def _signature(key: str, message: bytes, algorithm: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message, algorithm).digest()).decode()


def _spellings(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    bare = urlunsplit(parts._replace(netloc=host))
    return (url if parts.port is None else bare), urlunsplit(parts._replace(netloc=f"{host}:{port}"))


def parse(hook: Hook, settings: Settings) -> list[Event]:
    """A message with its media, an opt-out that Twilio has already carried out, or a status callback."""
    form = hook.form()
    if "MessageStatus" in form and "Body" not in form:
        return [_report(hook, settings, form)]
    if not form.keys() & {"From", "Body"}:
        return [Ignore(malformed=True)]
    media = _media(form)
    return [
        received(
            hook,
            settings,
            PROVIDER,
            settings.account_sid,
            id_or_digest(form.get("MessageSid"), sorted(form.items())),
            sender=form.get("From"),
            to=form.get("To"),
            text=form.get("Body"),
            kind=Kind.STOP if form.get("OptOutType") == "STOP" else Kind.TEXT,
            media=media,
            incomplete=len(media) < _number(form.get("NumMedia")),
        )
    ]


def _media(form: dict[str, str]) -> tuple[Media, ...]:
    numbers = range(min(_number(form.get("NumMedia")), MOST_MEDIA))
    return tuple(
        Media(form[f"MediaUrl{n}"], form.get(f"MediaContentType{n}", "application/octet-stream"))
        for n in numbers
        if form.get(f"MediaUrl{n}")
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else 0


def _report(hook: Hook, settings: Settings, form: dict[str, str]) -> Event:
    state = _STATES.get(form["MessageStatus"])
    if state is None or not form.get("MessageSid"):
        return Ignore(malformed=state is not None)
    why = _FAULTS.get(form.get("ErrorCode", ""), (Reason.REJECTED, None))[0] if state is Delivery.FAILED else None
    return Report(hook.bridge, PROVIDER, settings.account_sid, form["MessageSid"], state, hook.at, why)


def ack(outcome: Outcome) -> Ack:
    """Empty TwiML: plain text could be sent on to the person."""
    if outcome is Outcome.ACCEPTED:
        return Ack(200, b"<Response/>", "text/xml")
    return acked(outcome, 200)


def request(outbound: Outbound, settings: Settings, sending: Sending) -> Call:
    """A text that Twilio gives up by its expiry. Twilio takes no idempotency key."""
    left = int((outbound.expires_at - sending.now).total_seconds())
    form = {
        "From": settings.sender,
        "To": outbound.address.value,
        "Body": outbound.text,
        "StatusCallback": sending.status_url,
        "ValidityPeriod": str(min(max(left, 1), LONGEST_SECONDS)),
    }
    return form_call(_resource(settings, "Messages"), form, _authorization(settings))


def outcome(answer: Answer) -> Sent:
    """`Sent` with the SID, or raises `Undelivered`, read from Twilio's error code where it is known."""
    said = answer.object()
    if answer.status in (400, 403) and clean(said.get("code")) in _FAULTS:
        raise Undelivered(*_FAULTS[clean(said.get("code"))])
    refused = refusal(answer)
    if refused:
        raise refused
    given = clean(said.get("sid"))
    return Sent((given,) if given else ())


def call(alarm: Alarm, settings: Settings, sending: Sending) -> Call:
    """Ring and speak the words twice."""
    say = f"<Say language={quoteattr(alarm.language)}>{escape(alarm.words)}</Say>"
    form = {"From": settings.sender, "To": alarm.address.value, "Twiml": f"<Response>{say}<Pause/>{say}</Response>"}
    return form_call(_resource(settings, "Calls"), form, _authorization(settings))


def media(settings: Settings) -> MediaAccess:
    """Media redirects from the API to Twilio's store; only the API gets our credentials."""
    return MediaAccess(settings.media_hosts, _authorization(settings))


def _resource(settings: Settings, kind: str) -> str:
    return f"{settings.api_url}/2010-04-01/Accounts/{settings.account_sid}/{kind}.json"


def _authorization(settings: Settings) -> dict[str, str]:
    return {"Authorization": basic(settings.account_sid, settings.auth_token)}


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmsBridge[Settings]:
    """The bridge; raises `BadSetting`."""
    settings = read(Settings, table)
    require_tls("api_url", settings.api_url)
    return SmsBridge(name, Provider(verify, parse, ack, request, outcome, media, call), settings, surroundings)
