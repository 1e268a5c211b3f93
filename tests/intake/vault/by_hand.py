"""Envelopes built by hand from the specification: a second writer of the format, and the means to forge it."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.model import Context, Envelope, Recipient, Wrap
from intake.vault.suite import seal

NONCE = b"twelve bytes"
HEADER = b"\x01\x01"


@dataclass(frozen=True, slots=True)
class BodyKeys:
    commitment: bytes
    aes: bytes


def keys_of(content_key: bytes) -> BodyKeys:
    return BodyKeys(_hkdf(content_key, "hamn/v1/envelope-commitment"), _hkdf(content_key, "hamn/v1/envelope-body"))


def aad_of(context: Context) -> bytes:
    return _frame("hamn/v1/envelope", HEADER, 1, context.case, context.message, context.direction.value)


def body(context: Context, content_key: bytes, padded: bytes) -> bytes:
    keys = keys_of(content_key)
    return HEADER + keys.commitment + NONCE + AESGCM(keys.aes).encrypt(NONCE, padded, aad_of(context))


def wrap(context: Context, sealed_body: bytes, content_key: bytes, to: Recipient) -> Wrap:
    digest = hashlib.sha256(sealed_body).digest()
    place = (1, context.case, context.message, context.direction.value)
    info = _frame("hamn/v1/envelope-wrap", *place, to.kind.value, to.id, to.generation, digest)
    return Wrap(to.kind, to.id, to.generation, seal(to.public_key, content_key, info))


def envelope(context: Context, sealed_body: bytes, content_key: bytes, to: Recipient) -> Envelope:
    return Envelope(context, sealed_body, (wrap(context, sealed_body, content_key, to),))


def ciphertext_for_both(one: bytes, other: bytes, aad: bytes, padded: bytes) -> bytes:
    """A ciphertext that AES-GCM opens under both keys (Dodis et al., "Fast Message Franking", 2018): the last block
    of the text is given up to make the two tags equal."""
    stream = Cipher(algorithms.AES(one), modes.CTR(NONCE + b"\0\0\0\2")).encryptor()
    fixed = stream.update(padded[:-16])
    h_one, h_other = (_block(key, bytes(16)) for key in (one, other))
    # The free block is followed by one more, the lengths: it counts with the square of the hash key.
    difference = _tag(one, h_one, aad, fixed) ^ _tag(other, h_other, aad, fixed)
    free = _multiply(difference, _inverse(_multiply(h_one, h_one) ^ _multiply(h_other, h_other)))
    tag = _tag(one, h_one, aad, fixed) ^ _multiply(free, _multiply(h_one, h_one))
    return fixed + free.to_bytes(16) + tag.to_bytes(16)


def _tag(key: bytes, hash_key: int, aad: bytes, fixed: bytes) -> int:
    """The tag over `fixed` and one block of zeros."""
    sealed = fixed + bytes(16)
    data = aad + bytes(-len(aad) % 16) + sealed + (8 * len(aad)).to_bytes(8) + (8 * len(sealed)).to_bytes(8)
    digest = 0
    for start in range(0, len(data), 16):
        digest = _multiply(digest ^ int.from_bytes(data[start : start + 16]), hash_key)
    return digest ^ _block(key, NONCE + b"\0\0\0\1")


def _block(key: bytes, block: bytes) -> int:
    return int.from_bytes(Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block))


def _multiply(one: int, other: int) -> int:
    """In GF(2**128), with GCM's order of bits (SP 800-38D, algorithm 1)."""
    product = 0
    for bit in range(127, -1, -1):
        product ^= other if one >> bit & 1 else 0
        other = other >> 1 ^ (0xE1 << 120 if other & 1 else 0)
    return product


def _inverse(value: int) -> int:
    """By Fermat: the value to the power of 2**128 - 2."""
    product, square = 1 << 127, value
    for _ in range(127):
        square = _multiply(square, square)
        product = _multiply(product, square)
    return product


def _hkdf(secret: bytes, label: str) -> bytes:
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, _frame(label) + b"\x01", "sha256")


def _frame(*fields: bytes | str | int) -> bytes:
    kinds = {bytes: b"b", str: b"s", int: b"i"}
    values = [field if isinstance(field, bytes) else str(field).encode() for field in fields]
    return b"".join(
        kinds[type(field)] + len(value).to_bytes(4) + value for field, value in zip(fields, values, strict=True)
    )
