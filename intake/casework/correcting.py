"""A coordinator puts triage right: the case changes at once, and what was wrong is counted, without the case."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casework.labels import LABELS, Put, labels_of
from intake.casework.mending import mended
from intake.casework.sharing import Prepared, SealedToOthers, by_reader, pass_on, prepare
from intake.due import renew
from intake.filing import due_for
from intake.model import Card, Case, CaseId, Context, Correction, Direction, MessageId, Status
from intake.reading import Reader, open_cards_gently, open_corrections, readable_case
from intake.sealing import desk_recipients
from intake.service import Service
from intake.store import cases, corrections, desks, envelopes, handling
from intake.store.corrections import Mended
from intake.store.envelopes import Stored
from intake.vault.correction import CORRECTIONS
from intake.vault.ids import new_message_id
from triage.model import DeskName, Pace

_MOST_TRIES = 5
"""Somebody who writes more often than that while labels are put right is read first."""


class ReadOn(Exception):
    """The person has written more since the labels were looked at."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a case's labels are made of, and to whom that was sealed, when it was looked at."""

    case: Case
    sealed_to: frozenset[tuple[MessageId, DeskName]]
    cards: dict[MessageId, Card] = field(repr=False)
    before: Correction | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is put right, what is counted of it, and the pace that the case has with it."""

    after: Correction = field(repr=False)
    counted: Sequence[Mended] = field(repr=False)
    pace: Pace


async def correct_case(
    service: Service, reader: Reader, case_id: CaseId, put: Put, now: datetime, seen: int | None = None
) -> bool:
    """Put a case's labels right; a new pace gives a case that waits for the desk a new time. False: nothing differed.

    `seen` is of how many cards the labels were that the coordinator looked at; None asks for no such care.

    Raises:
        NotYours: no such case, or another desk's.
        ReadOn: there are more cards now, or more and more: what they raised must not be lowered unseen.
        SealedToOthers: the reader can open none of the case's cards.
    """
    for _ in range(_MOST_TRIES):
        looked = await _look(service, reader, case_id)
        if seen is not None and seen != len(looked.cards):
            raise ReadOn
        change = _change(looked, put, now)
        if change is None:
            return False
        deputies = _deputies(service, looked.case) if _raised(looked.case, change.pace) else ()
        prepared = await prepare(service, by_reader(reader), case_id, deputies)
        # All that took its time, while everybody wrote on; where something has come in meanwhile it is done once more.
        if await service.database.write(_correct, service, reader, looked, change, prepared, now):
            return True
    raise ReadOn


async def _look(service: Service, reader: Reader, case_id: CaseId) -> _Looked:
    case, stored = await service.database.read(_sealed, service, reader, case_id)
    sealed = [one.envelope for one in stored]
    put_right = open_corrections(reader, [one for one in sealed if one.context.direction is Direction.CORRECTION])
    return _Looked(
        case,
        frozenset((one.context.message, DeskName(wrap.recipient)) for one in sealed for wrap in one.wraps),
        await open_cards_gently(reader, [one for one in sealed if one.context.direction is Direction.CARD]),
        put_right.get(case_id),
    )


def _sealed(conn: Connection, service: Service, reader: Reader, case_id: CaseId) -> tuple[Case, Sequence[Stored]]:
    case = readable_case(conn, service.key, reader, case_id)
    return case, envelopes.cards_of(conn, service.key, [case_id]).get(case_id, ())


def _change(looked: _Looked, put: Put, now: datetime) -> _Change | None:
    """What differs from the labels as they are, None where nothing does. Raises `SealedToOthers`."""
    cards, before = looked.cards, looked.before
    labels = labels_of(cards, before)
    if labels is None:
        raise SealedToOthers
    put = put if put.place is not None else replace(put, place=labels.place)
    changed = [name for name in LABELS if getattr(put, name) != getattr(labels, name)]
    if not changed:
        return None
    after = _correction(put, changed, cards, before)
    whole = labels_of(cards, after)
    counted = [mended(name, labels, put, cards.values(), before, now) for name in changed]
    return _Change(after, counted, labels.pace if whole is None else whole.pace)


def _correct(
    conn: Connection,
    service: Service,
    reader: Reader,
    looked: _Looked,
    change: _Change,
    prepared: Prepared,
    now: datetime,
) -> bool:
    """False, and nothing is changed, where the case holds other cards by now, or lets others read them."""
    key, case_id = service.key, looked.case.id
    cases.hold(conn, case_id)
    case = readable_case(conn, key, reader, case_id)
    if envelopes.labels_sealed_to(conn, case_id) != looked.sealed_to:
        return False
    for one in change.counted:
        corrections.count(conn, key, one)
    _set_pace(conn, service, reader, case, change.pace, prepared, now)
    _file(conn, service, looked, change.after, now)
    audit.record(conn, key, case.desk, Line(now, Act.CORRECTED, reader.member, case_id))
    renew(conn, service, case_id, now)
    return True


def _correction(put: Put, changed: list[str], cards: dict[MessageId, Card], before: Correction | None) -> Correction:
    """All that was ever put right, as it stands now: it covers every message, so nothing may hang on an older one."""
    kept = [name for name in LABELS if before is not None and getattr(before, name) is not None]
    covers = frozenset(cards) | (frozenset() if before is None else before.covers)
    return replace(Correction(covers), **{name: getattr(put, name) for name in {*changed, *kept}})


def _raised(case: Case, pace: Pace) -> bool:
    return case.pace.can_wait and not pace.can_wait


def _deputies(service: Service, case: Case) -> Sequence[DeskName]:
    return service.config.desks[case.desk].deputies


def _set_pace(
    conn: Connection, service: Service, reader: Reader, case: Case, pace: Pace, prepared: Prepared, now: datetime
) -> None:
    if pace is case.pace:
        return
    raised = _raised(case, pace)
    if raised:
        keys = desks.keys_to_seal_to(conn, service.key)
        recipients = [keys[desk] for desk in _deputies(service, case) if desk in keys]
        # Whoever sees the danger must be able to say so, whatever older part of the case is closed to them.
        pass_on(conn, service, by_reader(reader), case.id, recipients, prepared, partly=True)
    handling.set_pace(conn, case.id, pace)
    due_at = due_for(service, case.desk, pace, now)
    if raised and case.waiting is not None:
        # What cannot wait must not lie aside until a day that was chosen when it could.
        handling.set_waiting(conn, case.id, None, due_at)
    elif case.status in (Status.NEW, Status.OPENED) and case.waiting is None:
        cases.set_due(conn, case.id, due_at)


def _file(conn: Connection, service: Service, looked: _Looked, correction: Correction, now: datetime) -> None:
    """In the place of the one before, to whoever has the cards."""
    case_id = looked.case.id
    readers = sorted({desk for _, desk in envelopes.labels_sealed_to(conn, case_id)})
    recipients = desk_recipients(service, desks.keys_to_seal_to(conn, service.key), readers)
    sealed = CORRECTIONS.seal(Context(case_id, new_message_id(), Direction.CORRECTION), correction, recipients)
    envelopes.delete_correction(conn, case_id)
    envelopes.add(conn, service.key, Stored(sealed, handling.last_position(conn, case_id), now))
