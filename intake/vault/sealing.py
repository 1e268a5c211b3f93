"""Boxes under a subkey: what the service itself must be able to open again; knows no recipient.

For addresses, queued text, second factors, mailbox handles and statistics. Never for a delivered message.
"""

import hmac

from intake.vault import aead
from intake.vault.framing import Field, frame, read_stamp, stamp
from intake.vault.service_key import Purpose, ServiceKey


def seal_under(service_key: ServiceKey, purpose: Purpose, plaintext: bytes, *bound: Field) -> bytes:
    """Seal under the newest generation. `bound` (a row's id, say) must be given again to open."""
    start = stamp(service_key.newest)
    key = _box_key(service_key.subkey(purpose))
    return start + aead.encrypt(key, plaintext, _aad(purpose, start, bound))


def open_under(service_key: ServiceKey, purpose: Purpose, box: bytes, *bound: Field) -> bytes:
    """Open a box under the generation it names. Raises `Tampered` or `UnknownGeneration`."""
    generation, sealed = read_stamp(box)
    key = _box_key(service_key.subkey(purpose, generation))
    return aead.decrypt(key, sealed, _aad(purpose, stamp(generation), bound))


def _box_key(subkey: bytes) -> bytes:
    # A purpose may also key an index or a MAC: the box has a key of its own beside them.
    return hmac.digest(subkey, frame("hamn/v1/box-key"), "sha256")


def _aad(purpose: Purpose, start: bytes, bound: tuple[Field, ...]) -> bytes:
    return frame("hamn/v1/box", purpose, start, *bound)
