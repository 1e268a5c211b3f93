"""A coordinator's answer: sealed for the person and the desk, and promised, in one transaction; knows no page."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import addressbook, audit
from intake.audit import Act, Line
from intake.due import renew
from intake.filing import add_answer
from intake.model import CaseId
from intake.promise import let_wait
from intake.reading import Reader, readable_case
from intake.service import Service
from intake.statistics.counting import count
from intake.statistics.moments import answered
from intake.store import cases, mailboxes

LOOK_AGAIN = timedelta(days=14)
"""After an answer it is the person's turn; so long the case needs no looking at."""


class NoWayBack(Exception):
    """The sender has erased their side: nobody would ever read the answer."""


class Overtaken(Exception):
    """The conversation has gone on since it was read: the person or a colleague wrote, or this very answer is in it."""


async def reply(
    service: Service, reader: Reader, case_id: CaseId, text: str, now: datetime, seen: int | None = None
) -> None:
    """Answer the person of a case; on disk when this returns.

    A case that was in nobody's hands is in theirs from then on.

    `seen` is how many messages the conversation had when it was read: what is sent twice is written once, and nobody
    answers past what they have not read. None asks for no such care.

    Raises:
        NotYours: no such case, or another desk's.
        NoWayBack: there is neither a mailbox nor a phone or chat any more.
        Overtaken: the conversation has more than `seen` messages.
        StoreUnavailable: nothing was written.
    """
    await service.database.write(_reply, service, reader, case_id, text, now, seen)
    service.bell.ring()


def _reply(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, text: str, now: datetime, seen: int | None
) -> None:
    key = service.key
    case = readable_case(conn, key, reader, case_id)
    # Whoever writes at this moment waits for us, or we for them: what they may get is decided on what they last said.
    known = addressbook.of_case(conn, key, case_id)
    known = known and addressbook.hold(conn, key, known)
    if known is None and mailboxes.of_case(conn, key, case_id) is None:
        raise NoWayBack
    filed = add_answer(conn, service, case, text, now)
    # Nobody moves it from here on; whoever lost it a moment ago must not end what its new desk is reminded of.
    case = readable_case(conn, key, reader, case_id)
    if seen is not None and filed.position != seen:
        raise Overtaken
    if known is not None:
        let_wait(conn, service, known, filed, text, now)
    cases.mark_answered(conn, case_id, now)
    count(conn, key, answered(case, now))
    cases.set_due(conn, case_id, now + LOOK_AGAIN)
    if case.assignee is None and case.desk in reader.let_in_to:
        # Whoever answers has it: a tired colleague must not answer beside them.
        cases.assign(conn, case_id, reader.member)
        audit.record(conn, key, case.desk, Line(now, Act.ASSIGNED, reader.member, case_id))
    renew(conn, service, case_id, now)
    audit.record(conn, key, case.desk, Line(now, Act.ANSWERED, reader.member, case_id))
