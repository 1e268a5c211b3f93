"""What is kept for minutes or days only goes when its time is over; each run finishes what it can."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.logs import log
from intake.reaching import checkin
from intake.service import Service
from intake.store import contacts, counts, notices, outbox, passing, sendings

_LOG = log(__name__)

SEEN_KEPT_FOR = timedelta(days=8)
"""Providers repeat themselves for a day, and say a week."""
IDLE_KEPT_FOR = timedelta(days=30)
"""Somebody who opened the chat and never wrote."""
_PROMPTS_KEPT_FOR = timedelta(days=1)
_NOTICES_KEPT_FOR = timedelta(days=7)
"""So long a coordinator sees on their own page what became of a notice."""


async def forget_passing(service: Service, now: datetime) -> int:
    """End texts that are too late to be safe, forget fragments, codes and ids; returns how many texts ended."""
    ended = await service.database.write(_forget, service, now)
    if unknown := await service.database.read(counts.texts_of_no_known_kind):
        _LOG.warning("texts wait that this version does not know", number=unknown)
    await service.database.checkpoint()
    return ended


def _forget(conn: Connection, service: Service, now: datetime) -> int:
    ended = outbox.expire(conn, now)
    checkin.note_lost(conn, service, ended, now)
    outbox.forget_prompts(conn, now - _PROMPTS_KEPT_FOR)
    passing.forget_passed(conn, now, now - SEEN_KEPT_FOR)
    contacts.forget_codes(conn, now)
    notices.forget_passed(conn, now, now - _NOTICES_KEPT_FOR)
    contacts.forget_idle(conn, now - IDLE_KEPT_FOR)
    sendings.forget_ids(conn, now)
    return len(ended)
