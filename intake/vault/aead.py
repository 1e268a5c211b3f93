"""AES-256-GCM with a fresh nonce in front; knows neither where its key comes from nor what it seals."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.vault.errors import Tampered

NONCE_BYTES = 12
TAG_BYTES = 16


def encrypt(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Return nonce and ciphertext.

    The nonce is random and cannot be given: one key may so seal 2**32 times (NIST SP 800-38D, 8.3). Most keys here
    seal once; a subkey of the service key would reach that after centuries of one region's traffic.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def decrypt(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return the plaintext. Raises `Tampered` for another key, another context or any changed bit."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise Tampered("cut short")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except InvalidTag:
        raise Tampered("does not open") from None
