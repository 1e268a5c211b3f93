"""What falls due by itself: sessions end, tokens are forgotten, cases go, numbers are folded; knows no content."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.due import renew
from intake.journal import copy_out
from intake.logs import log
from intake.model import Case, CaseId
from intake.register import keeping as register
from intake.retention import silent_since, warned_until
from intake.service import Service
from intake.statistics.counting import fold
from intake.store import attachments, cases, journal, mailboxes, members, retention
from intake.store.journal import What
from intake.vault.errors import VaultError

_LOG = log(__name__)
TOKENS_KEPT_FOR = timedelta(days=1)
"""A spent token is remembered as long as a form may be sent in, so that it can never be sent twice."""
TRIES_KEPT_FOR = timedelta(hours=1)
_BATCH = 100


async def tidy(service: Service, now: datetime) -> None:
    """Forget what has no more use: ended sessions, old invitations, spent tokens, vain logins."""
    ended = await service.database.write(_tidy, service, now)
    _LOG.info("tidied", sessions=ended)


async def fold_numbers(service: Service, _: datetime) -> int:
    """Fold what was counted lately into the counters, many at once; returns how many ticks there were."""
    folded = 0
    while count := await service.database.write(fold, service.key, _BATCH):
        folded += count
    return folded


async def warn_of_silence(service: Service, now: datetime) -> int:
    """Give a day of deletion, with its warning, to the answered cases that were silent for long; returns how many."""
    before = silent_since(service.config, now)
    if before is None:
        return 0
    warned = 0
    while count := await service.database.write(_warn, service, before, now):
        warned += count
    if warned:
        _LOG.info("warned of deletion", cases=warned)
    return warned


async def copy_journal(service: Service, _: datetime) -> None:
    """Write out what could not be written when it happened."""
    await copy_out(service)


async def delete_due(service: Service, now: datetime) -> int:
    """Delete the cases whose time has come, for good: from the file too, on SQLite. Returns how many.

    One whose rows are not what was written stays, and keeps no other from going.
    """
    deleted, stuck = 0, frozenset[CaseId]()
    while due := await service.database.write(_delete_due, service, stuck, now):
        stuck |= {case_id for case_id, gone in due.items() if not gone}
        deleted += sum(due.values())
    if deleted:
        await copy_out(service)
        _LOG.info("deleted", cases=deleted)
    # Each time: where a reader held the log last time, what was deleted then still lies in it.
    await service.database.checkpoint()
    return deleted


def forget_case(conn: Connection, service: Service, case: Case, now: datetime) -> None:
    """Delete a case with all that hangs on it."""
    register.end(conn, service, case, now)
    cases.delete_case(conn, case.id)
    audit.record(conn, service.key, case.desk, Line(now, Act.DELETED, None, case.id))


def _tidy(conn: Connection, service: Service, now: datetime) -> int:
    attachments.forget_unclaimed(conn, now)
    mailboxes.forget_spent(conn, now - TOKENS_KEPT_FOR)
    members.forget_old_failures(conn, now - TRIES_KEPT_FOR)
    return members.end_old_sessions(conn, now, now - timedelta(minutes=service.config.inbox.idle_minutes))


def _warn(conn: Connection, service: Service, before: datetime, now: datetime) -> int:
    found = retention.schedule_silent(conn, before, warned_until(service.config, now), _BATCH)
    _one_by_one(conn, service, found, lambda case_id: renew(conn, service, case_id, now))
    return len(found)


def _delete_due(conn: Connection, service: Service, stuck: frozenset[CaseId], now: datetime) -> dict[CaseId, bool]:
    """The next cases but the `stuck` ones, each with whether it is gone."""
    due = [one for one in cases.due_for_deletion(conn, now, _BATCH + len(stuck)) if one not in stuck]
    return _one_by_one(conn, service, due, lambda case_id: _delete(conn, service, case_id, now))


def _delete(conn: Connection, service: Service, case_id: CaseId, now: datetime) -> None:
    case = cases.find_case(conn, service.key, case_id)
    if case is not None:
        journal.add(conn, service.key, What.DELETED, case_id, now)
        forget_case(conn, service, case, now)


def _one_by_one(
    conn: Connection, service: Service, case_ids: Iterable[CaseId], act: Callable[[CaseId], None]
) -> dict[CaseId, bool]:
    """Each case whole or not at all, and whether it was done: one that was tampered with stops no other."""
    done = {}
    for case_id in case_ids:
        try:
            with conn.begin_nested():
                act(case_id)
            done[case_id] = True
        except VaultError as error:
            service.signs.stumble(case_id, error)
            done[case_id] = False
    return done
