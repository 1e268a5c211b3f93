"""What falls due by itself: sessions end, tokens are forgotten, erased cases go; each run finishes what it can."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.journal import copy_out
from intake.logs import log
from intake.model import Case
from intake.service import Service
from intake.store import attachments, cases, journal, mailboxes, members
from intake.store.journal import What

_LOG = log(__name__)
TOKENS_KEPT_FOR = timedelta(days=1)
"""A spent token is remembered as long as a form may be sent in, so that it can never be sent twice."""
TRIES_KEPT_FOR = timedelta(hours=1)
_BATCH = 100


async def tidy(service: Service, now: datetime) -> None:
    """Forget what has no more use: ended sessions, old invitations, spent tokens, vain logins."""
    ended = await service.database.write(_tidy, service, now)
    _LOG.info("tidied", sessions=ended)


async def copy_journal(service: Service, _: datetime) -> None:
    """Write out what could not be written when it happened."""
    await copy_out(service)


async def delete_due(service: Service, now: datetime) -> int:
    """Delete the cases whose time has come, for good: from the file too, on SQLite. Returns how many."""
    deleted = 0
    while count := await service.database.write(_delete_due, service, now):
        deleted += count
    if deleted:
        await copy_out(service)
        await service.database.checkpoint()
        _LOG.info("deleted", cases=deleted)
    return deleted


def forget_case(conn: Connection, service: Service, case: Case, now: datetime) -> None:
    """Delete a case with all that hangs on it."""
    cases.delete_case(conn, case.id)
    audit.record(conn, service.key, case.desk, Line(now, Act.DELETED, None, case.id))


def _tidy(conn: Connection, service: Service, now: datetime) -> int:
    attachments.forget_unclaimed(conn, now)
    mailboxes.forget_spent(conn, now - TOKENS_KEPT_FOR)
    members.forget_old_failures(conn, now - TRIES_KEPT_FOR)
    return members.end_old_sessions(conn, now, now - timedelta(minutes=service.config.inbox.idle_minutes))


def _delete_due(conn: Connection, service: Service, now: datetime) -> int:
    due = cases.due_for_deletion(conn, now, _BATCH)
    for case_id in due:
        case = cases.find_case(conn, service.key, case_id)
        if case is not None:
            journal.add(conn, service.key, What.DELETED, case_id, now)
            forget_case(conn, service, case, now)
    return len(due)
