"""A case waits for the person or for a partner until a day, and then comes back; knows no page."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.casework.acts import Unread
from intake.casework.remarks import file_words
from intake.due import renew
from intake.filing import due_for
from intake.model import CaseId, Status, Waiting
from intake.reading import Reader, held_case
from intake.service import Service
from intake.store import handling

LONGEST_WAIT = timedelta(days=365)


class CaseClosed(Exception):
    """Nothing is expected on a closed case, so it waits for nobody."""


async def let_case_wait(
    service: Service, reader: Reader, case_id: CaseId, on: Waiting, until: datetime, now: datetime, reason: str = ""
) -> None:
    """Put a case aside until somebody else has acted, at the longest `until`. A new message of the person's ends it.

    `reason`, where there is one, stands among the remarks, for whoever wonders.

    Raises:
        NotYours: no such case, or another desk's.
        Unread: somebody has written something that nobody has read.
        CaseClosed: the case is closed.
    """
    await service.database.write(_set, service, reader, case_id, on, until, now, reason)


async def end_waiting(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    """The desk goes on with the case. Raises as `let_case_wait`."""
    await service.database.write(_set, service, reader, case_id, None, None, now)


def _set(
    conn: Connection,
    service: Service,
    reader: Reader,
    case_id: CaseId,
    on: Waiting | None,
    until: datetime | None,
    now: datetime,
    reason: str = "",
) -> None:
    case = held_case(conn, service.key, reader, case_id)
    if case.status is Status.NEW:
        raise Unread
    if case.closed_at is not None:
        raise CaseClosed
    if reason:
        file_words(conn, service, reader, case, reason, now)
    handling.set_waiting(conn, case_id, on, until or due_for(service, case.desk, case.pace, now))
    renew(conn, service, case_id, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.SET_WAITING, reader.member, case_id))
