"""How each SMS provider hands a person's text to us: written and signed as its documentation or its own SDK does."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator
from vonage_http_client.auth import Auth

PUBLIC = "https://hamn.example"
SECRET = "whsec_" + base64.b64encode(b"a gateway's key, 32 bytes long...").decode()
KEY = "a key that signs, and is long enough"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Said:
    """What a person sent."""

    text: str = "Hej, jag behöver prata"
    sender: str = "+46701234567"
    to: str = "+46766861004"
    id: str = "m-1"


@dataclass(frozen=True)
class Raw:
    """A webhook request before it goes out."""

    body: bytes
    headers: dict[str, str]
    path: str = "/hooks/phone"
    method: str = "POST"


@dataclass(frozen=True)
class Phone:
    """One provider's side: `write` makes the body, `sign` proves it; `proof` names what the proof rests on."""

    type: str
    table: dict[str, object]
    content_type: str
    write: Callable[[Said], bytes]
    sign: Callable[[bytes, datetime], tuple[bytes, dict[str, str]]]
    proof: tuple[str, ...] = ("Authorization",)
    window: bool = False
    variant: str = ""
    broken_utf8: int = 200  # what a text with a stray byte is answered; a 2xx stands for every 2xx

    @property
    def label(self) -> str:
        """For a test's name."""
        return self.type.removeprefix("sms_") + self.variant

    def send(self, said: Said, at: datetime, body: bytes | None = None) -> Raw:
        """The request for `said` (or for any `body`), signed `at`."""
        body, headers = self.sign(self.write(said) if body is None else body, at)
        return Raw(body, {"Content-Type": self.content_type, **headers})

    def unproved(self, raw: Raw) -> Raw:
        """The request without its signature or credentials."""
        headers = {k: v for k, v in raw.headers.items() if k not in self.proof}
        return replace(raw, headers=headers, body=_without_sig(raw.body) if "sig" in self.proof else raw.body)

    def forged(self, raw: Raw) -> Raw:
        """The request changed on its way: another text where the body is signed, else another password."""
        if self.proof == ("Authorization",) and self.variant != " messages":
            return replace(raw, headers=raw.headers | _basic("hook", "guess"))
        assert b"prata" in raw.body
        return replace(raw, body=raw.body.replace(b"prata", b"skrik"))


def form(fields: dict[str, str]) -> bytes:
    """A form, lone surrogates and all."""
    return urlencode(fields, errors="surrogatepass").encode()


def _basic(username: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}


def _hook_basic(body: bytes, at: datetime) -> tuple[bytes, dict[str, str]]:
    return body, _basic("hook", "hook-pass")


def _twilio(body: bytes, at: datetime) -> tuple[bytes, dict[str, str]]:
    """By Twilio's own SDK, where it can: it cannot sign half an emoji or a stray byte."""
    url = f"{PUBLIC}/hooks/phone"
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
        return body, {"X-Twilio-Signature": RequestValidator(KEY).compute_signature(url, fields)}
    except UnicodeDecodeError:
        pairs = sorted(part.replace(b"+", b" ").partition(b"=")[::2] for part in body.split(b"&"))
        signed = url.encode() + b"".join(unquote_to_bytes(key) + unquote_to_bytes(value) for key, value in pairs)
        digest = base64.b64encode(hmac.digest(KEY.encode(), signed, "sha1")).decode()
        return body, {"X-Twilio-Signature": digest}


def _sinch(body: bytes, at: datetime) -> tuple[bytes, dict[str, str]]:
    nonce, stamp = "01HX", str(int(at.timestamp()))
    digest = hmac.new(KEY.encode(), body + b"." + nonce.encode() + b"." + stamp.encode(), hashlib.sha256).digest()
    names = ("signature", "signature-nonce", "signature-timestamp", "signature-algorithm")
    values = (base64.b64encode(digest).decode(), nonce, stamp, "HmacSHA256")
    return body, {f"x-sinch-webhook-{name}": value for name, value in zip(names, values, strict=True)}


def _vonage_sms(body: bytes, at: datetime) -> tuple[bytes, dict[str, str]]:
    """The signature lies among the fields; by Vonage's own package, but for lone surrogates, which it cannot write."""
    try:
        fields = json.loads(body) | {"timestamp": str(int(at.timestamp())), "nonce": "n"}
    except (ValueError, TypeError):
        return body, {}
    written = {key: value.encode("utf-8", "replace").decode() for key, value in fields.items()}
    digest = Auth(api_key="abcd1234", signature_secret=KEY, signature_method="sha256").sign_params(written)
    return json.dumps(fields | {"sig": digest.upper()}).encode(), {}


