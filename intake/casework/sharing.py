"""All that a case holds, wrapped to one more desk's key: made before the transaction that adds it; knows no page.

The wraps of a long conversation take seconds, in which nobody could write. So they are made a few at a time while
everybody goes on; the transaction adds those that are still lacking, and makes only what has come in since.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection

from intake.model import Case, CaseId, Context, Direction, Envelope, Recipient, RecipientKind, Wrap
from intake.reading import Reader, share
from intake.service import Service
from intake.store import cases, desks, envelopes
from intake.turns import gently
from intake.vault.errors import NotForMe
from triage.model import DeskName

_PASSED_ON = [direction for direction in Direction if direction is not Direction.COPY]
"""A copy is for a mailbox alone; the desk has the answer that it was made of."""
_AT_ONCE = 50
"""Sealed parts that are read together."""

Wraps = Mapping[Context, Wrap | None]
"""One desk's wraps of the parts of a case; None of what does not open to who passes it on."""


class SealedToOthers(Exception):
    """Part of the case does not open to who wants to pass it on."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Wraps of a case's parts for the desks that are to read it, as it was when `case` was looked at."""

    case: Case | None
    wraps: Mapping[Recipient, Wraps] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opener:
    """Who can pass a case on: whose wraps they open, and how they wrap one part anew. `share` raises `NotForMe`."""

    kind: RecipientKind
    share: Callable[[Envelope, Recipient], Wrap] = field(repr=False)


def by_reader(reader: Reader) -> Opener:
    """A member passes on what their desks' keys open."""
    return Opener(RecipientKind.DESK, partial(share, reader))


async def prepare(service: Service, opener: Opener, case_id: CaseId, to: Collection[DeskName]) -> Prepared:
    """The wraps that these desks lack at this moment. The caller has made sure that the case may be passed on."""
    case = await service.database.read(cases.find_case, service.key, case_id)
    keys = await service.database.read(desks.current_keys, service.key)
    recipients = [keys[desk] for desk in to if desk in keys]
    return Prepared(case, {one: await _prepare(service, opener, case_id, one) for one in recipients})


def pass_on(
    conn: Connection,
    service: Service,
    opener: Opener,
    case_id: CaseId,
    recipients: Iterable[Recipient],
    prepared: Prepared,
    *,
    partly: bool = False,
) -> int:
    """Let these desks read all that a case holds, of every direction; `partly`: what opens. Returns how many parts.

    The case still has the desk and the pace that it had: what changes them comes after.

    Raises:
        SealedToOthers: not all of it opens, and part of it is not enough.
    """
    made = prepared.wraps if _is_as_it_was(conn, service, case_id, prepared.case) else {}
    found: list[tuple[Context, Wrap | None]] = []
    for to in recipients:
        found += _lacking(conn, service, opener, case_id, to, made.get(to, {})).items()
    added = [(context, wrap) for context, wrap in found if wrap is not None]
    if len(added) < len(found) and not partly:
        raise SealedToOthers
    envelopes.add_wraps(conn, service.key, added)
    return len(added)


async def _prepare(service: Service, opener: Opener, case_id: CaseId, to: Recipient) -> Wraps:
    lacking = await service.database.read(envelopes.lacking, case_id, _PASSED_ON, to)
    made: dict[Context, Wrap | None] = {}
    for first in range(0, len(lacking), _AT_ONCE):
        some = lacking[first : first + _AT_ONCE]
        async for one in gently(await service.database.read(envelopes.these, service.key, some, opener.kind)):
            made[one.context] = _wrap(opener, one, to)
    return made


def _is_as_it_was(conn: Connection, service: Service, case_id: CaseId, then: Case | None) -> bool:
    # Whoever seals a case's messages anew changes its desk or its pace: a wrap of the old ones would open nothing.
    case = cases.find_case(conn, service.key, case_id)
    return case is not None and then is not None and (case.desk, case.pace) == (then.desk, then.pace)


def _lacking(
    conn: Connection, service: Service, opener: Opener, case_id: CaseId, to: Recipient, prepared: Wraps
) -> Wraps:
    lacking = envelopes.lacking(conn, case_id, _PASSED_ON, to)
    late = envelopes.these(conn, service.key, [one for one in lacking if one not in prepared], opener.kind)
    made = {one.context: _wrap(opener, one, to) for one in late}
    return made | {one: prepared[one] for one in lacking if one in prepared}


def _wrap(opener: Opener, envelope: Envelope, to: Recipient) -> Wrap | None:
    try:
        return opener.share(envelope, to)
    except NotForMe:
        return None
