"""Writes entries into a casefile, sealed to the desks that read the case, with what the clock must know beside them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casefile.entries import AnyFact, Entry, FollowUp, Held, Link, Referral, Transferred, to_json
from intake.due import renew
from intake.model import Case, CaseId, Context, Direction, Hold
from intake.reading import Reader, held_case
from intake.register import keeping as register
from intake.sealing import desk_recipients
from intake.service import Service
from intake.store import cases, desks, envelopes, handling, retention
from intake.store.envelopes import Stored
from intake.vault.envelope import seal_envelope
from intake.vault.ids import new_message_id

LONGEST = 4000
"""Characters of one field."""


class Itself(Exception):
    """A case is not linked to itself."""


class InThePast(Exception):
    """Nobody can follow anything up at a time that is over."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes now."""

    service: Service
    reader: Reader
    now: datetime


async def write_down(service: Service, reader: Reader, case_id: CaseId, fact: AnyFact, now: datetime) -> None:
    """Add an entry to a casefile, and let the clock know what it must.

    Raises:
        NotYours: no such case, or another desk's.
        InThePast: a follow-up that is over already.
    """
    if isinstance(fact, FollowUp) and fact.at is not None and fact.at <= now:
        raise InThePast
    await service.database.write(_write_down, Writer(service, reader, now), case_id, fact)


async def link(service: Service, reader: Reader, one: CaseId, other: CaseId, now: datetime, *, linked: bool) -> None:
    """Say in both casefiles that the cases are about the same matter, or are not.

    Raises:
        NotYours: one of them is no case, or another desk's: nobody learns of a case by linking to it.
        Itself: they are one case.
    """
    if one == other:
        raise Itself
    await service.database.write(_link, Writer(service, reader, now), one, other, linked)


def file_entry(conn: Connection, writer: Writer, case: Case, fact: AnyFact) -> None:
    """Seal an entry to the desks that read the case at this moment."""
    service, now = writer.service, writer.now
    readers = (case.desk, *sorted(cases.granted_desks(conn, service.key, case.id)))
    recipients = desk_recipients(service, desks.keys_to_seal_to(conn, service.key), readers)
    entry = Entry(by=writer.reader.member, at=now, fact=fact)
    context = Context(case.id, new_message_id(), Direction.FILE)
    sealed = seal_envelope(context, to_json(entry).encode("utf-8", "surrogatepass"), recipients)
    # When exactly it was written stands in the entry: the row, which anybody could steal, knows the day.
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    envelopes.add(conn, service.key, Stored(sealed, handling.last_position(conn, case.id), day))


def _write_down(conn: Connection, writer: Writer, case_id: CaseId, fact: AnyFact) -> None:
    service = writer.service
    case = held_case(conn, service.key, writer.reader, case_id)
    file_entry(conn, writer, case, fact)
    if isinstance(fact, FollowUp):
        retention.set_follow_up(conn, case_id, fact.at)
    if isinstance(fact, Held):
        retention.set_held(conn, case_id, fact.hold)
    if isinstance(fact, Transferred):
        register.transfer(conn, service, case_id, fact.reference)
    renew(conn, service, case_id, writer.now)
    audit.record(conn, service.key, case.desk, Line(writer.now, _act(fact), writer.reader.member, case_id))


def _link(conn: Connection, writer: Writer, one: CaseId, other: CaseId, linked: bool) -> None:
    key = writer.service.key
    # In the order of their ids, and of their desks' names: two links at once would else wait for each other.
    held = {case_id: held_case(conn, key, writer.reader, case_id) for case_id in sorted((one, other))}
    found = [held[one], held[other]]
    for case, to in sorted(zip(found, (other, one), strict=True), key=lambda pair: pair[0].desk):
        file_entry(conn, writer, case, Link(case=to, linked=linked))
        audit.record(conn, key, case.desk, Line(writer.now, Act.FILED, writer.reader.member, case.id))


def _act(fact: AnyFact) -> Act:
    match fact:
        case Held(hold=Hold()):
            return Act.HELD
        case Held():
            return Act.RELEASED
        case Referral():
            return Act.REFERRED
        case _:
            return Act.FILED
