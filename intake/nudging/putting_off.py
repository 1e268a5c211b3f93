"""A coordinator wants to hear of a case again on a later day, and says why; the reason is sealed, knows no page."""

from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casework.acts import Unread
from intake.casework.remarks import file_words
from intake.casework.waiting import CaseClosed
from intake.due import renew
from intake.model import CaseId, Status
from intake.reading import Reader, held_case
from intake.service import Service
from intake.store import nudges


async def put_off(
    service: Service, reader: Reader, case_id: CaseId, until: datetime, reason: str, now: datetime
) -> None:
    """Remind nobody of the case before `until`; `reason` stands among the remarks, for whoever wonders.

    What the person writes meanwhile ends it, and is told of as ever.

    Raises:
        NotYours: no such case, or another desk's.
        Unread: somebody has written something that nobody has read.
        CaseClosed: the case is closed, and nobody is reminded of it.
    """
    await service.database.write(_put_off, service, reader, case_id, until, reason, now)


def _put_off(
    conn: Connection,
    service: Service,
    reader: Reader,
    case_id: CaseId,
    until: datetime,
    reason: str,
    now: datetime,
) -> None:
    case = held_case(conn, service.key, reader, case_id)
    if case.status is Status.NEW:
        raise Unread
    if case.closed_at is not None:
        raise CaseClosed
    file_words(conn, service, reader, case, reason, now)
    nudges.snooze(conn, case_id, until)
    renew(conn, service, case_id, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.PUT_OFF, reader.member, case_id))
