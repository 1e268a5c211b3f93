"""A case is taken into one's own hands, or shut with whatever is written at its end; each is a line of the log."""

from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.due import renew
from intake.model import CaseId, OutgoingKind, Status
from intake.reading import Reader, held_case, readable_case
from intake.service import Service
from intake.store import cases, outbox


class Unread(Exception):
    """The person has written something that nobody has read."""


async def assign_to_me(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    """Take a case into one's own hands. Raises `NotYours`."""
    await service.database.write(_assign, service, reader, case_id, now)


def shut(conn: Connection, service: Service, reader: Reader, case_id: CaseId, now: datetime) -> bool:
    """Close a case, in the transaction of whatever is written with it. False when it was closed before.

    Raises:
        NotYours: no such case, or another desk's.
        Unread: something came in that nobody has read; closed, it would wait in silence.
    """
    case = readable_case(conn, service.key, reader, case_id)
    if case.status is Status.NEW:
        raise Unread
    was_open = cases.close(conn, case_id, now)
    outbox.cancel_of_case(conn, case_id, (OutgoingKind.CHECK_IN,))
    renew(conn, service, case_id, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.CLOSED, reader.member, case_id))
    return was_open


def _assign(conn: Connection, service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    case = held_case(conn, service.key, reader, case_id)
    cases.assign(conn, case_id, reader.member)
    renew(conn, service, case_id, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.ASSIGNED, reader.member, case_id))
