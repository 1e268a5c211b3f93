"""HPKE's base mode and X-Wing, read from their specifications anew: a second opinion on the library."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

AES_256_GCM = bytes.fromhex("48504b45647a00010002")
ENC_BYTES = 1120


@dataclass(frozen=True, slots=True)
class Schedule:
    key: bytes
    nonce: bytes


def decapsulate(seed: bytes, enc: bytes) -> bytes:
    """X-Wing, section 5.5."""
    expanded = hashlib.shake_256(seed).digest(96)
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    from_mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64]).decapsulate(enc[:1088])
    from_x25519 = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    combined = from_mlkem + from_x25519 + enc[1088:] + x25519.public_key().public_bytes_raw() + rb"\.//^" + b"\\"
    return hashlib.sha3_256(combined).digest()


def key_schedule(suite_id: bytes, shared_secret: bytes, info: bytes) -> Schedule:
    """RFC 9180, section 5.1, base mode, 32-byte keys and 12-byte nonces."""
    context = b"\0" + _extract(suite_id, b"", b"psk_id_hash", b"") + _extract(suite_id, b"", b"info_hash", info)
    secret = _extract(suite_id, shared_secret, b"secret", b"")
    return Schedule(
        _expand(suite_id, secret, b"key", context, 32), _expand(suite_id, secret, b"base_nonce", context, 12)
    )


def _extract(suite_id: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite_id + label + secret, "sha256")


def _expand(suite_id: bytes, secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2) + b"HPKE-v1" + suite_id + label + info
    return hmac.digest(secret, labeled + b"\x01", "sha256")[:length]
