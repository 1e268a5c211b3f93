"""Verbs for the clear part of a case: open, find, list, move on, delete; knows no content."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    RowMapping,
    ScalarSelect,
    Select,
    case,
    delete,
    func,
    select,
    true,
    tuple_,
    update,
)

from intake.model import Case, CaseId, Channel, Hold, MemberId, Status, Waiting
from intake.store.fast import bulk_insert
from intake.store.rows import check, moment, moment_or_none, seconds, seconds_or_none, sign
from intake.store.schema import cases, envelopes, grants
from intake.store.wanted import EVERY, Wanted, conditions
from intake.vault.service_key import ServiceKey
from triage.model import DeskName, Pace

_HOUR, _DAY = 3600, 86400
_TIMES = ("received_at", "due_at", "opened_at", "answered_at", "closed_at")
_NOBODY_WAITS = dict.fromkeys(("unread_since", "unanswered_since", "plea_by", "snoozed_until", "check_in_lost_at"))


@dataclass(frozen=True, slots=True)
class After:
    """Where the next page of a list begins: behind this case."""

    due_at: datetime
    id: CaseId


def add(conn: Connection, key: ServiceKey, case: Case, next_nudge_at: datetime | None = None) -> None:
    """Open a case that holds one message, of which somebody must be told at `next_nudge_at`."""
    row = {
        "id": case.id,
        "desk": case.desk,
        "status": case.status.value,
        "pace": case.pace.value,
        "channel": case.channel.value,
        "received_at": seconds(case.received_at),
        "due_at": seconds(case.due_at),
        "messages": 1,
        "unread_since": seconds_or_none(case.unread_since),
        "unanswered_since": seconds_or_none(case.unanswered_since),
        "plea_by": seconds_or_none(case.plea_by),
        "next_nudge_at": seconds_or_none(next_nudge_at),
        "renewed_at": seconds(case.received_at),
    }
    bulk_insert(conn, cases, [sign(key, cases, row)])


def find_case(conn: Connection, key: ServiceKey, case_id: CaseId) -> Case | None:
    """The case, or None. Raises `Tampered` when it was moved to another desk behind our back."""
    row = conn.execute(select(cases).where(cases.c.id == case_id)).mappings().one_or_none()
    return None if row is None else _case(key, row)


def list_open(
    conn: Connection,
    key: ServiceKey,
    desks: Sequence[DeskName],
    after: After | None,
    limit: int,
    wanted: Wanted = EVERY,
) -> list[Case]:
    """At most `limit` open cases that these desks may read, the soonest due first, behind `after`."""
    asked = conditions(wanted)
    own = [select(cases).where(cases.c.desk == desk, cases.c.closed_at.is_(None), *asked) for desk in desks]
    lent = [
        select(cases)
        .join(grants, grants.c.case_id == cases.c.id)
        .where(grants.c.desk == desk, grants.c.closed_at.is_(None), cases.c.desk != desk, *asked)
        for desk in desks
    ]
    pages = [_page(conn, key, query, after, limit, (cases.c.due_at, cases.c.id)) for query in own]
    shown = [_page(conn, key, query, after, limit, (grants.c.due_at, grants.c.case_id)) for query in lent]
    _require_granted(conn, key, [case for page in shown for case in page], desks)
    pages += shown
    merged = heapq.merge(*pages, key=lambda case: (case.due_at, case.id))
    return list({case.id: case for case in merged}.values())[:limit]


def list_closed(
    conn: Connection,
    key: ServiceKey,
    desks: Sequence[DeskName],
    after: After | None,
    limit: int,
    wanted: Wanted = EVERY,
) -> list[Case]:
    """At most `limit` closed cases of these desks, those due last first, behind `after`."""
    asked = conditions(wanted)
    queries = [select(cases).where(cases.c.desk == desk, cases.c.closed_at.is_not(None), *asked) for desk in desks]
    place = (cases.c.due_at, cases.c.id)
    pages = [_page(conn, key, query, after, limit, place, newest_first=True) for query in queries]
    merged = heapq.merge(*pages, key=lambda case: (case.due_at, case.id), reverse=True)
    return list(merged)[:limit]


def list_newest(
    conn: Connection, key: ServiceKey, desks: Sequence[DeskName], before: Case | None, limit: int
) -> list[Case]:
    """At most `limit` cases of these desks, open, closed and lent, the newest first, older than `before`."""
    lent = select(grants.c.case_id).where(grants.c.desk.in_(desks))
    parts = [cases.c.desk == desk for desk in desks] + [cases.c.id.in_(lent)]
    place = (cases.c.received_at, cases.c.id)
    pages = []
    for part in parts:
        query = select(cases).where(part)
        if before is not None:
            query = query.where(tuple_(*place) < (seconds(before.received_at), before.id))
        newest = query.order_by(*(column.desc() for column in place)).limit(limit)
        pages.append([_case(key, row) for row in conn.execute(newest).mappings()])
    merged = heapq.merge(*pages, key=lambda found: (found.received_at, found.id), reverse=True)
    whole = list({found.id: found for found in merged}.values())[:limit]
    _require_granted(conn, key, whole, desks)
    return whole


def named(conn: Connection, key: ServiceKey, desks: Sequence[DeskName], beginning: str) -> list[Case]:
    """The cases of these desks, lent ones too, whose reference begins so; at most two, since one is wanted."""
    lent = select(grants.c.case_id).where(grants.c.desk.in_(desks))
    mine = cases.c.desk.in_(desks) | cases.c.id.in_(lent)
    query = select(cases).where(cases.c.id.startswith(beginning, autoescape=True), mine).limit(2)
    found = [_case(key, row) for row in conn.execute(query).mappings()]
    _require_granted(conn, key, found, desks)
    return found


def granted_desks(conn: Connection, key: ServiceKey, case_id: CaseId) -> frozenset[DeskName]:
    """The desks that may read the case besides its own, by escalation, absence or hand-over."""
    rows = conn.execute(select(grants).where(grants.c.case_id == case_id)).mappings()
    return frozenset(DeskName(check(key, grants, row)["desk"]) for row in rows)


def grant(conn: Connection, key: ServiceKey, case_id: CaseId, desk: DeskName, ground: str, now: datetime) -> None:
    """Show the case to one more desk; it reads what was sealed to it."""
    row = {"case_id": case_id, "desk": desk, "ground": ground, "since": seconds(now)}
    conn.execute(grants.insert().values(**sign(key, grants, row), **_place(case_id)))


def mark_opened(conn: Connection, case_id: CaseId, now: datetime, seen: int | None = None) -> bool:
    """A member has read the case, while it had `seen` messages. True when it was the first to do so.

    Nothing is marked where it has more by now; None asks for no such care.
    """
    query = (
        update(cases)
        .where(cases.c.id == case_id, cases.c.status == Status.NEW.value)
        .where(true() if seen is None else cases.c.messages == seen)
        .values(status=Status.OPENED.value, opened_at=seconds(now), unread_since=None, plea_by=None)
    )
    return conn.execute(query).rowcount == 1


def mark_answered(conn: Connection, case_id: CaseId, now: datetime) -> None:
    """An answer is written. Until here times were exact for the clock; from here the hour is enough."""
    query = (
        update(cases)
        .where(cases.c.id == case_id, cases.c.closed_at.is_(None))
        .values(status=Status.ANSWERED.value, answered_at=seconds(now), waiting=None, **_NOBODY_WAITS)
    )
    still_open = conn.execute(query).rowcount == 1
    _blur(conn, case_id, _HOUR if still_open else _DAY)


def set_due(conn: Connection, case_id: CaseId, due_at: datetime) -> None:
    """Put the case where it belongs in the list: by when somebody must look at it."""
    conn.execute(update(cases).where(cases.c.id == case_id).values(due_at=seconds(due_at)))
    _place_lent(conn, case_id)


def mark_waiting(conn: Connection, case_id: CaseId, pace: Pace, due_at: datetime, now: datetime) -> None:
    """The person has written again: somebody must read it by `due_at`, even where the case was closed.

    A case that lives again is not deleted by the date that it had; one that its sender erased is.
    """
    delete_at = case((cases.c.erased_at.is_not(None), cases.c.delete_at), else_=None)
    query = (
        update(cases)
        .where(cases.c.id == case_id)
        .values(status=Status.NEW.value, pace=pace.value, due_at=seconds(due_at), closed_at=None, waiting=None)
        .values(delete_at=delete_at, snoozed_until=None)
        .values({name: func.coalesce(cases.c[name], seconds(now)) for name in ("unread_since", "unanswered_since")})
    )
    conn.execute(query)
    _place_lent(conn, case_id)


def move(conn: Connection, key: ServiceKey, case: Case) -> None:
    """The case lies with another desk now, at its own pace."""
    signed = sign(key, cases, {"id": case.id, "desk": case.desk})
    moved = {"desk": signed["desk"], "mac": signed["mac"], "pace": case.pace.value, "due_at": seconds(case.due_at)}
    conn.execute(update(cases).where(cases.c.id == case.id).values(**moved))
    _place_lent(conn, case.id)


def assign(conn: Connection, case_id: CaseId, member: MemberId | None) -> None:
    """Put the case into somebody's hands, or None's."""
    conn.execute(update(cases).where(cases.c.id == case_id).values(assignee=member))


def release(conn: Connection, member: MemberId) -> None:
    """What somebody held who has left is in nobody's hands."""
    conn.execute(update(cases).where(cases.c.assignee == member).values(assignee=None))


