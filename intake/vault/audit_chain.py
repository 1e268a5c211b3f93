"""The audit log's chain: each link covers all before it, so that nothing is changed, cut out or cut off unseen.

A pure function of bytes; knows not what an entry says. The head is kept apart from the log, and outside the machine.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from intake.vault.errors import Tampered
from intake.vault.framing import frame, read_stamp, stamp
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey
from triage.model import DeskName

_COUNT_BYTES = 8
_LABEL = "audit-head"


@dataclass(frozen=True, slots=True)
class Head:
    """How long a desk's chain is, and its last link; an empty chain's is empty."""

    count: int
    link: bytes = field(repr=False)


EMPTY = Head(0, b"")


def next_link(service_key: ServiceKey, desk: DeskName, head: Head, entry: bytes) -> Head:
    """Return the head after one more entry; its `link` is stored beside the entry."""
    return Head(head.count + 1, _link(service_key, service_key.newest, desk, head, entry))


def verify_chain(service_key: ServiceKey, desk: DeskName, rows: Iterable[tuple[bytes, bytes]], kept: Head) -> None:
    """Check a desk's rows (entry, link), in order, against the head that was kept. Raises `Tampered`, naming where."""
    head = EMPTY
    for entry, link in rows:
        generation, _ = read_stamp(link)
        if not hmac.compare_digest(link, _link(service_key, generation, desk, head, entry)):
            raise Tampered(f"the audit chain breaks at entry {head.count + 1}")
        head = Head(head.count + 1, link)
    if head != kept:
        raise Tampered(f"the audit chain has {head.count} entries, its kept head {kept.count}")


def seal_head(service_key: ServiceKey, desk: DeskName, head: Head) -> bytes:
    """Seal a desk's head, to be kept beside the log."""
    content = head.count.to_bytes(_COUNT_BYTES) + head.link
    return seal_under(service_key, Purpose.AUDIT, content, _LABEL, desk)


def open_head(service_key: ServiceKey, desk: DeskName, sealed: bytes) -> Head:
    """Return a desk's kept head. Raises `Tampered`."""
    content = open_under(service_key, Purpose.AUDIT, sealed, _LABEL, desk)
    return Head(int.from_bytes(content[:_COUNT_BYTES]), content[_COUNT_BYTES:])


def _link(service_key: ServiceKey, generation: int, desk: DeskName, head: Head, entry: bytes) -> bytes:
    subkey = service_key.subkey(Purpose.AUDIT, generation)
    chained = frame("hamn/v1/audit", desk, head.count, head.link, entry)
    return stamp(generation) + hmac.digest(subkey, chained, "sha256")
