"""Numbers for the operator: every status has one, and nothing says whose."""

from intake.model import Status
from intake.store import cases, counts, outbox
from intake.store.database import Database
from tests.intake.store.samples import NOW, add_case
from tests.intake.store.test_outbox import an_outgoing


async def test_an_empty_store_counts_nothing(database: Database):
    assert await database.read(counts.cases_by_status) == dict.fromkeys(Status, 0)
    assert await database.read(counts.waiting_texts) == 0


async def test_cases_are_counted_by_status(database: Database):
    opened, closed, _ = [await database.write(add_case) for _ in range(3)]
    await database.write(cases.mark_opened, opened, NOW)
    await database.write(cases.close, closed, NOW)
    counted = await database.read(counts.cases_by_status)
    assert counted == {Status.NEW: 1, Status.OPENED: 1, Status.ANSWERED: 0, Status.CLOSED: 1}


async def test_only_waiting_texts_are_counted(database: Database):
    case = await database.write(add_case)
    for _ in range(2):
        await database.write(outbox.enqueue, an_outgoing(case), NOW)
    assert await database.read(counts.waiting_texts) == 2
    await database.write(outbox.cancel_of_case, case)
    assert await database.read(counts.waiting_texts) == 0
