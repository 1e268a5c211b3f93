"""Sealing to a public key: HPKE (RFC 9180) with X-Wing, safe against quantum computers; knows no recipient.

X-Wing is ML-KEM-768 and X25519 together (draft-connolly-cfrg-xwing-kem): both must fall before a seal does. The
library's composite keys do not serialise, so keys are stored as X-Wing lays them out.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from intake.vault.errors import Tampered
from intake.vault.framing import HEADER, read_header

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 1216
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184
_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key: its 32-byte X-Wing seed is all there is to store."""

    seed: bytes = field(repr=False)
    public_bytes: bytes = field(init=False, repr=False, compare=False)
    _parsed: hpke.MLKEM768X25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Expand the seed once, as X-Wing's `expandDecapsulationKey` does."""
        if len(self.seed) != SEED_BYTES:
            raise Tampered("a private key is a seed of 32 bytes")
        expanded = hashlib.shake_256(self.seed).digest(_MLKEM_SEED + 32)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:])
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        object.__setattr__(self, "public_bytes", public)
        object.__setattr__(self, "_parsed", hpke.MLKEM768X25519PrivateKey(mlkem, x25519))

    @classmethod
    def generate(cls) -> "PrivateKey":
        """Make a key from the system's randomness."""
        return cls(secrets.token_bytes(SEED_BYTES))

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Return what `seal` sealed to this key with this `info`. Raises `Tampered`."""
        try:
            return _HPKE.decrypt(read_header(sealed), self._parsed, info=info)
        except (InvalidTag, ValueError):
            raise Tampered("does not open") from None


def seal(public_key: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal so that only the private key opens it, and only with the same `info`. Proves no sender.

    Raises `Tampered` when `public_key` is none (1,216 bytes: ML-KEM-768's, then X25519's).
    """
    try:
        return HEADER + _HPKE.encrypt(plaintext, _parse(public_key), info=info)
    except ValueError:
        raise Tampered("not a public key") from None


# Only public keys are cached; what was parsed from a seed lives no longer than its `PrivateKey`.
@lru_cache(maxsize=1024)
def _parse(public_key: bytes) -> hpke.MLKEM768X25519PublicKey:
    mlkem = MLKEM768PublicKey.from_public_bytes(public_key[:_MLKEM_PUBLIC])
    x25519 = X25519PublicKey.from_public_bytes(public_key[_MLKEM_PUBLIC:])
    return hpke.MLKEM768X25519PublicKey(mlkem, x25519)
