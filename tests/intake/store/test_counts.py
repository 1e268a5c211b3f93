"""Numbers for the operator: every status has one, and nothing says whose."""

from datetime import timedelta

from intake.model import OutgoingState, Status
from intake.store import cases, counts, outbox
from intake.store.counts import Overdue
from intake.store.database import Database
from tests.intake.store.samples import NOW, SYD, add_case
from tests.intake.store.test_outbox import an_outgoing
from triage.model import Pace


async def test_an_empty_store_counts_nothing(database: Database):
    assert set((await database.read(counts.cases_by_status)).values()) == {0}
    assert await database.read(counts.overdue, NOW) == Overdue(dict.fromkeys(Pace, 0), None)
    assert await database.read(counts.texts_by_state) == dict.fromkeys(OutgoingState, 0)


async def test_cases_are_counted_by_status_and_pace(database: Database):
    opened, closed, _ = [await database.write(add_case) for _ in range(3)]
    await database.write(cases.mark_opened, opened, NOW)
    await database.write(cases.close, closed, NOW)
    counted = {place: number for place, number in (await database.read(counts.cases_by_status)).items() if number}
    assert counted == {(status, Pace.DAYS): 1 for status in (Status.NEW, Status.OPENED, Status.CLOSED)}


async def test_what_nobody_opened_in_time_is_counted_and_what_somebody_opened_is_not(database: Database):
    _, _, opened = [await database.write(add_case, SYD, minutes) for minutes in (60, 20, 10)]
    await database.write(cases.mark_opened, opened, NOW)
    counted = await database.read(counts.overdue, NOW + timedelta(minutes=30))
    assert (counted.by_pace[Pace.DAYS], counted.by_pace[Pace.NOW]) == (1, 0)
    assert counted.oldest_due_at == (NOW + timedelta(minutes=20)).replace(microsecond=0)


async def test_texts_are_counted_by_state(database: Database):
    case = await database.write(add_case)
    for _ in range(2):
        await database.write(outbox.enqueue, an_outgoing(case), NOW)
    assert (await database.read(counts.texts_by_state))[OutgoingState.WAITING] == 2
    await database.write(outbox.cancel_of_case, case)
    assert (await database.read(counts.texts_by_state))[OutgoingState.CANCELLED] == 2
