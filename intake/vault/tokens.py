"""Form tokens: each page's form can be sent in once, within its time; knows no form and no row.

token = base64url(stamp | issued at | 128 random bits | HMAC)
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from intake.vault.base64url import from_text, to_text
from intake.vault.blind import blind_index_under
from intake.vault.errors import Expired, Tampered
from intake.vault.framing import frame, read_stamp, stamp
from intake.vault.service_key import Purpose, ServiceKey

_RANDOM_BYTES = 16
_TIME_BYTES = 8
_PAYLOAD_BYTES = _TIME_BYTES + _RANDOM_BYTES


@dataclass(frozen=True, slots=True)
class FormToken:
    """A genuine token. `value` goes into the receipt; `spent_id` is what is kept of it once it is used."""

    value: bytes = field(repr=False)
    issued_at: datetime
    generation: int
    spent_id: bytes = field(repr=False)


def issue_form_token(service_key: ServiceKey, now: datetime) -> str:
    """Return a new token. `now` is aware, and is kept to the second."""
    payload = int(now.timestamp()).to_bytes(_TIME_BYTES) + secrets.token_bytes(_RANDOM_BYTES)
    return to_text(stamp(service_key.newest) + payload + _mac(service_key, service_key.newest, payload))


def read_form_token(service_key: ServiceKey, token: str, now: datetime, max_age: timedelta) -> FormToken:
    """Return a token that was issued here at most `max_age` ago.

    Raises `Tampered`, `UnknownGeneration` or `Expired`.
    """
    generation, rest = read_stamp(from_text(token))
    payload, mac = rest[:_PAYLOAD_BYTES], rest[_PAYLOAD_BYTES:]
    if not hmac.compare_digest(mac, _mac(service_key, generation, payload)):
        raise Tampered("not a form token")
    issued_at = datetime.fromtimestamp(int.from_bytes(payload[:_TIME_BYTES]), UTC)
    if now - issued_at > max_age:
        raise Expired("the form is too old")
    value = payload[_TIME_BYTES:]
    return FormToken(value, issued_at, generation, blind_index_under(service_key, Purpose.FORM, value, generation))


def _mac(service_key: ServiceKey, generation: int, payload: bytes) -> bytes:
    subkey = service_key.subkey(Purpose.FORM, generation)
    return hmac.digest(subkey, frame("hamn/v1/form-token", payload), "sha256")
