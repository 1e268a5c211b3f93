"""What is counted at the three moments of every case: it comes in, is first opened, is first answered; pure."""

from datetime import datetime

from intake.model import Case
from intake.statistics.cells import UNKNOWN, Cell, Survey, month, span, year
from triage.model import Assessment

Counted = list[tuple[Cell, int]]


def came_in(case: Case, assessment: Assessment, now: datetime) -> Counted:
    """A new case, by what triage makes of it when it comes."""
    return [
        (Cell(Survey.RECEIVED, month(now), (case.desk, assessment.kind)), 1),
        (Cell(Survey.CHANNEL, month(now), (case.channel,)), 1),
        (Cell(Survey.COUNTY, year(now), (assessment.place.county or UNKNOWN,)), 1),
    ]


def opened(case: Case, now: datetime) -> Counted:
    """A case as it was before it was opened now: counted the first time, in the month in which it came."""
    if case.opened_at is not None:
        return []
    return [(Cell(Survey.OPENED, month(case.received_at), (case.desk, span(now - case.received_at))), 1)]


def answered(case: Case, now: datetime) -> Counted:
    """A case as it was before it was answered now: counted the first time, in the month in which it came."""
    if case.answered_at is not None:
        return []
    return [(Cell(Survey.ANSWERED, month(case.received_at), (case.desk, span(now - case.received_at))), 1)]
