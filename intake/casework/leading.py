"""Who leads a desk puts a case into a colleague's hands; only of one desk, and only of those who can read it."""

from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.due import renew
from intake.model import CaseId, MemberId
from intake.reading import NotYours, Reader, readable_case
from intake.service import Service
from intake.store import cases, desks


class NoColleague(Exception):
    """There is nobody of that id at the case's desk who was let in."""


async def assign_to(service: Service, reader: Reader, case_id: CaseId, to: MemberId, now: datetime) -> None:
    """Put a case of the reader's own desk into somebody's hands there.

    Raises:
        NotYours: no such case, or it lies with another desk, even where it was shown to the reader's.
        NoColleague: nothing was changed.
    """
    await service.database.write(_assign_to, service, reader, case_id, to, now)


def _assign_to(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, to: MemberId, now: datetime
) -> None:
    case = readable_case(conn, service.key, reader, case_id)
    if case.desk not in reader.let_in_to:
        raise NotYours
    if to not in desks.let_in(conn, service.key, case.desk):
        raise NoColleague
    cases.assign(conn, case_id, to)
    renew(conn, service, case_id, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.ASSIGNED, reader.member, case_id, to))
