"""The service key: generations of one root, and a subkey for every purpose; knows no file and no row."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from intake.vault.derive import KEY_BYTES, hkdf
from intake.vault.errors import UnknownGeneration


class Purpose(StrEnum):
    """What a subkey is for; no two purposes ever share a key."""

    ADDRESS = "address"
    OUTBOX = "outbox"
    PEPPER = "pepper"
    PHONE_INDEX = "phone_index"
    IDENTIFIER_INDEX = "identifier_index"
    SESSION = "session"
    PASSPHRASE = "passphrase"  # noqa: S105 (the name of a purpose, not a secret)
    RECEIPT = "receipt"
    FORM = "form"
    HANDLE = "handle"
    CODE = "code"
    CHALLENGE = "challenge"
    FILTER = "filter"
    STATISTICS = "statistics"
    FRAGMENT = "fragment"
    DEDUP = "dedup"
    ROW_MAC = "row_mac"
    AUDIT = "audit"
    BACKUP = "backup"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """Roots of 32 bytes by generation, counted from 1. Writing uses the newest, lookup tries all."""

    roots: Mapping[int, bytes] = field(repr=False, hash=False)
    newest: int = field(init=False)
    _subkeys: Mapping[tuple[int, Purpose], bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive every subkey once: some are used on every row that is read."""
        if not self.roots or any(number < 1 or len(root) != KEY_BYTES for number, root in self.roots.items()):
            raise ValueError("a service key has at least one generation, from 1, each of 32 bytes")
        subkeys = {
            (generation, purpose): hkdf(root, "hamn/v1/subkey", purpose)
            for generation, root in self.roots.items()
            for purpose in Purpose
        }
        object.__setattr__(self, "roots", MappingProxyType(dict(self.roots)))
        object.__setattr__(self, "newest", max(self.roots))
        object.__setattr__(self, "_subkeys", subkeys)

    @classmethod
    def generate(cls) -> "ServiceKey":
        """Make a key of one generation from the system's randomness."""
        return cls({1: secrets.token_bytes(KEY_BYTES)})

    def rotate(self) -> "ServiceKey":
        """Return the key with a new generation added; the old ones go on opening what they sealed."""
        return ServiceKey({**self.roots, self.newest + 1: secrets.token_bytes(KEY_BYTES)})

    @property
    def generations(self) -> tuple[int, ...]:
        """Every generation, the newest first."""
        return tuple(sorted(self.roots, reverse=True))

    def subkey(self, purpose: Purpose, generation: int | None = None) -> bytes:
        """Return the 32 bytes for a purpose, of the newest generation unless told. Raises `UnknownGeneration`."""
        try:
            return self._subkeys[self.newest if generation is None else generation, purpose]
        except KeyError:
            raise UnknownGeneration("the service key does not hold this generation") from None
