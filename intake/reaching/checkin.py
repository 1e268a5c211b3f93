"""A coordinator plans to ask a person how they are: one neutral text at a safe hour, or none; sends nothing.

What it asks is no secret, so it waits in no mailbox: it is written into the conversation when it has gone out, for both
sides to see, and not before, since a plan that is given up was never said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from intake import addressbook, audit
from intake.addressbook import Known
from intake.audit import Act, Line
from intake.contact import Bar, Consent, Hours, hours_of
from intake.due import renew
from intake.filing import add_answer
from intake.model import Case, CaseId, Outgoing, OutgoingKind, OutgoingState
from intake.promise import keep_waiting
from intake.reading import Reader, readable_case
from intake.service import Service
from intake.store import cases, nudges, outbox, sendings
from intake.vault.errors import VaultError
from intake.vault.ids import new_id

LIFE = timedelta(hours=6)
"""After that it is not the moment any more that the coordinator chose."""
LONGEST_AHEAD = timedelta(days=90)
_OURS = (OutgoingKind.CHECK_IN,)
_TOO_LATE = (Bar.EXPIRED, Bar.UNSAFE_HOUR, Bar.TOO_MANY)


class Wording(StrEnum):
    """What may be asked, by the names of `phone.toml`: no word of it tells what this is about."""

    HOW = "check_in_how"
    HELLO = "check_in_hello"
    WHEN = "check_in_when"


class Refusal(StrEnum):
    """Why none can be planned."""

    NOBODY = "nobody"
    NOT_ALLOWED = "not_allowed"
    CLOSED = "closed"
    PLANNED = "planned"
    IN_VAIN = "in_vain"
    """As many as may be have gone out since the person wrote last: whoever is silent is left in peace."""
    DAY = "day"
    HOUR = "hour"


class Refused(Exception):
    """None was planned; `why` is for the page."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether one may be planned, else why not; the hours that are safe; the language that it will be in."""

    refusal: Refusal | None
    hours: Hours
    lang: str


async def look_ahead(service: Service, reader: Reader, case_id: CaseId) -> Outlook | None:
    """What the form needs to know; None where the person came by no phone or chat. Raises `NotYours`."""
    return await service.database.read(_look_ahead, service, reader, case_id)


async def plan(
    service: Service, reader: Reader, case_id: CaseId, wording: Wording, at: datetime, now: datetime
) -> None:
    """Ask the person at `at`, or within `LIFE` after it; whatever they say before then may still end it.

    Raises:
        NotYours: no such case, or another desk's.
        Refused: nobody may be asked, or not then.
    """
    await service.database.write(_plan, service, reader, case_id, wording, at, now)


