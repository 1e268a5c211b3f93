"""A note for one colleague: it marks the case for them and tells them that something waits; knows no page."""

from datetime import datetime

from sqlalchemy import Connection

from intake.casework.remarks import file_note, find_login, readers_of
from intake.casework.waiting import CaseClosed
from intake.model import CaseId, MemberId
from intake.notices.promise import promise
from intake.notices.words import What
from intake.nudging.telling import take_room
from intake.reading import Reader, held_case
from intake.service import Service
from intake.store import absences, mentions
from triage.calendar import next_opening


class NoReader(Exception):
    """Nobody of that id reads the case, or it is the writer."""


async def add_remark_for(
    service: Service, reader: Reader, case_id: CaseId, text: str, member: MemberId, now: datetime
) -> None:
    """Write a note that one colleague is to read; whoever else reads the case sees it, and for whom it is.

    Raises:
        NotYours: no such case, or another desk's.
        CaseClosed: nobody looks for anything in a closed case.
        NoReader: the colleague does not read the case.
    """
    await service.database.write(_add, service, reader, case_id, text, member, now)
    service.bell.ring()


def _add(
    conn: Connection,
    service: Service,
    reader: Reader,
    case_id: CaseId,
    text: str,
    member: MemberId,
    now: datetime,
) -> None:
    case = held_case(conn, service.key, reader, case_id)
    if case.closed_at is not None:
        raise CaseClosed
    if member == reader.member or member not in readers_of(conn, service, case):
        raise NoReader
    file_note(conn, service, reader, case, f"@{find_login(conn, service, member)} {text}", now)
    mentions.add(conn, case_id, member, now)
    # Whoever is away finds it marked when they are back; nobody is disturbed out of hours for what can wait.
    if member not in absences.away(conn, now) and take_room(conn, service, member, now):
        at = next_opening(service.config.desks[case.desk].hours, service.calendar, now)
        promise(conn, service, [member], None, What.WAITING, now, about=case_id, at=at)
