"""Which cases a list shows, by what lies in the clear: so an index answers and nothing is opened; knows no label."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from intake.model import MemberId, Status, Waiting
from intake.store.rows import seconds
from intake.store.schema import cases
from triage.model import DeskName


@dataclass(frozen=True, slots=True)
class Wanted:
    """None asks for nothing. `unassigned`: in nobody's hands; `late_at`: due by then and not answered yet."""

    status: Status | None = None
    assignee: MemberId | None = None
    unassigned: bool = False
    waiting: Waiting | None = None
    desk: DeskName | None = None
    late_at: datetime | None = None


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
    return found