async def give_up(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    """Do not ask after all. Nothing where it has gone out; what is going out now is written down all the same.

    Raises:
        NotYours: no such case, or another desk's.
    """
    await service.database.write(_give_up, service, reader, case_id, now)


def bar(conn: Connection, service: Service, node: str, outgoing: Outgoing, why: str, now: datetime) -> None:
    """It may not go: that is its end, and the coordinator is told, but for a case that was closed meanwhile."""
    if why == Bar.CLOSED:
        outbox.settle(conn, outgoing.id, node, OutgoingState.CANCELLED, why)
        return
    state = OutgoingState.EXPIRED if why in _TOO_LATE else OutgoingState.FAILED
    if outbox.settle(conn, outgoing.id, node, state, why):
        note_lost(conn, service, [outgoing], now)


def note_lost(conn: Connection, service: Service, ended: Sequence[Outgoing], now: datetime) -> None:
    """Let the coordinators hear of check-ins among these that did not go; of answers the case itself tells."""
    for case_id in sorted({one.case for one in ended if one.kind is OutgoingKind.CHECK_IN and one.case is not None}):
        nudges.mark_check_in_lost(conn, case_id, now)
        try:
            renew(conn, service, case_id, now)
        except VaultError as error:
            # The other texts that end now end all the same.
            service.signs.stumble(case_id, error)


def note_sent(conn: Connection, service: Service, outgoing: Outgoing, now: datetime) -> None:
    """It has gone out: it stands in the conversation, for the desk and in the mailbox, where these still are.

    Also where it was given up, stopped, closed or moved while it was on its way: nothing takes it back.
    """
    try:
        with conn.begin_nested():
            _write_down(conn, service, outgoing, now)
    except VaultError as error:
        # It is sent all the same.
        service.signs.stumble(outgoing.case or "", error)


def _write_down(conn: Connection, service: Service, outgoing: Outgoing, now: datetime) -> None:
    known = None if outgoing.contact is None else addressbook.by_id(conn, service.key, outgoing.contact)
    case = None if outgoing.case is None else cases.find_case(conn, service.key, outgoing.case)
    if known is None or case is None or case.erased_at is not None or outgoing.template is None:
        return
    text = service.phrases.say(outgoing.template, known.contact.lang)
    filed = add_answer(conn, service, case, text, now)
    if known.contact.words:
        # Their own words have only said that something waits: here it is.
        keep_waiting(conn, service, known, filed, text, now)


def _look_ahead(conn: Connection, service: Service, reader: Reader, case_id: CaseId) -> Outlook | None:
    case = readable_case(conn, service.key, reader, case_id)
    known = addressbook.of_case(conn, service.key, case_id)
    if known is None:
        return None
    return Outlook(_refusal(conn, service, case, known), hours_of(known.contact), known.contact.lang)


def _plan(
    conn: Connection,
    service: Service,
    reader: Reader,
    case_id: CaseId,
    wording: Wording,
    at: datetime,
    now: datetime,
) -> None:
    case = readable_case(conn, service.key, reader, case_id)
    # Whoever says STOP at this moment waits for us, or we for them.
    known = addressbook.of_case(conn, service.key, case_id)
    known = known and addressbook.hold(conn, service.key, known)
    if known is None:
        raise Refused(Refusal.NOBODY)
    why = _refusal(conn, service, case, known) or _unfit(known, at, now)
    if why is not None:
        raise Refused(why)
    outbox.enqueue(conn, _outgoing(conn, known, case_id, wording, at), at)
    nudges.mark_check_in_lost(conn, case_id, None)
    renew(conn, service, case_id, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.CHECK_IN_PLANNED, reader.member, case_id))


def _give_up(conn: Connection, service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    case = readable_case(conn, service.key, reader, case_id)
    if outbox.cancel_of_case(conn, case_id, _OURS):
        audit.record(conn, service.key, case.desk, Line(now, Act.CHECK_IN_GIVEN_UP, reader.member, case_id))


def _refusal(conn: Connection, service: Service, case: Case, known: Known) -> Refusal | None:
    contact = known.contact
    if case.closed_at is not None or case.erased_at is not None:
        return Refusal.CLOSED
    if contact.stopped or contact.blocked or contact.consent is not Consent.YES:
        return Refusal.NOT_ALLOWED
    if outbox.is_planned(conn, known.id, OutgoingKind.CHECK_IN):
        return Refusal.PLANNED
    in_vain = sendings.sent_since(conn, known.id, _OURS, contact.habits.last_at)
    return Refusal.IN_VAIN if len(in_vain) >= service.config.contact.check_ins_in_vain else None


def _unfit(known: Known, at: datetime, now: datetime) -> Refusal | None:
    if not now < at <= now + LONGEST_AHEAD:
        return Refusal.DAY
    return None if hours_of(known.contact).hold(at) else Refusal.HOUR


def _outgoing(conn: Connection, known: Known, case_id: CaseId, wording: Wording, at: datetime) -> Outgoing:
    return Outgoing(
        id=new_id(),
        send_id=new_id(),
        bridge=known.bridge,
        kind=OutgoingKind.CHECK_IN,
        expires_at=at + LIFE,
        contact=known.id,
        case=case_id,
        template=wording.value,
        turn=outbox.next_turn(conn, known.id),
    )
