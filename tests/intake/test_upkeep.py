"""What falls due by itself is done, as far as it is due and no further, and a second run finds nothing to do."""

from datetime import timedelta

from sqlalchemy import select, update

from intake import audit, mailbox, upkeep
from intake.audit import Act
from intake.service import Service
from intake.store import schema
from tests.flows.steps import SYD, by_form, heard, look, staffed, tell
from tests.intake.store.samples import count
from tests.service import MONDAY_MORNING, log_in_as

DAY = timedelta(days=1)


async def rows(service: Service, table) -> int:
    return await service.database.read(count, table)


async def test_ended_sessions_go_and_those_at_work_stay(empty_service: Service):
    (anna,) = await staffed(empty_service, "syd")
    await log_in_as(empty_service, anna)
    await log_in_as(empty_service, anna, MONDAY_MORNING + timedelta(minutes=20))
    await upkeep.tidy(empty_service, MONDAY_MORNING + timedelta(minutes=35))
    assert await rows(empty_service, schema.sessions) == 1
    await upkeep.tidy(empty_service, MONDAY_MORNING + timedelta(minutes=55))
    assert await rows(empty_service, schema.sessions) == 0


async def test_a_spent_token_is_remembered_for_as_long_as_its_form_may_be_sent(empty_service: Service):
    await staffed(empty_service, "syd", "nationell")
    await tell(empty_service, once=by_form(empty_service))
    await upkeep.tidy(empty_service, MONDAY_MORNING + DAY)
    assert await rows(empty_service, schema.spent_tokens) == 1
    await upkeep.tidy(empty_service, MONDAY_MORNING + DAY + timedelta(seconds=1))
    assert await rows(empty_service, schema.spent_tokens) == 0


async def erased(service: Service, number: int) -> None:
    for _ in range(number):
        receipt = (await tell(service)).receipt
        await mailbox.erase(service, await mailbox.key_from_receipt(service, receipt), MONDAY_MORNING)


async def test_an_erased_case_goes_when_its_day_has_come_and_the_log_says_so(empty_service: Service):
    await staffed(empty_service, "syd", "nationell")
    await erased(empty_service, 1)
    kept = (await tell(empty_service)).receipt
    assert await upkeep.delete_due(empty_service, MONDAY_MORNING + 29 * DAY) == 0
    assert await upkeep.delete_due(empty_service, MONDAY_MORNING + 31 * DAY) == 1
    assert await upkeep.delete_due(empty_service, MONDAY_MORNING + 31 * DAY) == 0
    assert await heard(empty_service, kept)
    case = (await look(empty_service, kept)).case.id
    left = await empty_service.database.read(
        lambda conn: set(conn.execute(select(schema.envelopes.c.case_id)).scalars())
    )
    assert left == {case}
    line = (await empty_service.database.read(audit.read, empty_service.key, SYD))[-1]
    assert (line.act, line.actor) == (Act.DELETED, None)


async def test_more_than_one_batch_is_done_in_one_run(empty_service: Service, monkeypatch):
    monkeypatch.setattr(upkeep, "_BATCH", 2)
    await staffed(empty_service, "syd", "nationell")
    await erased(empty_service, 5)
    assert await upkeep.delete_due(empty_service, MONDAY_MORNING + 31 * DAY) == 5
    assert await rows(empty_service, schema.cases) == 0


async def tamper(service: Service) -> None:
    """The first case of all is not what was written."""
    first = select(schema.cases.c.id).order_by(schema.cases.c.id).limit(1).scalar_subquery()
    spoilt = update(schema.cases).where(schema.cases.c.id == first).values(mac=b"")
    await service.database.write(lambda conn: conn.execute(spoilt))


async def test_a_case_that_was_tampered_with_keeps_no_other_from_going(empty_service: Service, monkeypatch):
    monkeypatch.setattr(upkeep, "_BATCH", 2)
    await staffed(empty_service, "syd", "nationell")
    await erased(empty_service, 5)
    await tamper(empty_service)
    assert await upkeep.delete_due(empty_service, MONDAY_MORNING + 31 * DAY) == 4
    assert await rows(empty_service, schema.cases) == 1
    assert await upkeep.delete_due(empty_service, MONDAY_MORNING + 31 * DAY) == 0
    assert empty_service.signs.tampered == 1
