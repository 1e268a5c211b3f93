"""A coordinator puts triage right: the case changes at once, and what was wrong is counted, without the case."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casework.handing import SealedToOthers, pass_on
from intake.casework.labels import LABELS, Put, labels_of
from intake.casework.mending import mended
from intake.due import renew
from intake.filing import due_for
from intake.model import Card, Case, CaseId, Context, Correction, Direction, MessageId, RecipientKind, Status
from intake.reading import Reader, open_cards, open_corrections, readable_case
from intake.sealing import desk_recipients
from intake.service import Service
from intake.store import cases, corrections, desks, envelopes, handling
from intake.store.envelopes import Stored
from intake.vault.correction import CORRECTIONS
from intake.vault.ids import new_message_id
from triage.model import DeskName, Pace


class ReadOn(Exception):
    """The person has written more since the labels were looked at."""


async def correct_case(
    service: Service, reader: Reader, case_id: CaseId, put: Put, now: datetime, seen: int | None = None
) -> bool:
    """Put a case's labels right; a new pace gives a case that waits for the desk a new time. False: nothing differed.

    `seen` is of how many cards the labels were that the coordinator looked at; None asks for no such care.

    Raises:
        NotYours: no such case, or another desk's.
        ReadOn: there are more cards now: what they raised must not be lowered unseen.
        SealedToOthers: the reader can open none of the case's cards.
    """
    return await service.database.write(_correct, service, reader, case_id, put, now, seen)


def _correct(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, put: Put, now: datetime, seen: int | None
) -> bool:
    key = service.key
    handling.hold_case(conn, case_id)
    case = readable_case(conn, key, reader, case_id)
    cards, before = _opened(conn, service, reader, case_id)
    labels = labels_of(cards, before)
    if labels is None:
        raise SealedToOthers
    if seen is not None and seen != len(cards):
        raise ReadOn
    put = put if put.place is not None else replace(put, place=labels.place)
    changed = [name for name in LABELS if getattr(put, name) != getattr(labels, name)]
    if not changed:
        return False
    after = _correction(put, changed, cards, before)
    for name in changed:
        corrections.count(conn, key, mended(name, labels, put, cards.values(), before, now))
    whole = labels_of(cards, after)
    _set_pace(conn, service, reader, case, labels.pace if whole is None else whole.pace, now)
    _file(conn, service, case_id, after, now)
    audit.record(conn, key, case.desk, Line(now, Act.CORRECTED, reader.member, case_id))
    renew(conn, service, case_id, now)
    return True


def _opened(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId
) -> tuple[dict[MessageId, Card], Correction | None]:
    sealed = [one.envelope for one in envelopes.cards_of(conn, service.key, [case_id]).get(case_id, ())]
    cards = open_cards(reader, [one for one in sealed if one.context.direction is Direction.CARD])
    put_right = open_corrections(reader, [one for one in sealed if one.context.direction is Direction.CORRECTION])
    return cards, put_right.get(case_id)


def _correction(put: Put, changed: list[str], cards: dict[MessageId, Card], before: Correction | None) -> Correction:
    """All that was ever put right, as it stands now: it covers every message, so nothing may hang on an older one."""
    kept = [name for name in LABELS if before is not None and getattr(before, name) is not None]
    covers = frozenset(cards) | (frozenset() if before is None else before.covers)
    return replace(Correction(covers), **{name: getattr(put, name) for name in {*changed, *kept}})


def _set_pace(conn: Connection, service: Service, reader: Reader, case: Case, pace: Pace, now: datetime) -> None:
    if pace is case.pace:
        return
    handling.set_pace(conn, case.id, pace)
    raised = case.pace.can_wait and not pace.can_wait
    due_at = due_for(service, case.desk, pace, now)
    if raised and case.waiting is not None:
        # What cannot wait must not lie aside until a day that was chosen when it could.
        handling.set_waiting(conn, case.id, None, due_at)
    elif case.status in (Status.NEW, Status.OPENED) and case.waiting is None:
        cases.set_due(conn, case.id, due_at)
    if raised:
        keys = desks.keys_to_seal_to(conn, service.key)
        deputies = service.config.desks[case.desk].deputies
        # Whoever sees the danger must be able to say so, whatever older part of the case is closed to them.
        pass_on(conn, service, reader, case.id, [keys[desk] for desk in deputies if desk in keys], partly=True)


def _file(conn: Connection, service: Service, case_id: CaseId, correction: Correction, now: datetime) -> None:
    """In the place of the one before, to whoever has the cards."""
    held = envelopes.of_case(conn, service.key, case_id, [Direction.CARD], RecipientKind.DESK)
    readers = dict.fromkeys(DeskName(wrap.recipient) for one in held for wrap in one.envelope.wraps)
    recipients = desk_recipients(service, desks.keys_to_seal_to(conn, service.key), readers)
    sealed = CORRECTIONS.seal(Context(case_id, new_message_id(), Direction.CORRECTION), correction, recipients)
    envelopes.delete_correction(conn, case_id)
    envelopes.add(conn, service.key, Stored(sealed, handling.last_position(conn, case_id), now))
