"""Desk keys in generations, each wrapped to its members one by one; knows no case and no session."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from intake.model import MemberId, Recipient, RecipientKind
from intake.vault.digits import in_fours, plain_digits
from intake.vault.errors import Tampered, WrongFingerprint
from intake.vault.framing import VERSION, Field, frame
from intake.vault.suite import PrivateKey, seal
from triage.model import DeskName

FINGERPRINT_DIGITS = 24


@dataclass(frozen=True, slots=True)
class DeskWrap:
    """A desk key's seed, sealed to one member. `fields` go into its row's MAC."""

    desk: DeskName
    generation: int
    member: MemberId
    sealed: bytes = field(repr=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What the row's MAC covers, in order."""
        return self.desk, self.generation, self.member, self.sealed


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """A desk's new key: nobody holds the private half but through a wrap. `fields` go into its row's MAC."""

    desk: DeskName
    generation: int
    public_key: bytes = field(repr=False)
    wraps: tuple[DeskWrap, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """What the row's MAC covers, in order."""
        return self.desk, self.generation, self.public_key

    @property
    def recipient(self) -> Recipient:
        """The desk as somebody to seal to."""
        return Recipient(RecipientKind.DESK, self.desk, self.generation, self.public_key)


def new_generation(desk: DeskName, generation: int, members: Sequence[Recipient]) -> NewGeneration:
    """Make a desk's key for these members; who is left out reads nothing that is sealed to it.

    Raises `ValueError` without members: a key that nobody holds would swallow what is sealed to it.
    """
    if not members:
        raise ValueError("a desk's key has at least one member")
    private = PrivateKey.generate()
    wraps = tuple(_wrap(desk, generation, private, member) for member in members)
    return NewGeneration(desk, generation, private.public_bytes, wraps)


def open_desk_key(wrap: DeskWrap, public_key: bytes, member: PrivateKey) -> PrivateKey:
    """Return the desk's private key. Raises `Tampered`, also for a key that is not the published one.

    Anybody can seal to a member: comparing with `public_key`, whose row carries a MAC, is what stops a planted key.
    """
    desk_key = PrivateKey(member.open(wrap.sealed, _info(wrap.desk, wrap.generation, wrap.member)))
    if not hmac.compare_digest(desk_key.public_bytes, public_key):
        raise Tampered("not this desk's key")
    return desk_key


def let_in(
    wrap: DeskWrap, public_key: bytes, member: PrivateKey, newcomer: Recipient, fingerprint_heard: str
) -> DeskWrap:
    """Wrap a desk's key, held by one member, to another whose key's fingerprint was read out over the phone.

    The comparison is here because it is the only thing that shows a key the server, or its administrator, made up.
    Raises `WrongFingerprint`, and as `open_desk_key`.
    """
    heard = plain_digits(fingerprint_heard, FINGERPRINT_DIGITS)
    if heard is None or not hmac.compare_digest(heard, _fingerprint_digits(newcomer.public_key)):
        raise WrongFingerprint("the fingerprint is not this key's")
    return _wrap(wrap.desk, wrap.generation, open_desk_key(wrap, public_key, member), newcomer)


def fingerprint(public_key: bytes) -> str:
    """Return 24 digits (80 bits) in groups of four, to read out over the phone."""
    return in_fours(_fingerprint_digits(public_key))


def _fingerprint_digits(public_key: bytes) -> str:
    digest = hashlib.sha256(frame("hamn/v1/fingerprint", public_key)).digest()
    return f"{int.from_bytes(digest) % 10**FINGERPRINT_DIGITS:0{FINGERPRINT_DIGITS}d}"


def _wrap(desk: DeskName, generation: int, private: PrivateKey, member: Recipient) -> DeskWrap:
    if member.kind is not RecipientKind.MEMBER:
        raise ValueError("a desk's key is wrapped to members only")
    sealed = seal(member.public_key, private.seed, _info(desk, generation, member.id))
    return DeskWrap(desk, generation, MemberId(member.id), sealed)


def _info(desk: DeskName, generation: int, member: str) -> bytes:
    return frame("hamn/v1/desk-key", VERSION, desk, generation, member)
