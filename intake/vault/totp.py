"""The second factor: six digits that change every half minute (RFC 6238); knows no login page."""

import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from intake.model import MemberId
from intake.vault.digits import plain_digits
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey

STEP_SECONDS = 30
_DIGITS = 6
_SECRET_BYTES = 20
_DRIFT = (-1, 0, 1)
_LABEL = "totp"


def new_totp_secret() -> bytes:
    """Return 160 random bits, RFC 4226's recommended length."""
    return secrets.token_bytes(_SECRET_BYTES)


def seal_totp_secret(service_key: ServiceKey, member: MemberId, secret: bytes) -> bytes:
    """Seal a secret so that it serves this member only."""
    return seal_under(service_key, Purpose.PASSPHRASE, secret, _LABEL, member)


def open_totp_secret(service_key: ServiceKey, member: MemberId, sealed: bytes) -> bytes:
    """Return the secret. Raises `Tampered`."""
    return open_under(service_key, Purpose.PASSPHRASE, sealed, _LABEL, member)


def accepted_counter(secret: bytes, typed: str, now: datetime, last_counter: int) -> int | None:
    """Return the time step whose code was typed, at most one off from `now`; None when there is none.

    A step up to `last_counter`, the one accepted last, is refused: a code seen over a shoulder works once. The caller
    stores what is returned.
    """
    code = plain_digits(typed, _DIGITS)
    if code is None:
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    # Every step is compared: time does not tell which one it was.
    matching = [current + drift for drift in _DRIFT if hmac.compare_digest(_code(secret, current + drift), code)]
    return next((counter for counter in matching if counter > last_counter), None)


def provisioning_uri(secret: bytes, login: str, issuer: str) -> str:
    """Return the `otpauth:` address for the member's authenticator. It holds the secret: show it once, as a code."""
    return _totp(secret).get_provisioning_uri(login, issuer)


def _code(secret: bytes, counter: int) -> str:
    return _totp(secret).generate(counter * STEP_SECONDS).decode()


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what authenticators understand; as HMAC it is sound (RFC 6238).
    return TOTP(secret, _DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
