"""A notice to coordinators is promised, in the transaction of its cause; what they have not looked at takes more in."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake.model import CaseId, MemberId, NoticeWay, Outgoing, OutgoingKind
from intake.notices.book import Reached, bridge_for, way_to
from intake.notices.words import What
from intake.service import Service
from intake.store import locks, notices, outbox
from intake.vault.ids import new_id

LIVES: Mapping[What, timedelta] = {
    What.WAITING: timedelta(hours=12),
    What.ALARM: timedelta(hours=1),
    What.DIGEST: timedelta(hours=24),
    What.TEST: timedelta(minutes=15),
}
"""So long a notice is still of use."""


def promise(
    conn: Connection,
    service: Service,
    members: Iterable[MemberId],
    way: NoticeWay | None,
    what: What,
    now: datetime,
    *,
    about: CaseId | None = None,
    at: datetime | None = None,
) -> frozenset[MemberId]:
    """Tell each of these members once that something waits, by `way`, or as each chose where it is None.

    One notice stands for all that comes until they look: WAITING is absorbed by what they were told in the last
    `[notices] quiet_minutes` and by what is on its way; ALARM and DIGEST only by one of the same on its way, so that
    whoever repeats an alarm decides how often; TEST by nothing. `about` gives the reference, and no more. `at` is when
    it goes; None: at once.

    The caller rings `service.bell` after the commit.

    Returns:
        Whom no notice can reach by this way: no proven address, or no such bridge.
    """
    untold = set()
    for member in sorted(members):
        reached = way_to(conn, service.key, member, way)
        bridge = None if reached is None else bridge_for(service, way or reached.way)
        if reached is None or bridge is None:
            untold.add(member)
        else:
            _promise(conn, service, reached, way or reached.way, bridge, what, now, about, at or now)
    return frozenset(untold)


async def note_looked(service: Service, member: MemberId) -> None:
    """They look at the inbox: what comes from now on is news. Writes only where there was a notice."""
    if await service.database.read(notices.is_marked, member):
        await service.database.write(notices.unmark, member)


def _promise(
    conn: Connection,
    service: Service,
    reached: Reached,
    way: NoticeWay,
    bridge: str,
    what: What,
    now: datetime,
    about: CaseId | None,
    at: datetime,
) -> None:
    kind = OutgoingKind.CALL if way is NoticeWay.CALL else OutgoingKind.DUTY
    locks.hold(conn, f"notices {reached.member}")
    if _absorbed(conn, service, reached.member, what, kind, now):
        return
    outgoing = Outgoing(
        id=new_id(),
        send_id=new_id(),
        bridge=bridge,
        kind=kind,
        expires_at=at + LIVES[what],
        case=about,
        member=reached.member,
        template=what.value,
    )
    outbox.enqueue(conn, outgoing, at)
    notices.mark_told(conn, reached.member, what.value, now)


def _absorbed(
    conn: Connection, service: Service, member: MemberId, what: What, kind: OutgoingKind, now: datetime
) -> bool:
    if what is What.TEST:
        return False
    if notices.waits(conn, member, what.value, kind, now):
        return True
    since = now - timedelta(minutes=service.config.notices.quiet_minutes)
    told = (What.WAITING, What.ALARM)
    return what is What.WAITING and any(notices.told_since(conn, member, one.value, since) for one in told)
