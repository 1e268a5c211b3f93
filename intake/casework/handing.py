"""A case goes to another desk, or is lent to one: re-wrapped by a member's own keys, with who and why; knows no page.

Whoever moves a case can read all of it: what they cannot open they could not pass on, and it would be lost to
everybody. The person notices nothing: mailbox, phone and receipt stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casework.remarks import file_remark, find_login, readers_of
from intake.casework.sharing import Prepared, by_reader, pass_on, prepare
from intake.due import renew_elsewhere
from intake.filing import due_for
from intake.model import Case, CaseId, OutgoingKind, Recipient
from intake.reading import NotYours, Reader, readable_case
from intake.service import Service
from intake.store import cases, desks, envelopes, handling, mentions, outbox
from intake.vault.remark import About, Remark
from triage.model import DeskName, Pace


class NoSuchDesk(Exception):
    """There is no such desk, it has no member, or it reads the case already."""


@dataclass(frozen=True, slots=True)
class _Handover:
    """Who hands which case to which desk, why and when."""

    reader: Reader
    case: CaseId
    to: DeskName
    note: str = field(repr=False)
    at: datetime


async def move_case(
    service: Service,
    reader: Reader,
    case_id: CaseId,
    to_desk: DeskName,
    note: str,
    now: datetime,
    *,
    lend: bool = False,
    keep: bool = False,
) -> None:
    """Give a case to another desk, which must read it anew by a time of its own; `note` says why, to colleagues.

    `lend`: both desks read it, and it stays where it is. Else the desk that gives it away loses it, unless it is to
    `keep` reading; desks that it was lent to before keep it, those that only stood in lose it.

    Raises:
        NotYours: no such case, another desk's, or only lent to the reader's.
        NoSuchDesk: nobody there could read it, or they do already.
        SealedToOthers: a colleague who was here when all of it came must do it.
    """
    case = await service.database.read(own_case, service, reader, case_id)
    if to_desk not in service.config.desks:
        raise NoSuchDesk
    standing_in = () if lend else _deputies(service, to_desk, case.pace)
    prepared = await prepare(service, by_reader(reader), case_id, (to_desk, *standing_in))
    asked = _Handover(reader, case_id, to_desk, note, now)
    if lend:
        await service.database.write(_lend, service, asked, prepared)
    else:
        await service.database.write(_move, service, asked, prepared, keep=keep)


async def take_back(service: Service, reader: Reader, case_id: CaseId, desk: DeskName, now: datetime) -> None:
    """Show a case no more to a desk that it was lent to, or shared with. Raises `NotYours`, `NoSuchDesk`."""
    await service.database.write(_take_back, service, reader, case_id, desk, now)


def own_case(conn: Connection, service: Service, reader: Reader, case_id: CaseId) -> Case:
    """The case, if it lies with a desk of the reader's: what is only lent is not theirs to give. Raises `NotYours`."""
    case = readable_case(conn, service.key, reader, case_id)
    if case.desk not in reader.let_in_to:
        raise NotYours
    return case


def _lend(conn: Connection, service: Service, asked: _Handover, prepared: Prepared) -> None:
    case, keys = _held(conn, service, asked)
    if asked.to in handling.grants_of(conn, service.key, case.id):
        raise NoSuchDesk
    pass_on(conn, service, by_reader(asked.reader), case.id, [keys[asked.to]], prepared)
    cases.grant(conn, service.key, case.id, asked.to, handling.LENT, asked.at)
    _tell(conn, service, asked, case, About.LENT, case.desk)
    _record(conn, service, asked.reader, case.id, {case.desk: Act.LENT, asked.to: Act.RECEIVED}, asked.at)


