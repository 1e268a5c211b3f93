"""Blind indexes: finding a row by a value that the row does not show; knows no table."""

import hmac

from intake.vault.framing import frame
from intake.vault.service_key import Purpose, ServiceKey


def blind_index(service_key: ServiceKey, purpose: Purpose, value: bytes) -> bytes:
    """Return 32 bytes to store, under the newest generation. Equal values give equal bytes, and only those."""
    return blind_index_under(service_key, purpose, value, service_key.newest)


def blind_candidates(service_key: ServiceKey, purpose: Purpose, value: bytes) -> tuple[bytes, ...]:
    """Return what may have been stored for a value, the newest generation first: look all of them up."""
    return tuple(blind_index_under(service_key, purpose, value, generation) for generation in service_key.generations)


def blind_index_under(service_key: ServiceKey, purpose: Purpose, value: bytes, generation: int) -> bytes:
    """Return the 32 bytes of one generation."""
    subkey = service_key.subkey(purpose, generation)
    return hmac.digest(subkey, frame("hamn/v1/blind", purpose, value), "sha256")
