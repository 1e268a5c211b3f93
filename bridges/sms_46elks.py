"""46elks on the wire (46elks.se/docs); pure: knows no socket, no clock and no store."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from bridges.contract import Alarm, Delivery, Media, Outbound, Reason, Report, Sent, Surroundings
from bridges.hooks import Ack, Hook, Ignore, Outcome, acked, basic, check_basic, check_source, clean, id_or_digest
from bridges.http import Answer, Call, form_call, refusal
from bridges.settings import read, require, require_tls, secret
from bridges.sms import Event, MediaAccess, Provider, Sending, SmsBridge, SmsSettings, received

PROVIDER = "46elks"
SOURCES = ("176.10.154.199", "85.24.146.132", "185.39.146.243", "2001:9b0:2:902::199")

_STATES = {
    "created": Delivery.QUEUED,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "failed": Delivery.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SmsSettings):
    """`username`/`password` are the API's, the `hook_` ones those that 46elks shows us, put into the hook's URL.

    `check_source` admits only 46elks's own addresses, as a trusted proxy saw them. `voice_url` is a neutral recording
    for alarm calls.
    """

    username: str
    password: str = secret(None)
    hook_username: str
    hook_password: str = secret(None)
    check_source: bool = False
    voice_url: str = ""
    api_url: str = "https://api.46elks.com"


def verify(hook: Hook, settings: Settings) -> None:
    """There is no signature: Basic credentials, and the source where a trusted proxy tells it."""
    check_basic(hook, settings.hook_username, settings.hook_password)
    if settings.check_source:
        check_source(hook, SOURCES)


def parse(hook: Hook, settings: Settings) -> list[Event]:
    """A message, an MMS (`image`, `image2`, …) or a delivery report."""
    form = hook.form()
    if "status" in form and "message" not in form:
        state = _STATES.get(form["status"])
        failed = Reason.REJECTED if state is Delivery.FAILED else None
        if state is None or not form.get("id"):
            return [Ignore(malformed=state is not None)]
        return [Report(hook.bridge, PROVIDER, settings.username, form["id"], state, hook.at, failed)]
    if not form.keys() & {"from", "message"}:
        return [Ignore(malformed=True)]
    if form.get("direction", "incoming") != "incoming":
        return [Ignore()]
    images = sorted(key for key in form if key.startswith("image") and form[key])
    return [
        received(
            hook,
            settings,
            PROVIDER,
            settings.username,
            id_or_digest(form.get("id"), sorted(form.items())),
            sender=form.get("from"),
            to=form.get("to"),
            text=form.get("message"),
            media=tuple(Media(form[key], "image/*") for key in images),
        )
    ]


def ack(outcome: Outcome) -> Ack:
    """Never a body: 46elks texts whatever it is given to the person."""
    return acked(outcome, 204)


def request(outbound: Outbound, settings: Settings, sending: Sending) -> Call:
    """A text that 46elks does not keep. It takes no idempotency key and no expiry."""
    form = {
        "from": settings.sender,
        "to": outbound.address.value,
        "message": outbound.text,
        "whendelivered": _with_credentials(sending.status_url, settings),
        "dontlog": "message",
    }
    return form_call(f"{settings.api_url}/a1/sms", form, _authorization(settings))


def outcome(answer: Answer) -> Sent:
    """`Sent` with the id, or raises `Undelivered`."""
    refused = refusal(answer)
    if refused:
        raise refused
    given = clean(answer.object().get("id"))
    return Sent((given,) if given else ())


def call(alarm: Alarm, settings: Settings, sending: Sending) -> Call:
    """Ring and play the recording; `play` is documented, spoken text is not, so the words stay here."""
    form = {
        "from": settings.sender,
        "to": alarm.address.value,
        "voice_start": json.dumps({"play": settings.voice_url}),
        "timeout": "45",
    }
    return form_call(f"{settings.api_url}/a1/calls", form, _authorization(settings))


def media(settings: Settings) -> MediaAccess:
    """Pictures lie on the API's own host, behind the API's credentials."""
    return MediaAccess((urlsplit(settings.api_url).netloc,), _authorization(settings))


def _authorization(settings: Settings) -> dict[str, str]:
    return {"Authorization": basic(settings.username, settings.password)}


def _with_credentials(url: str, settings: Settings) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{quote(settings.hook_username, '')}:{quote(settings.hook_password, '')}@{rest}"


def build(name: str, table: dict[str, Any], surroundings: Surroundings) -> SmsBridge[Settings]:
    """The bridge; raises `BadSetting`."""
    settings = read(Settings, table)
    require_tls("api_url", settings.api_url)
    if settings.voice_url:
        require_tls("voice_url", settings.voice_url)
    require("check_source", not settings.check_source or bool(surroundings.trusted_proxies), "needs trusted_proxies")
    rings = call if settings.voice_url else None
    return SmsBridge(name, Provider(verify, parse, ack, request, outcome, media, rings), settings, surroundings)
