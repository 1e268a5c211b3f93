"""A coordinator's answer: sealed for the person and the desk, and promised, in one transaction; knows no page."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import addressbook, audit
from intake.audit import Act, Line
from intake.due import renew
from intake.filing import add_answer
from intake.model import Case, CaseId, Direction
from intake.promise import let_wait
from intake.reading import Reader, readable_case
from intake.service import Service
from intake.statistics.counting import count
from intake.statistics.moments import answered
from intake.store import cases, envelopes, mailboxes
from intake.store.envelopes import WHOLE, Stretch

LOOK_AGAIN = timedelta(days=14)
"""After an answer it is the person's turn; so long the case needs no looking at."""


class NoWayBack(Exception):
    """The sender has erased their side: nobody would ever read the answer."""


class Overtaken(Exception):
    """The conversation has gone on since it was read: the person or a colleague wrote, or this very answer is in it."""


async def reply(
    service: Service, reader: Reader, case_id: CaseId, text: str, now: datetime, shown: Stretch = WHOLE
) -> None:
    """Answer the person of a case; on disk when this returns.

    A case that was in nobody's hands is in theirs from then on.

    `shown` is the part of the conversation that stood above the answer as it was written. What is sent twice is
    written once, and nobody answers past its end; without an end no such care is taken. What stands before it and was
    read by nobody goes on waiting, unread and unanswered.

    Raises:
        NotYours: no such case, or another desk's.
        NoWayBack: there is neither a mailbox nor a phone or chat any more.
        Overtaken: the conversation goes on behind what was shown.
        StoreUnavailable: nothing was written.
    """
    await service.database.write(_reply, service, reader, case_id, text, now, shown)
    service.bell.ring()


def _reply(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, text: str, now: datetime, shown: Stretch
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
    if shown.end is not None and filed.position != shown.end:
        raise Overtaken
    if known is not None:
        let_wait(conn, service, known, filed, text, now)
    if not _leaves_unread(conn, case, shown):
        cases.mark_answered(conn, case_id, now)
        count(conn, key, answered(case, now))
        cases.set_due(conn, case_id, now + LOOK_AGAIN)
    if case.assignee is None and case.desk in reader.let_in_to:
        # Whoever answers has it: a tired colleague must not answer beside them.
        cases.assign(conn, case_id, reader.member)
        audit.record(conn, key, case.desk, Line(now, Act.ASSIGNED, reader.member, case_id))
    renew(conn, service, case_id, now)
    audit.record(conn, key, case.desk, Line(now, Act.ANSWERED, reader.member, case_id))


def _leaves_unread(conn: Connection, case: Case, shown: Stretch) -> bool:
    """Whether something that nobody has read stands before what was shown."""
    unread = envelopes.first_since(conn, case.id, Direction.FROM_PERSON, case.unread_since)
    return unread is not None and unread < shown.first
