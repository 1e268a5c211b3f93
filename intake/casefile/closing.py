"""Closes a case: with its outcome, what is counted of its persons, and the day on which it goes; knows no page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from intake.casefile.entries import Closed
from intake.casefile.writing import Writer, file_entry
from intake.casework.acts import shut
from intake.model import Case, CaseId
from intake.reading import Reader, readable_case
from intake.retention import closed_until
from intake.service import Service
from intake.statistics.cells import NATIONAL, UNKNOWN, Cell, Outcome, Person, Survey, cells_of, month
from intake.statistics.counting import count
from intake.store import cases, retention
from triage.model import Kind, Type

MOST_PERSONS = 20


@dataclass(frozen=True, slots=True)
class Closing:
    """What a coordinator says at the end. `kind`, `type` and `municipality` are what the case was about after all.

    `persons` are those whom the statistics do not hold yet: a case that opened again is not counted twice.
    """

    outcome: Outcome = Outcome.NOT_SAID
    kind: Kind | None = field(default=None, repr=False)
    type: Type = field(default=Type.UNCLEAR, repr=False)
    municipality: str | None = field(default=None, repr=False)
    persons: tuple[Person, ...] = field(default=(), repr=False)
    remark: str = field(default="", repr=False)


async def close(
    service: Service, reader: Reader, case_id: CaseId, closing: Closing, now: datetime, seen: int | None = None
) -> None:
    """Close a case; from here on only numbers say what it was, once its time is over.

    `seen` is how many messages the conversation had when it was read; None asks for no such care.

    Raises:
        NotYours: no such case, or another desk's.
        Unread: something came in that nobody has read; closed, it would wait in silence.
        AlreadyClosed: a colleague was faster, and has counted.
        GoneOn: the conversation has more than `seen` messages.
    """
    await service.database.write(_close, Writer(service, reader, now), case_id, closing, seen)


class AlreadyClosed(Exception):
    """The case is closed: closing it again would count it again."""


class GoneOn(Exception):
    """Somebody has written since the case was read: closed, it would be closed over their words."""


def _close(conn: Connection, writer: Writer, case_id: CaseId, closing: Closing, seen: int | None) -> None:
    service, now = writer.service, writer.now
    # Before reading: whoever writes at this moment waits for us, or we see what they wrote.
    messages = cases.hold(conn, case_id)
    case = readable_case(conn, service.key, writer.reader, case_id)
    if case.closed_at is not None:
        raise AlreadyClosed
    if seen is not None and messages != seen:
        raise GoneOn
    persons = len(closing.persons)
    file_entry(conn, writer, case, Closed(outcome=closing.outcome, persons=persons, remark=closing.remark))
    count(conn, service.key, _counted(service, case, closing, now))
    retention.set_deletion(conn, case_id, closed_until(service.config, closing.kind, now))
    if not shut(conn, service, writer.reader, case_id, now):
        raise AlreadyClosed


def _counted(service: Service, case: Case, closing: Closing, now: datetime) -> list[tuple[Cell, int]]:
    region = service.config.desks[case.desk].region or NATIONAL
    at, place = month(now), closing.municipality or UNKNOWN
    cells = [
        (Cell(Survey.OUTCOME, at, (case.desk, closing.outcome)), 1),
        (Cell(Survey.MUNICIPALITY, at, (place, closing.type)), 1),
    ]
    return [*cells, *_summed(closing.persons, region, now)]


def _summed(persons: tuple[Person, ...], region: str, now: datetime) -> Iterator[tuple[Cell, int]]:
    total: dict[Cell, int] = {}
    for person in persons:
        for cell, number in cells_of(person, region, now):
            total[cell] = total.get(cell, 0) + number
    yield from total.items()
