"""Passphrases: what a member's private key lies under at rest; knows no login page and no session.

    KEK       = HKDF(Argon2id(passphrase, salt) || passphrase subkey)
    protected = stamp | cost | salt | nonce | AES-256-GCM(KEK, seed), bound to stamp, cost and member

The subkey makes a stolen database useless to guess against; Argon2id makes guessing dear for who has both.
"""

import secrets
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from argon2.low_level import Type, hash_secret_raw
from zxcvbn import zxcvbn

from intake.model import MemberId
from intake.vault import aead
from intake.vault.derive import KEY_BYTES, hkdf
from intake.vault.errors import Tampered, WrongPassphrase
from intake.vault.framing import frame, read_stamp, stamp
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.suite import PrivateKey

SHORTEST = 12
LONGEST = 200
_LEAST_SCORE = 3
_JUDGED = 72
"""zxcvbn's work grows fast with length: no more characters than these are judged."""

_SALT_BYTES = 16
_COST = struct.Struct(">IBB")
_HIGHEST_MEMORY_KIB = 1024 * 1024
_MOST_PASSES = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """What one Argon2id takes: KiB of memory, passes, lanes. Stored with the key, so that it can be raised later."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


STANDARD_COST = Cost()


class Weakness(StrEnum):
    """Why a passphrase is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    GUESSABLE = "guessable"


def weakness(passphrase: str, known: Sequence[str] = ()) -> Weakness | None:
    """Return why the passphrase will not do, or None. `known` is what others know of the member: login, name."""
    if len(passphrase) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(passphrase) > LONGEST:
        return Weakness.TOO_LONG
    words = [word.lower() for text in known for word in (text, *text.replace("@", " ").split()) if word]
    score = zxcvbn(passphrase[:_JUDGED], user_inputs=words)["score"]
    return Weakness.GUESSABLE if score < _LEAST_SCORE else None


def protect_member_key(
    service_key: ServiceKey, passphrase: str, private: PrivateKey, member: MemberId, cost: Cost = STANDARD_COST
) -> bytes:
    """Seal a member's seed under the passphrase. About 0.2 s of one core: run it off the loop."""
    start = stamp(service_key.newest) + _COST.pack(cost.memory_kib, cost.passes, cost.lanes)
    salt = secrets.token_bytes(_SALT_BYTES)
    subkey = service_key.subkey(Purpose.PASSPHRASE)
    key = _kek(_stretch(passphrase, salt, cost), subkey)
    return start + salt + aead.encrypt(key, private.seed, _aad(start, member))


def unlock_member_key(service_key: ServiceKey, passphrase: str, protected: bytes, member: MemberId) -> PrivateKey:
    """Return the member's private key. About 0.2 s of one core: run it off the loop.

    Raises `WrongPassphrase`, for changed contents too (they look alike; the row's MAC tells them apart), and
    `Tampered` for what was never made here.
    """
    generation, rest = read_stamp(protected)
    if len(rest) < _COST.size + _SALT_BYTES:
        raise Tampered("cut short")
    start = stamp(generation) + rest[: _COST.size]
    salt, sealed = rest[_COST.size : _COST.size + _SALT_BYTES], rest[_COST.size + _SALT_BYTES :]
    stretched = _stretch(passphrase, salt, _read_cost(rest))
    key = _kek(stretched, service_key.subkey(Purpose.PASSPHRASE, generation))
    try:
        return PrivateKey(aead.decrypt(key, sealed, _aad(start, member)))
    except Tampered:
        raise WrongPassphrase("the passphrase does not open this key") from None


def decoy(passphrase: str, cost: Cost = STANDARD_COST) -> None:
    """Do the work of `unlock_member_key` for a login that does not exist, so that time does not tell."""
    _stretch(passphrase, secrets.token_bytes(_SALT_BYTES), cost)


def _read_cost(rest: bytes) -> Cost:
    cost = Cost(*_COST.unpack_from(rest))
    # What stands in a row is not yet proven: it must not be able to ask for all the memory there is.
    within = cost.memory_kib <= _HIGHEST_MEMORY_KIB and 1 <= cost.passes <= _MOST_PASSES
    if not within or cost.lanes < 1 or cost.memory_kib < 8 * cost.lanes:
        raise Tampered("not a cost that is used here")
    return cost


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # The same passphrase typed on another keyboard may come composed otherwise.
    typed = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(typed, salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID)


def _kek(stretched: bytes, subkey: bytes) -> bytes:
    return hkdf(stretched + subkey, "hamn/v1/passphrase-key")


def _aad(start: bytes, member: MemberId) -> bytes:
    return frame("hamn/v1/member-key", start, member)