def _vonage_messages(body: bytes, at: datetime) -> tuple[bytes, dict[str, str]]:
    claims = {
        "iat": int(at.timestamp()),
        "jti": "j",
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(body).hexdigest(),
        "api_key": "abcd1234",
    }
    head, payload = (_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    digest = hmac.new(KEY.encode(), f"{head}.{payload}".encode(), hashlib.sha256).digest()
    return body, {"Authorization": f"Bearer {head}.{payload}.{_base64url(digest)}"}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _generic(body: bytes, at: datetime) -> tuple[bytes, dict[str, str]]:
    """By the standard's own package, which signs text only; by hand for a stray byte."""
    try:
        signature = Webhook(SECRET).sign("d-1", at, body.decode())
    except UnicodeDecodeError:
        signed = f"d-1.{int(at.timestamp())}.".encode() + body
        digest = hmac.digest(base64.b64decode(SECRET.removeprefix("whsec_")), signed, "sha256")
        signature = "v1," + base64.b64encode(digest).decode()
    return body, {"webhook-id": "d-1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def _without_sig(body: bytes) -> bytes:
    return json.dumps({k: v for k, v in json.loads(body).items() if k != "sig"}).encode()


def _json(make: Callable[[Said], object]) -> Callable[[Said], bytes]:
    return lambda said: json.dumps(make(said)).encode()


BASIC = {"hook_username": "hook", "hook_password": "hook-pass", "sender": "+46766861004"}

ELKS = Phone(
    "sms_46elks",
    BASIC | {"username": "u1", "password": "p1"},
    FORM,
    lambda s: form(
        {
            "direction": "incoming",
            "id": s.id,
            "from": s.sender,
            "to": s.to,
            "created": "2026-07-13T13:57:23.741000",
            "message": s.text,
        }
    ),
    _hook_basic,
)
TWILIO = Phone(
    "sms_twilio",
    {"account_sid": "AC1", "auth_token": KEY, "sender": "+46766861004"},
    FORM,
    lambda s: form(
        {
            "MessageSid": s.id,
            "AccountSid": "AC1",
            "From": s.sender,
            "To": s.to,
            "Body": s.text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
    ),
    _twilio,
    ("X-Twilio-Signature",),
)
SINCH = Phone(
    "sms_sinch",
    {"plan": "plan1", "token": "t1", "hook_secret": KEY, "sender": "46766861004"},
    JSON,
    _json(
        lambda s: {
            "type": "mo_text",
            "id": s.id,
            "from": s.sender,
            "to": s.to,
            "body": s.text,
            "received_at": "2026-11-21T18:00:00Z",
            "operator_id": "24001",
        }
    ),
    _sinch,
    ("x-sinch-webhook-signature",),
    window=True,
)
VONAGE = Phone(
    "sms_vonage",
    {"api_key": "abcd1234", "api_secret": "s1", "signature_secret": KEY, "sender": "46766861004"},
    JSON,
    _json(
        lambda s: {
            "msisdn": s.sender,
            "to": s.to,
            "messageId": s.id,
            "text": s.text,
            "type": "text",
            "keyword": s.text[:5].upper(),
            "api-key": "abcd1234",
            "message-timestamp": "2026-11-21 18:00:00",
        }
    ),
    _vonage_sms,
    ("sig",),
    window=True,
)
RSA_KEY = (
    rsa.generate_private_key(65537, 2048)
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)
MESSAGES = Phone(
    "sms_vonage",
    {
        "api_key": "abcd1234",
        "api": "messages",
        "application_id": "app1",
        "private_key": RSA_KEY,
        "signature_secret": KEY,
        "sender": "46766861004",
    },
    JSON,
    _json(
        lambda s: {
            "message_uuid": s.id,
            "from": s.sender,
            "to": s.to,
            "channel": "sms",
            "message_type": "text",
            "text": s.text,
            "timestamp": "2026-11-21T18:00:00Z",
            "sms": {"num_messages": "1"},
        }
    ),
    _vonage_messages,
    window=True,
    variant=" messages",
)
INFOBIP = Phone(
    "sms_infobip",
    BASIC | {"api_key": "k1", "api_url": "https://x1.api.infobip.com"},
    JSON,
    _json(lambda s: {"results": [infobip_entry(s)], "messageCount": 1, "pendingMessageCount": 0}),
    _hook_basic,
)
LINK = Phone(
    "sms_link",
    BASIC
    | {
        "username": "u1",
        "password": "p1",
        "platform_id": "P",
        "platform_partner_id": "42",
        "gate": "g1",
        "api_url": "https://link.example",
    },
    JSON,
    _json(
        lambda s: {
            "messageId": s.id,
            "source": s.sender,
            "destination": s.to,
            "content": {"type": "TEXT", "userData": s.text, "encoding": "UTF-8"},
            "route": "r1",
        }
    ),
    _hook_basic,
)
GENERIC = Phone(
    "sms_generic",
    {"send_url": "https://gateway.example/generic", "send_secret": SECRET, "hook_secret": SECRET, "sender": "Hamn"},
    JSON,
    _json(lambda s: {"id": s.id, "from": s.sender, "to": s.to, "text": s.text, "received_at": "2026-11-21T18:00:00Z"}),
    _generic,
    ("webhook-signature",),
    window=True,
)
PHONES = (ELKS, TWILIO, SINCH, replace(VONAGE, broken_utf8=403), MESSAGES, INFOBIP, LINK, GENERIC)


def infobip_entry(said: Said) -> dict[str, object]:
    """One of a batch."""
    return {
        "messageId": said.id,
        "from": said.sender.removeprefix("+"),
        "to": said.to,
        "text": said.text,
        "cleanText": said.text,
        "keyword": "",
        "receivedAt": "2026-11-21T18:00:00.000+0000",
        "smsCount": 1,
    }
