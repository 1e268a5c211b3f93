"""Envelopes: one sealed body, one wrap of its key a recipient; knows no desk, no row and no sender.

    key        = 32 random bytes, used once
    commitment = HKDF(key, "hamn/v1/envelope-commitment")
    body       = version | suite | commitment | nonce | AES-256-GCM(HKDF(key, "hamn/v1/envelope-body"), padded text)
    wrap       = HPKE(recipient's public key, key)

Case, message and direction are bound into both; a wrap also binds whom it is for and the body's hash. So nothing can
be moved to another place, and no wrap to another body, by whoever can write to the database.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from intake.model import Context, Envelope, Recipient, RecipientKind, Wrap
from intake.vault import aead
from intake.vault.derive import KEY_BYTES, hkdf
from intake.vault.errors import NotForMe, Tampered
from intake.vault.framing import HEADER, VERSION, frame, read_header
from intake.vault.padding import pad, unpad
from intake.vault.suite import PrivateKey, seal

_COMMITMENT_BYTES = 32


def seal_envelope(context: Context, text: bytes, recipients: Sequence[Recipient]) -> Envelope:
    """Seal a text to its recipients, who are hereby fixed.

    Raises `TooLong` above 128 KiB, `ValueError` for a recipient named twice or for none (nobody could ever read it).
    """
    if not recipients or len({(r.kind, r.id, r.generation) for r in recipients}) != len(recipients):
        raise ValueError("an envelope has at least one recipient, and each only once")
    key = secrets.token_bytes(KEY_BYTES)
    body = HEADER + _commitment(key) + aead.encrypt(_body_key(key), pad(text), _aad(context))
    return Envelope(context, body, tuple(_wrap(context, body, key, recipient) for recipient in recipients))


def open_envelope(
    envelope: Envelope, kind: RecipientKind, recipient_id: str, generation: int, private: PrivateKey
) -> bytes:
    """Return the text. Raises `NotForMe` when no wrap is for this recipient, `Tampered` for all else."""
    key = _unwrap(envelope, kind, recipient_id, generation, private)
    rest = read_header(envelope.body)
    # Without this check one body can be made to say two things to two keys (GCM commits to no key).
    if not hmac.compare_digest(rest[:_COMMITMENT_BYTES], _commitment(key)):
        raise Tampered("the body is not committed to this key")
    return unpad(aead.decrypt(_body_key(key), rest[_COMMITMENT_BYTES:], _aad(envelope.context)))


def share_envelope(
    envelope: Envelope, kind: RecipientKind, recipient_id: str, generation: int, private: PrivateKey, to: Recipient
) -> Wrap:
    """Wrap the key for one more recipient, as somebody who can open the envelope. Raises as `open_envelope`."""
    # Opened whole, so that nobody passes on what does not open.
    open_envelope(envelope, kind, recipient_id, generation, private)
    key = _unwrap(envelope, kind, recipient_id, generation, private)
    return _wrap(envelope.context, envelope.body, key, to)


def _wrap(context: Context, body: bytes, key: bytes, to: Recipient) -> Wrap:
    info = _wrap_info(context, body, to.kind, to.id, to.generation)
    return Wrap(to.kind, to.id, to.generation, seal(to.public_key, key, info))


def _unwrap(envelope: Envelope, kind: RecipientKind, recipient: str, generation: int, private: PrivateKey) -> bytes:
    for wrap in envelope.wraps:
        if (wrap.kind, wrap.recipient, wrap.generation) == (kind, recipient, generation):
            return private.open(wrap.sealed, _wrap_info(envelope.context, envelope.body, kind, recipient, generation))
    raise NotForMe("no wrap for this recipient")


def _wrap_info(context: Context, body: bytes, kind: RecipientKind, recipient: str, generation: int) -> bytes:
    digest = hashlib.sha256(body).digest()
    return frame("hamn/v1/envelope-wrap", *_place(context), kind, recipient, generation, digest)


def _aad(context: Context) -> bytes:
    return frame("hamn/v1/envelope", HEADER, *_place(context))


def _place(context: Context) -> tuple[int, str, str, str]:
    return VERSION, context.case, context.message, context.direction


def _commitment(key: bytes) -> bytes:
    return hkdf(key, "hamn/v1/envelope-commitment")


def _body_key(key: bytes) -> bytes:
    return hkdf(key, "hamn/v1/envelope-body")
