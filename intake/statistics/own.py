"""A desk's own numbers, for those who read its cases anyway: nothing is hidden from them; knows no case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.statistics.cells import LONGER, SPANS, Cell, Survey, month
from intake.statistics.counting import Counts, read_counts
from intake.store import counts as rows
from intake.vault.service_key import ServiceKey
from triage.model import DeskName, Kind

BUCKETS = (*(name for name, _ in SPANS), LONGER)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a desk: how much came in, and within which spans it was opened and answered."""

    month: str
    received: int
    opened: Mapping[str, int]
    answered: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Own:
    """A desk's numbers: how many cases wait now to be opened and to be answered, and the last twelve months."""

    unopened: int
    unanswered: int
    months: tuple[Month, ...]


def of_desk(conn: Connection, key: ServiceKey, desk: DeskName, now: datetime) -> Own:
    """The numbers of a desk as they are now."""
    counts, waiting = read_counts(conn, key), rows.waiting_at(conn, desk)
    return Own(waiting.unopened, waiting.unanswered, tuple(_month(counts, desk, one) for one in last_months(now)))


def last_months(now: datetime) -> list[str]:
    """The last twelve months, this one last."""
    this = month(now)
    count = int(this[:4]) * _MONTHS + int(this[5:]) - 1
    return [f"{one // _MONTHS}-{one % _MONTHS + 1:02}" for one in range(count - _MONTHS + 1, count + 1)]


def _month(counts: Counts, desk: DeskName, at: str) -> Month:
    def spans(survey: Survey) -> dict[str, int]:
        return {span: counts.get(Cell(survey, at, (desk, span)), 0) for span in BUCKETS}

    received = sum(counts.get(Cell(Survey.RECEIVED, at, (desk, kind)), 0) for kind in Kind)
    return Month(at, received, spans(Survey.OPENED), spans(Survey.ANSWERED))
