"""Receipts: 28 digits that are all a person needs to come back; knows no case, stores nothing.

93 bits of chance: nobody guesses one, so no slow hash is needed, and they fit on a slip of paper or in a memory.
"""

import hmac
from enum import StrEnum
from typing import NamedTuple

from intake.vault.blind import blind_index_under
from intake.vault.derive import hkdf
from intake.vault.digits import in_fours, plain_digits
from intake.vault.framing import frame
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.suite import PrivateKey

DIGITS = 28
SALT_BYTES = 16


class Source(StrEnum):
    """What makes a receipt the same for a sender who tries again, and another for everybody else."""

    FORM_TOKEN = "form_token"  # noqa: S105 (the name of a source, not a secret)
    IDEMPOTENCY_KEY = "idempotency_key"
    CHANCE = "chance"


class Lookup(NamedTuple):
    """A row's lookup id, and the service key's generation it belongs to."""

    generation: int
    id: bytes


def derive_receipt(
    service_key: ServiceKey, source: Source, value: bytes, request_sha256: bytes, generation: int | None = None
) -> str:
    """Return the 28 digits for one request. `value` is a secret of at least 128 bits: token, key or randomness.

    Who repeats a request after the service key rotated gives the `generation` that was the newest the first time.
    """
    subkey = service_key.subkey(Purpose.RECEIPT, generation)
    digest = hmac.digest(subkey, frame("hamn/v1/receipt", source, value, request_sha256), "sha256")
    # 256 bits over 10**28: the bias is below 2**-160.
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def normalise(typed: str) -> str | None:
    """Return the 28 digits out of what was typed, with spaces or dashes, in any script's digits; None if it is not."""
    return plain_digits(typed, DIGITS)


def show_receipt(digits: str) -> str:
    """Return a receipt in groups of four."""
    return in_fours(digits)


def lookup_ids(service_key: ServiceKey, digits: str) -> tuple[Lookup, ...]:
    """Return the ids a receipt's row may have, the newest generation first. A new row gets the first."""
    return tuple(
        Lookup(generation, blind_index_under(service_key, Purpose.PEPPER, digits.encode(), generation))
        for generation in service_key.generations
    )


def mailbox_key(service_key: ServiceKey, generation: int, digits: str, salt: bytes) -> PrivateKey:
    """Return the mailbox's private key. `generation` is the lookup id's, `salt` the row's own (16 random bytes)."""
    pepper = service_key.subkey(Purpose.PEPPER, generation)
    return PrivateKey(hkdf(digits.encode(), "hamn/v1/mailbox", salt=salt + pepper))
