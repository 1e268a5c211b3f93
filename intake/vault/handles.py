"""Mailbox handles: half an hour of access that a page can carry instead of the receipt; knows no row.

handle = base64url(box of end | lookup id | mailbox seed)
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from intake.vault.base64url import from_text, to_text
from intake.vault.errors import Expired, Tampered
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey
from intake.vault.suite import SEED_BYTES, PrivateKey

HANDLE_LIFE = timedelta(minutes=30)
_TIME_BYTES = 8
_LOOKUP_BYTES = 32


@dataclass(frozen=True, slots=True)
class MailboxHandle:
    """An open mailbox: its row's lookup id and its private key."""

    lookup_id: bytes = field(repr=False)
    private: PrivateKey = field(repr=False)
    expires_at: datetime


def seal_handle(service_key: ServiceKey, lookup_id: bytes, private: PrivateKey, now: datetime) -> str:
    """Return a handle that ends half an hour after `now` (aware)."""
    end = int((now + HANDLE_LIFE).timestamp()).to_bytes(_TIME_BYTES)
    return to_text(seal_under(service_key, Purpose.HANDLE, end + lookup_id + private.seed))


def open_handle(service_key: ServiceKey, handle: str, now: datetime) -> MailboxHandle:
    """Return what a handle opens. Raises `Tampered` or `Expired`."""
    opened = open_under(service_key, Purpose.HANDLE, from_text(handle))
    if len(opened) != _TIME_BYTES + _LOOKUP_BYTES + SEED_BYTES:
        raise Tampered("not a handle")
    expires_at = datetime.fromtimestamp(int.from_bytes(opened[:_TIME_BYTES]), UTC)
    if now >= expires_at:
        raise Expired("the mailbox was open long enough")
    lookup_id = opened[_TIME_BYTES : _TIME_BYTES + _LOOKUP_BYTES]
    return MailboxHandle(lookup_id, PrivateKey(opened[-SEED_BYTES:]), expires_at)
