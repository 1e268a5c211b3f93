"""Verbs for when cases next need somebody: find and claim what is due, count what was said; opens nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, Select, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from intake.model import CaseId
from intake.store.fast import insert_new
from intake.store.rows import moment, moment_or_none, seconds, seconds_or_none
from intake.store.schema import cases, desk_nudges, nudges
from triage.model import DeskName
from triage.timeline import Given, Rule

AHEAD = timedelta(minutes=1)
"""What was computed so much later than now was computed by a clock that ran ahead."""
_HOUR = 3600
_SAID = ("about", "times", "last_at")
_BEGINNINGS = {
    "unread_since": (Rule.NEW.value, Rule.UNOPENED.value),
    "unanswered_since": (Rule.UNANSWERED.value,),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """When a desk last had an alarm of any kind, an alarm because nobody had come, and a notice."""

    alarmed_at: datetime | None = None
    called_at: datetime | None = None
    told_at: datetime | None = None


def set_next(conn: Connection, case_id: CaseId, at: datetime | None, now: datetime, *, exact: bool) -> None:
    """Somebody must next be told of the case at `at`, as computed now; to the hour where no exact times are kept."""
    renewed = seconds(now) if exact else _to_the_hour(now)
    values = {"next_nudge_at": seconds_or_none(at), "renewed_at": renewed}
    conn.execute(update(cases).where(cases.c.id == case_id).values(**values))


def due_desks(conn: Connection, desks: Iterable[DeskName], now: datetime) -> list[DeskName]:
    """Those of the desks that have a case of which somebody must be told by now, in order."""
    return [desk for desk in sorted(desks) if conn.execute(due_cases(desk, now, 1)).first() is not None]


def due_cases(desk: DeskName, now: datetime, limit: int) -> Select[tuple[str]]:
    """The desk's cases of which somebody must be told by now, those due first."""
    return (
        select(cases.c.id)
        .where(cases.c.next_nudge_at <= seconds(now), cases.c.desk == desk)
        .order_by(cases.c.next_nudge_at)
        .limit(limit)
    )


def claim_due(conn: Connection, desk: DeskName, now: datetime, until: datetime, limit: int) -> list[CaseId]:
    """Take at most `limit` of a desk's due cases; what is not renewed in this transaction is due again at `until`.

    Two nodes never hold the same one: what another has claimed is passed over.
    """
    # MATERIALIZED: inlined, the subquery may run again within the statement and claim more than `limit`.
    first = due_cases(desk, now, limit).with_for_update(skip_locked=True)
    due = first.cte("due").prefix_with("MATERIALIZED", dialect="postgresql")
    claim = update(cases).where(cases.c.id.in_(select(due.c.id))).values(next_nudge_at=seconds(until))
    return sorted(CaseId(value) for value in conn.execute(claim.returning(cases.c.id)).scalars())


def set_right(conn: Connection, now: datetime, limit: int) -> int:
    """Let nothing wait for a future that a wrong clock believed in: it is due at once. Returns how many cases."""
    for column in (desk_nudges.c.alarmed_at, desk_nudges.c.called_at, desk_nudges.c.told_at):
        conn.execute(update(desk_nudges).where(column > seconds(now + AHEAD)).values({column.name: seconds(now)}))
    ahead = (cases.c.renewed_at > seconds(now + AHEAD), cases.c.next_nudge_at.is_not(None))
    found = list(conn.execute(select(cases.c.id).where(*ahead).limit(limit).with_for_update()).scalars())
    if not found:
        return 0
    for name, rules in _BEGINNINGS.items():
        own = cases.c.id.in_(found) & (cases.c[name] > seconds(now))
        conn.execute(update(cases).where(own).values({name: seconds(now)}))
        said = nudges.c.case_id.in_(found) & nudges.c.rule.in_(rules) & (nudges.c.about > seconds(now))
        conn.execute(update(nudges).where(said).values(about=seconds(now)))
    spoken = nudges.c.case_id.in_(found) & (nudges.c.last_at > seconds(now))
    conn.execute(update(nudges).where(spoken).values(last_at=seconds(now)))
    due = {"next_nudge_at": seconds(now), "renewed_at": seconds(now)}
    conn.execute(update(cases).where(cases.c.id.in_(found)).values(**due))
    return len(found)


def given(conn: Connection, case_ids: Collection[CaseId]) -> dict[CaseId, dict[Rule, Given]]:
    """What each rule has said of these cases."""
    found: dict[CaseId, dict[Rule, Given]] = {case_id: {} for case_id in case_ids}
    for row in conn.execute(select(nudges).where(nudges.c.case_id.in_(found))).mappings():
        said = Given(moment(row["about"]), row["times"], moment(row["last_at"]))
        found[CaseId(row["case_id"])][Rule(row["rule"])] = said
    return found


def give(conn: Connection, case_id: CaseId, said: Mapping[Rule, Given]) -> None:
    """Note what rules have said, in the transaction that promises it."""
    rows = [
        {"case_id": case_id, "rule": rule.value}
        | {"about": seconds(one.about), "times": one.times, "last_at": seconds(one.last_at)}
        for rule, one in said.items()
    ]
    if not rows:
        return
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(nudges)
    changed = {name: insert.excluded[name] for name in _SAID}
    conn.execute(insert.on_conflict_do_update(index_elements=["case_id", "rule"], set_=changed), rows)


def forget(conn: Connection, case_id: CaseId, rules: Iterable[Rule]) -> None:
    """What these rules said does not matter any more, and when they did is nobody's business."""
    own = (nudges.c.case_id == case_id) & nudges.c.rule.in_([rule.value for rule in rules])
    conn.execute(delete(nudges).where(own))


def hold_desk(conn: Connection, desk: DeskName) -> Heard:
    """What a desk has heard; until the transaction ends nobody else tells it anything."""
    insert_new(conn, desk_nudges, {"desk": desk})
    query = select(desk_nudges).where(desk_nudges.c.desk == desk).with_for_update()
    return _heard(conn.execute(query).mappings().one())


def heard(conn: Connection, desk: DeskName) -> Heard:
    """As `hold_desk`, for who only asks."""
    row = conn.execute(select(desk_nudges).where(desk_nudges.c.desk == desk)).mappings().one_or_none()
    return Heard() if row is None else _heard(row)


def note_heard(conn: Connection, desk: DeskName, heard_now: Heard) -> None:
    """The desk has been told."""
    values = {
        "alarmed_at": seconds_or_none(heard_now.alarmed_at),
        "called_at": seconds_or_none(heard_now.called_at),
        "told_at": seconds_or_none(heard_now.told_at),
    }
    conn.execute(update(desk_nudges).where(desk_nudges.c.desk == desk).values(**values))


def snooze(conn: Connection, case_id: CaseId, until: datetime | None) -> None:
    """The coordinator wants to hear of the case again at `until`."""
    conn.execute(update(cases).where(cases.c.id == case_id).values(snoozed_until=seconds_or_none(until)))


def mark_check_in_lost(conn: Connection, case_id: CaseId, at: datetime | None) -> None:
    """When a check-in of the case could not go out any more; None: that matters no longer.

    To the hour where no exact times are kept.
    """
    lost = None if at is None else case((cases.c.unanswered_since.is_(None), _to_the_hour(at)), else_=seconds(at))
    conn.execute(update(cases).where(cases.c.id == case_id).values(check_in_lost_at=lost))


def _to_the_hour(at: datetime) -> int:
    return seconds(at) // _HOUR * _HOUR


def _heard(row: RowMapping) -> Heard:
    return Heard(*(moment_or_none(row[name]) for name in ("alarmed_at", "called_at", "told_at")))