def close(conn: Connection, case_id: CaseId, now: datetime) -> bool:
    """Nothing more is expected; a closed case keeps days, not hours. False when it was closed before."""
    query = (
        update(cases)
        .where(cases.c.id == case_id, cases.c.closed_at.is_(None))
        .values(status=Status.CLOSED.value, closed_at=seconds(now), follow_up_at=None, waiting=None)
        .values(**_NOBODY_WAITS)
    )
    was_open = conn.execute(query).rowcount == 1
    _blur(conn, case_id, _DAY)
    return was_open


def mark_erased(conn: Connection, case_id: CaseId, now: datetime, delete_at: datetime | None) -> None:
    """The sender has erased their side; the desk's copy goes at `delete_at`, or waits for a disposal decision."""
    values = {"erased_at": _day(now), "delete_at": None if delete_at is None else _day(delete_at) + _DAY}
    conn.execute(update(cases).where(cases.c.id == case_id).values(**values))


def next_position(conn: Connection, case_id: CaseId) -> int:
    """The place of the next message in the conversation, counted from 0; it is taken with this call."""
    query = update(cases).where(cases.c.id == case_id).values(messages=cases.c.messages + 1)
    return int(conn.execute(query.returning(cases.c.messages)).scalar_one()) - 1


def hold(conn: Connection, case_id: CaseId) -> int | None:
    """How many messages the case has; nobody adds one until this transaction ends. None where there is no case."""
    query = select(cases.c.messages).where(cases.c.id == case_id).with_for_update()
    return conn.execute(query).scalar_one_or_none()


