"""Passkeys: a second factor that works for this site alone; knows no page and no row.

    challenge = stamp | time | 16 random bytes | HMAC(challenge subkey, what it is for, time, random bytes)

A challenge is not stored when it is given out. Its keyed hash is spent when it comes back, so that it serves once.
"""

import hmac
import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from intake.model import MemberId
from intake.vault.base64url import from_text, to_text
from intake.vault.blind import blind_index_under
from intake.vault.errors import Expired, Tampered
from intake.vault.framing import frame, read_stamp, stamp
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey

CHALLENGE_LIFE = timedelta(hours=1)
LONGEST_ANSWER = 8192
"""Characters of an authenticator's answer: without attestation it has about a thousand."""
LOGIN = "login"
"""What a challenge is for that anybody may ask for; one for a new passkey is for its member."""

_TIME_BYTES, _RANDOM_BYTES = 8, 16
_PAYLOAD_BYTES = _TIME_BYTES + _RANDOM_BYTES
_MALFORMED = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What the library says of an answer that is none: it takes hostile JSON and CBOR apart without checking all of it."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys work: `id` is the domain that they are bound to, `origin` the address of the inbox."""

    id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """What is kept of a passkey. `uses` is the authenticator's own count, 0 where it counts none."""

    credential: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    uses: int
    name: str = field(repr=False)


def seal_passkey(key: ServiceKey, member: MemberId, passkey_id: str, passkey: Passkey) -> bytes:
    """Seal it so that it serves this member only."""
    value = [to_text(passkey.credential), to_text(passkey.public_key), passkey.uses, passkey.name]
    return seal_under(key, Purpose.PASSPHRASE, json.dumps(value).encode(), "passkey", member, passkey_id)


def open_passkey(key: ServiceKey, member: MemberId, passkey_id: str, sealed: bytes) -> Passkey:
    """Return what was sealed. Raises `Tampered`."""
    value = json.loads(open_under(key, Purpose.PASSPHRASE, sealed, "passkey", member, passkey_id))
    return Passkey(from_text(value[0]), from_text(value[1]), value[2], value[3])


def issue_challenge(key: ServiceKey, purpose: str, now: datetime) -> str:
    """Return a new challenge for `LOGIN`, or for a member's new passkey, as text. `now` is aware."""
    payload = int(now.timestamp()).to_bytes(_TIME_BYTES) + secrets.token_bytes(_RANDOM_BYTES)
    return to_text(stamp(key.newest) + payload + _mac(key, key.newest, purpose, payload))


def read_challenge(key: ServiceKey, challenge: str, purpose: str, now: datetime) -> bytes:
    """Return what to spend of a challenge that was issued here, for this.

    Raises `Tampered`, `UnknownGeneration` or `Expired`.
    """
    generation, rest = read_stamp(from_text(challenge))
    payload, mac = rest[:_PAYLOAD_BYTES], rest[_PAYLOAD_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, generation, purpose, payload)):
        raise Tampered("not a challenge")
    if now - datetime.fromtimestamp(int.from_bytes(payload[:_TIME_BYTES]), UTC) > CHALLENGE_LIFE:
        raise Expired("the challenge is too old")
    return blind_index_under(key, Purpose.CHALLENGE, frame("passkey", payload), generation)


def offer(site: Site, member: MemberId, login: str, held: list[Passkey], challenge: str) -> str:
    """What a browser needs to make a new passkey, as JSON; an authenticator that holds one already makes no second."""
    options = generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_name=login,
        user_id=member.encode(),
        challenge=from_text(challenge),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential) for one in held],
    )
    return options_to_json(options)


def ask(site: Site, challenge: str) -> str:
    """What a browser needs to show a passkey, as JSON. It names none: that would tell who has an account."""
    options = generate_authentication_options(
        rp_id=site.id, challenge=from_text(challenge), user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options)


def accept_new(site: Site, answer: str, challenge: str, name: str) -> Passkey:
    """Return the passkey that an authenticator made for this challenge. Raises `Tampered` for anything else."""
    try:
        made = verify_registration_response(
            credential=_bounded(answer),
            expected_challenge=from_text(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _MALFORMED:
        raise Tampered("not a new passkey of ours") from None
    return Passkey(made.credential_id, made.credential_public_key, made.sign_count, name)


def is_of(passkey: Passkey, answer: str) -> bool:
    """Whether an answer says that it comes from this passkey; it proves nothing."""
    return f'"{to_text(passkey.credential)}"' in answer[:LONGEST_ANSWER]


def accept(site: Site, passkey: Passkey, answer: str, challenge: str) -> Passkey:
    """Return the passkey with its new count, once it has signed the challenge for this site, its owner verified.

    Raises `Tampered`, also for a count that did not rise: then somebody has a copy of the authenticator.
    """
    try:
        shown = verify_authentication_response(
            credential=_bounded(answer),
            expected_challenge=from_text(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except _MALFORMED:
        raise Tampered("the passkey did not sign this") from None
    if not hmac.compare_digest(shown.credential_id, passkey.credential):
        raise Tampered("another passkey's answer")
    return replace(passkey, uses=shown.new_sign_count)


def _bounded(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long for an authenticator's answer")
    return answer


def _mac(key: ServiceKey, generation: int, purpose: str, payload: bytes) -> bytes:
    subkey = key.subkey(Purpose.CHALLENGE, generation)
    return hmac.digest(subkey, frame("hamn/v1/passkey-challenge", purpose, payload), "sha256")