def _move(conn: Connection, service: Service, asked: _Handover, prepared: Prepared, *, keep: bool) -> None:
    reader, to, now = asked.reader, asked.to, asked.at
    case, keys = _held(conn, service, asked)
    standing_in = _deputies(service, to, case.pace)
    recipients = [keys[desk] for desk in (to, *standing_in) if desk in keys]
    pass_on(conn, service, by_reader(reader), case.id, recipients, prepared)
    moved = replace(case, desk=to, due_at=due_for(service, to, case.pace, now))
    cases.move(conn, service.key, moved)
    cases.mark_waiting(conn, case.id, moved.pace, moved.due_at, now)
    cases.assign(conn, case.id, None)
    renew_elsewhere(conn, service, case.id, now)
    if not keep:
        # Who planned it reads the case no more, and could not give it up.
        outbox.cancel_of_case(conn, case.id, (OutgoingKind.CHECK_IN,))
    shown = _shown_still(conn, service, case, to, now, keep=keep)
    envelopes.take_from_desks(conn, case.id, {to, *standing_in, *shown})
    mentions.keep_only(conn, case.id, readers_of(conn, service, moved))
    _tell(conn, service, asked, moved, About.MOVED, case.desk)
    _record(conn, service, reader, case.id, {case.desk: Act.MOVED, to: Act.RECEIVED}, now)


def _held(conn: Connection, service: Service, asked: _Handover) -> tuple[Case, Mapping[DeskName, Recipient]]:
    """The case as it lies until the transaction ends, and the keys to seal it to. Raises `NotYours`, `NoSuchDesk`."""
    keys = desks.keys_to_seal_to(conn, service.key)
    # Before looking at what it holds: whoever writes at this moment waits for us, or we see what they wrote. Else the
    # new desk would lack it, and the one that gives the case away keep it.
    cases.hold(conn, asked.case)
    case = own_case(conn, service, asked.reader, asked.case)
    if asked.to not in keys or asked.to == case.desk:
        raise NoSuchDesk
    return case, keys


def _take_back(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, desk: DeskName, now: datetime
) -> None:
    # As in `_held`: what comes in meanwhile must not be sealed to a desk that is shown it no more.
    cases.hold(conn, case_id)
    case = own_case(conn, service, reader, case_id)
    shown = handling.grants_of(conn, service.key, case_id)
    if shown.get(desk) not in (handling.LENT, handling.SHARED):
        raise NoSuchDesk
    handling.revoke(conn, case_id, [desk])
    mentions.keep_only(conn, case_id, readers_of(conn, service, case))
    standing_in = _deputies(service, case.desk, case.pace)
    envelopes.take_from_desks(conn, case_id, {case.desk, *standing_in, *(shown.keys() - {desk})})
    _record(conn, service, reader, case_id, {case.desk: Act.TAKEN_BACK, desk: Act.TAKEN_BACK}, now)


def _shown_still(
    conn: Connection, service: Service, case: Case, to: DeskName, now: datetime, *, keep: bool
) -> set[DeskName]:
    """The other desks that read the case once it has moved. Who stood in for the old desk has no more reason to."""
    shown = handling.grants_of(conn, service.key, case.id)
    still = {desk for desk, ground in shown.items() if ground in (handling.LENT, handling.SHARED)} - {to}
    handling.revoke(conn, case.id, shown.keys() - still)
    if keep:
        cases.grant(conn, service.key, case.id, case.desk, handling.SHARED, now)
        still.add(case.desk)
    return still


def _deputies(service: Service, desk: DeskName, pace: Pace) -> tuple[DeskName, ...]:
    """Who holds a spare key for what cannot wait, as `filing` seals it."""
    return () if pace.can_wait else service.config.desks[desk].deputies


def _tell(conn: Connection, service: Service, asked: _Handover, case: Case, about: About, from_desk: DeskName) -> None:
    by = asked.reader.member
    remark = Remark(
        by=by,
        login=find_login(conn, service, by),
        text=asked.note,
        at=asked.at,
        about=about,
        from_desk=from_desk,
        to_desk=asked.to,
    )
    file_remark(conn, service, case, remark)


def _record(
    conn: Connection,
    service: Service,
    reader: Reader,
    case_id: CaseId,
    acts: dict[DeskName, Act],
    now: datetime,
) -> None:
    # In the order of their names: two moves at once would else wait for each other's logs.
    for desk, act in sorted(acts.items()):
        audit.record(conn, service.key, desk, Line(now, act, reader.member, case_id))
