"""When a case next needs somebody: computed from its row, written with what changed it; sees no text, no address."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from intake.config import Config
from intake.model import Case, CaseId
from intake.service import Service
from intake.store import cases, nudges
from intake.store.nudges import Heard
from triage.calendar import Calendar, after_duty
from triage.model import Kind
from triage.nudges import next_nudge
from triage.timeline import Given, Nudge, Rule, Timeline

_UNTIL_ANSWERED = (Rule.NEW, Rule.UNOPENED, Rule.PLEA, Rule.UNANSWERED)
_NOTHING: Mapping[Rule, Given] = {}


def renew(conn: Connection, service: Service, case_id: CaseId, now: datetime) -> None:
    """Write down anew when the case needs somebody. Whoever changes a case calls this last, in the same transaction.

    Idempotent, and nothing where the case is gone.
    """
    case = cases.find_case(conn, service.key, case_id)
    if case is None:
        return
    if case.unanswered_since is None:
        nudges.forget(conn, case_id, _UNTIL_ANSWERED)
    said = nudges.given(conn, [case_id])[case_id]
    write_next(conn, case, of_case(service, case, said, nudges.heard(conn, case.desk), now), now)


def renew_elsewhere(conn: Connection, service: Service, case_id: CaseId, now: datetime) -> None:
    """As `renew`, for a case that lies with another desk now: what the one before was told, this one was not."""
    nudges.forget(conn, case_id, Rule)
    renew(conn, service, case_id, now)


def begin(config: Config, calendar: Calendar, case: Case, kind: Kind) -> Case:
    """A case as it is opened: unread, unanswered, and a plea for help with its limit."""
    at, plea_by = case.received_at, None
    if kind is Kind.HELP:
        policy = config.policies[case.desk]
        plea_by = after_duty(policy.duty, calendar, at, policy.plea)
    return replace(case, unread_since=at, unanswered_since=at, plea_by=plea_by)


def first_at(config: Config, calendar: Calendar, case: Case) -> datetime | None:
    """When somebody must be told of a case that was just opened."""
    timeline = timeline_of(case, _NOTHING, Heard())
    nudge = next_nudge(timeline, config.policies[case.desk], calendar, case.received_at)
    return None if nudge is None else nudge.at


def of_case(service: Service, case: Case, said: Mapping[Rule, Given], heard: Heard, now: datetime) -> Nudge | None:
    """The next nudge of a case, after what was said so far."""
    timeline = timeline_of(case, said, heard)
    return next_nudge(timeline, service.config.policies[case.desk], service.calendar, now)


def timeline_of(case: Case, said: Mapping[Rule, Given], heard: Heard) -> Timeline:
    """All that the clock may know of a case."""
    return Timeline(
        pace=case.pace,
        closed=case.closed_at is not None,
        unread_since=case.unread_since,
        unanswered_since=case.unanswered_since,
        plea_by=case.plea_by,
        follow_up_at=case.follow_up_at,
        waits_until=None if case.waiting is None else case.due_at,
        delete_at=None if case.held is not None else case.delete_at,
        check_in_lost_at=case.check_in_lost_at,
        snoozed_until=case.snoozed_until,
        alarmed_at=heard.alarmed_at,
        called_at=heard.called_at,
        told_at=heard.told_at,
        given=said,
    )


def write_next(conn: Connection, case: Case, nudge: Nudge | None, now: datetime) -> None:
    """Put the time where the sweep finds it."""
    at = None if nudge is None else nudge.at
    nudges.set_next(conn, case.id, at, now, exact=case.unanswered_since is not None)
