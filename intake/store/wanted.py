"""Which cases a list shows, by what lies in the clear: so an index answers and nothing is opened; knows no label."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from intake.model import MemberId, Status, Waiting
from intake.store.rows import seconds
from intake.store.schema import cases, mentions
from triage.model import DeskName


@dataclass(frozen=True, slots=True)
class Wanted:
    """None asks for nothing. `unassigned`: in nobody's hands; `late_at`: due by then and not answered yet.

    `mentioned`: a note waits for this member; `gone_by`: deleted by then.
    """

    status: Status | None = None
    assignee: MemberId | None = None
    unassigned: bool = False
    waiting: Waiting | None = None
    desk: DeskName | None = None
    late_at: datetime | None = None
    mentioned: MemberId | None = None
    gone_by: datetime | None = None


EVERY = Wanted()


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What a row of `cases` must be."""
    found: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        found.append(cases.c.status == wanted.status.value)
    if wanted.assignee is not None:
        found.append(cases.c.assignee == wanted.assignee)
    if wanted.unassigned:
        found.append(cases.c.assignee.is_(None))
    if wanted.waiting is not None:
        found.append(cases.c.waiting == wanted.waiting.value)
    if wanted.desk is not None:
        found.append(cases.c.desk == wanted.desk)
    if wanted.late_at is not None:
        unanswered = cases.c.status.in_((Status.NEW.value, Status.OPENED.value))
        found.append((cases.c.due_at <= seconds(wanted.late_at)) & (unanswered | cases.c.waiting.is_not(None)))
    if wanted.mentioned is not None:
        found.append(cases.c.id.in_(select(mentions.c.case_id).where(mentions.c.member_id == wanted.mentioned)))
    if wanted.gone_by is not None:
        found.append((cases.c.delete_at <= seconds(wanted.gone_by)) & cases.c.held.is_(None))
    return found
