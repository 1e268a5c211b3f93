"""After the service key got a new generation everything that was written before opens, and everybody is known again."""

from dataclasses import replace
from datetime import timedelta

from intake import audit, casework
from intake.login import resume
from intake.people import Colleague, colleagues
from intake.reply import reply
from intake.service import Service
from intake.statistics.counting import fold, read_counts
from tests.flows.steps import SYD, TEXT, add, by_form, erase, heard, only_case, staffed, tell
from tests.service import MONDAY_MORNING, log_in_as, reader_of

LATER = MONDAY_MORNING + timedelta(minutes=5)


def rotated(service: Service) -> Service:
    """The same house, started again after `rotate-service-key`."""
    return replace(service, key=service.key.rotate())


async def names(service: Service) -> list[Colleague]:
    return await colleagues(service, None)


async def test_receipts_cases_and_sessions_from_before_a_rotation_open_after_it(empty_service: Service):
    anna, _ = await staffed(empty_service, "syd", "nationell")
    once = by_form(empty_service)
    receipt = (await tell(empty_service, once=once)).receipt
    session = await log_in_as(empty_service, anna)
    before = await names(empty_service)
    house = rotated(empty_service)
    assert (await tell(house, once=once, now=LATER)).receipt == receipt
    await add(house, receipt, "Mer", LATER)
    reader = (await resume(house, session.cookie, LATER)).reader
    case = await only_case(house, reader)
    await reply(house, reader, case, "Vi hör dig.", LATER)
    assert await heard(house, receipt, LATER) == [TEXT, "Mer", "Vi hör dig."]
    again = await reader_of(house, anna, LATER)
    assert [one.text for one in (await casework.open_case(house, again, case, LATER)).messages][:2] == [TEXT, "Mer"]
    assert await names(house) == before


async def test_logs_and_numbers_go_on_over_a_rotation(empty_service: Service):
    await staffed(empty_service, "syd", "nationell")
    receipt = (await tell(empty_service)).receipt
    await empty_service.database.write(fold, empty_service.key, 100)
    house = rotated(empty_service)
    await tell(house, "Något annat", now=LATER)
    await house.database.write(fold, house.key, 100)
    assert set((await house.database.read(read_counts, house.key)).values()) == {2}
    await erase(house, receipt, LATER)
    assert (await house.database.read(audit.verify, house.key))[SYD] > 0
