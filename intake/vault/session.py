"""Sessions: a member's private key at rest, under the secret in the member's cookie; knows no page and no table.

    cookie = base64url(id, 16 bytes || secret, 32 bytes)
    KEK    = HKDF(secret || session subkey, member and absolute end)

The row holds only the id's hash: neither the database, nor the cookie without the service key, opens anything.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from intake.model import MemberId
from intake.vault import aead
from intake.vault.base64url import from_text, to_text
from intake.vault.derive import hkdf
from intake.vault.errors import Tampered
from intake.vault.framing import frame, read_stamp, stamp
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.suite import PrivateKey

_ID_BYTES = 16
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class SessionToken:
    """What a cookie says. `id_hash` finds the row."""

    id: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def id_hash(self) -> bytes:
        """The id as stored: 128 random bits need no key to hide behind."""
        return hashlib.sha256(frame("hamn/v1/session-id", self.id)).digest()

    @property
    def cookie(self) -> str:
        """The cookie's value, 64 characters."""
        return to_text(self.id + self.secret)


def new_session_token() -> SessionToken:
    """Make a session's id and secret: at every login both are new."""
    return SessionToken(secrets.token_bytes(_ID_BYTES), secrets.token_bytes(_SECRET_BYTES))


def open_session_token(cookie: str) -> SessionToken:
    """Read a cookie's value. Raises `Tampered` for what is none."""
    value = from_text(cookie)
    if len(value) != _ID_BYTES + _SECRET_BYTES:
        raise Tampered("not a session")
    return SessionToken(value[:_ID_BYTES], value[_ID_BYTES:])


def wrap_session_key(
    service_key: ServiceKey, token: SessionToken, private: PrivateKey, member: MemberId, ends_at: datetime
) -> bytes:
    """Seal a member's seed for one session. `ends_at` (aware, used to the second) is its absolute end."""
    start = stamp(service_key.newest)
    key = _kek(service_key.subkey(Purpose.SESSION), token, member, ends_at)
    return start + aead.encrypt(key, private.seed, frame("hamn/v1/session", start))


def unwrap_session_key(
    service_key: ServiceKey, token: SessionToken, wrapped: bytes, member: MemberId, ends_at: datetime
) -> PrivateKey:
    """Return the member's private key. Raises `Tampered`, also for another member or a moved end."""
    generation, sealed = read_stamp(wrapped)
    key = _kek(service_key.subkey(Purpose.SESSION, generation), token, member, ends_at)
    return PrivateKey(aead.decrypt(key, sealed, frame("hamn/v1/session", stamp(generation))))


def csrf_token(service_key: ServiceKey, token: SessionToken) -> str:
    """Return what this session's forms carry to show that they are its own."""
    return _csrf(service_key, token, service_key.newest)


def is_csrf_token(service_key: ServiceKey, token: SessionToken, given: str) -> bool:
    """Whether a form is this session's own; a key rotated meanwhile does not matter."""
    expected = [_csrf(service_key, token, generation) for generation in service_key.generations]
    return any(hmac.compare_digest(given.encode("utf-8", "replace"), one.encode()) for one in expected)


def _csrf(service_key: ServiceKey, token: SessionToken, generation: int) -> str:
    subkey = service_key.subkey(Purpose.SESSION, generation)
    return hmac.digest(subkey, frame("hamn/v1/csrf", token.id), "sha256").hex()


def _kek(subkey: bytes, token: SessionToken, member: MemberId, ends_at: datetime) -> bytes:
    return hkdf(token.secret + subkey, "hamn/v1/session-key", token.id, member, int(ends_at.timestamp()))
