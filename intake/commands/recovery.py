"""The last resort when all passphrases of a desk are lost: what the recovery key opens is wrapped to its new key.

The private half comes from outside, for one run of one command; nothing here keeps it, and each case's log tells of it.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casework.sharing import Opener, Prepared, pass_on, prepare
from intake.model import CaseId, Envelope, Recipient, RecipientKind, Wrap
from intake.service import Service
from intake.store import cases, desks
from intake.store.recovering import cases_at
from intake.vault.envelope import share_envelope
from intake.vault.errors import NotForMe
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
    while ids := await service.database.read(_cases_at, service, desk, after):
        for case_id in ids:
            parts = await _recover(service, desk, case_id, private, now)
            done_cases, done_parts = done_cases + (parts > 0), done_parts + parts
        after = ids[-1]
    return Recovered(done_cases, done_parts)


def _cases_at(conn: Connection, service: Service, desk: DeskName, after: CaseId | None) -> Sequence[CaseId]:
    if desk not in desks.current_keys(conn, service.key):
        raise NobodyThere
    return cases_at(conn, service.key, desk, after, _BATCH)


async def _recover(service: Service, desk: DeskName, case_id: CaseId, private: PrivateKey, now: datetime) -> int:
    opener = Opener(RecipientKind.RECOVERY, partial(_share, private))
    prepared = await prepare(service, opener, case_id, [desk])
    return await service.database.write(_add, service, desk, case_id, opener, prepared, now)


def _add(
    conn: Connection,
    service: Service,
    desk: DeskName,
    case_id: CaseId,
    opener: Opener,
    prepared: Prepared,
    now: datetime,
) -> int:
    to = desks.keys_to_seal_to(conn, service.key).get(desk)
    if to is None or cases.find_case(conn, service.key, case_id) is None:
        return 0
    parts = pass_on(conn, service, opener, case_id, [to], prepared, partly=True)
    if parts:
        audit.record(conn, service.key, desk, Line(now, Act.RECOVERED, None, case_id))
    return parts


def _share(private: PrivateKey, envelope: Envelope, to: Recipient) -> Wrap:
    """By the offline key. Raises `NotForMe`."""
    own = next(iter(envelope.wraps), None)
    if own is None:
        raise NotForMe("sealed before there was a recovery key")
    return share_envelope(envelope, own.kind, own.recipient, own.generation, private, to)