def due_for_deletion(conn: Connection, now: datetime, limit: int) -> list[CaseId]:
    """At most `limit` cases whose time to be deleted has come, and that nobody holds."""
    due = (cases.c.delete_at <= seconds(now), cases.c.held.is_(None))
    query = select(cases.c.id).where(*due).order_by(cases.c.delete_at).limit(limit)
    return [CaseId(value) for value in conn.execute(query).scalars()]


def delete_case(conn: Connection, case_id: CaseId) -> None:
    """Delete the case and, by cascade, all that hangs on it: envelopes, wraps, mailbox, queue, grants."""
    conn.execute(delete(cases).where(cases.c.id == case_id))


def _require_granted(conn: Connection, key: ServiceKey, found: Sequence[Case], desks: Sequence[DeskName]) -> None:
    """Raise `Tampered` where what shows a case to these desks is not what was written."""
    others = [one.id for one in found if one.desk not in desks]
    if not others:
        return
    query = select(grants).where(grants.c.case_id.in_(others), grants.c.desk.in_(desks))
    for row in conn.execute(query).mappings():
        check(key, grants, row)


def _place_lent(conn: Connection, case_id: CaseId) -> None:
    """Let the lists of the desks that it is lent to know where the case now stands."""
    # Kept in the grants, so that an index has a desk's lent cases in order; joining had to look at every grant.
    conn.execute(update(grants).where(grants.c.case_id == case_id).values(**_place(case_id)))


def _place(case_id: CaseId) -> dict[str, ScalarSelect[int]]:
    columns = (cases.c.due_at, cases.c.closed_at)
    return {column.name: select(column).where(cases.c.id == case_id).scalar_subquery() for column in columns}


def _blur(conn: Connection, case_id: CaseId, unit: int) -> None:
    """Forget when exactly a case and its messages came: whoever steals the database learns no more than this."""
    blurred = {name: cases.c[name] - cases.c[name] % unit for name in _TIMES}
    conn.execute(update(cases).where(cases.c.id == case_id).values(**blurred))
    sent_at = envelopes.c.sent_at
    conn.execute(update(envelopes).where(envelopes.c.case_id == case_id).values(sent_at=sent_at - sent_at % unit))
    _place_lent(conn, case_id)


def _day(moment: datetime) -> int:
    return seconds(moment) // _DAY * _DAY


def _page(
    conn: Connection,
    key: ServiceKey,
    query: Select[tuple[object, ...]],
    after: After | None,
    limit: int,
    place: tuple[Column[int], Column[str]],
    *,
    newest_first: bool = False,
) -> list[Case]:
    if after is not None:
        last = (seconds(after.due_at), after.id)
        query = query.where(tuple_(*place) < last if newest_first else tuple_(*place) > last)
    order = [column.desc() for column in place] if newest_first else place
    return [_case(key, row) for row in conn.execute(query.order_by(*order).limit(limit)).mappings()]


def _case(key: ServiceKey, row: RowMapping) -> Case:
    check(key, cases, row)
    return Case(
        id=CaseId(row["id"]),
        desk=DeskName(row["desk"]),
        status=Status(row["status"]),
        pace=Pace(row["pace"]),
        channel=Channel(row["channel"]),
        received_at=moment(row["received_at"]),
        due_at=moment(row["due_at"]),
        assignee=row["assignee"],
        opened_at=moment_or_none(row["opened_at"]),
        answered_at=moment_or_none(row["answered_at"]),
        closed_at=moment_or_none(row["closed_at"]),
        erased_at=moment_or_none(row["erased_at"]),
        delete_at=moment_or_none(row["delete_at"]),
        unread_since=moment_or_none(row["unread_since"]),
        unanswered_since=moment_or_none(row["unanswered_since"]),
        plea_by=moment_or_none(row["plea_by"]),
        snoozed_until=moment_or_none(row["snoozed_until"]),
        check_in_lost_at=moment_or_none(row["check_in_lost_at"]),
        waiting=None if row["waiting"] is None else Waiting(row["waiting"]),
        follow_up_at=moment_or_none(row["follow_up_at"]),
        held=None if row["held"] is None else Hold(row["held"]),
    )
