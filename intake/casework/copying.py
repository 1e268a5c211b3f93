"""Notes down that somebody made an interpreter's copy of a case: text leaves the house on paper."""

from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.model import CaseId
from intake.reading import Reader, readable_case
from intake.service import Service


async def note_copied(service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    """Write it into the desk's log, before the copy is shown. Raises `NotYours`."""
    await service.database.write(_note, service, reader, case_id, now)


def _note(conn: Connection, service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    case = readable_case(conn, service.key, reader, case_id)
    audit.record(conn, service.key, case.desk, Line(now, Act.COPIED, reader.member, case_id))
