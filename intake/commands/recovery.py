"""The last resort when all passphrases of a desk are lost: what the recovery key opens is wrapped to its new key.

The private half comes from outside, for one run of one command; nothing here keeps it, and each case's log tells of it.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.model import CaseId, Context, Direction, Recipient, RecipientKind, Wrap
from intake.service import Service
from intake.store import cases, desks, envelopes
from intake.store.recovering import cases_at
from intake.vault.envelope import share_envelope
from intake.vault.suite import PrivateKey
from triage.model import DeskName

_BATCH = 20


class NotTheRecoveryKey(Exception):
    """There is none in the configuration, or the private half belongs to another."""


class NobodyThere(Exception):
    """The desk has no member whose key could be wrapped to: somebody must join first."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many cases the desk reads again, and how many sealed parts of them."""

    cases: int
    parts: int


@dataclass(frozen=True, slots=True)
class _Batch:
    """A page of a desk's cases: the last of them, None at the end, and what was done with them."""

    last: CaseId | None
    cases: int
    parts: int


async def recover(service: Service, desk: DeskName, private: PrivateKey, now: datetime) -> Recovered:
    """Let the desk's present members read what was sealed before they came. Running it again changes nothing.

    Raises:
        NotTheRecoveryKey: nothing was read.
        NobodyThere: nothing was changed.
        Tampered: a sealed part is not what was written; the cases before it are done.
    """
    own = service.recovery
    if own is None or not hmac.compare_digest(own.public_key, private.public_bytes):
        raise NotTheRecoveryKey
    done_cases = done_parts = 0
    after: CaseId | None = None
    while (batch := await service.database.write(_recover, service, desk, private, after, now)).last is not None:
        done_cases, done_parts, after = done_cases + batch.cases, done_parts + batch.parts, batch.last
    return Recovered(done_cases, done_parts)


def _recover(
    conn: Connection, service: Service, desk: DeskName, private: PrivateKey, after: CaseId | None, now: datetime
) -> _Batch:
    to = desks.keys_to_seal_to(conn, service.key).get(desk)
    if to is None:
        raise NobodyThere
    ids = cases_at(conn, service.key, desk, after, _BATCH)
    counts = [_recover_case(conn, service, case_id, private, to, now) for case_id in ids]
    return _Batch(ids[-1] if ids else None, sum(count > 0 for count in counts), sum(counts))


def _recover_case(
    conn: Connection, service: Service, case_id: CaseId, private: PrivateKey, to: Recipient, now: datetime
) -> int:
    key = service.key
    case = cases.find_case(conn, key, case_id)
    added = list(_missing(conn, service, case_id, private, to))
    if case is None or not added:
        return 0
    envelopes.add_wraps(conn, key, added)
    audit.record(conn, key, DeskName(to.id), Line(now, Act.RECOVERED, None, case_id))
    return len(added)


def _missing(
    conn: Connection, service: Service, case_id: CaseId, private: PrivateKey, to: Recipient
) -> Iterator[tuple[Context, Wrap]]:
    """A wrap for each part of the case that the recovery key opens and the desk's present key does not."""
    everything = tuple(Direction)
    there = {
        (stored.envelope.context.message, stored.envelope.context.direction)
        for stored in envelopes.of_case(conn, service.key, case_id, everything, RecipientKind.DESK)
        if any((wrap.recipient, wrap.generation) == (to.id, to.generation) for wrap in stored.envelope.wraps)
    }
    for stored in envelopes.of_case(conn, service.key, case_id, everything, RecipientKind.RECOVERY):
        context = stored.envelope.context
        for wrap in stored.envelope.wraps:
            if (context.message, context.direction) not in there:
                yield (
                    context,
                    share_envelope(
                        stored.envelope, RecipientKind.RECOVERY, wrap.recipient, wrap.generation, private, to
                    ),
                )
