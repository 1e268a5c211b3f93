"""A case waits for somebody else until a day, and comes back by that day or by a message."""

from datetime import timedelta

import pytest

from intake import audit, casework, reply
from intake.audit import Act
from intake.casefile.closing import Closing, close
from intake.casework import CaseClosed, Unread, end_waiting, let_case_wait, move_case
from intake.model import CaseId, Status, Waiting
from intake.reading import NotYours, Reader
from intake.service import Service
from tests.flows.steps import SYD, VAST, add, read
from tests.service import MONDAY_MORNING

LATER = MONDAY_MORNING + timedelta(hours=1)
UNTIL = MONDAY_MORNING + timedelta(days=9)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here asks a database for what the other one does in another way."""
    return sqlite_url


@pytest.fixture
async def opened(empty_service: Service, syd: Reader, case: CaseId) -> CaseId:
    await read(empty_service, syd)
    return case


async def wait(service: Service, reader: Reader, case: CaseId) -> None:
    await let_case_wait(service, reader, case, Waiting.PARTNER, UNTIL, LATER)


async def standing(service: Service, reader: Reader) -> tuple[Waiting | None, bool]:
    """On whom the case waits, and whether it is due by then."""
    (line,) = (await casework.list_cases(service, reader, None, 9)).lines
    return line.case.waiting, line.case.due_at == UNTIL


async def test_it_steps_back_in_the_list_until_its_day(empty_service, syd, opened):
    await wait(empty_service, syd, opened)
    assert await standing(empty_service, syd) == (Waiting.PARTNER, True)
    log = await empty_service.database.read(audit.read, empty_service.key, SYD)
    assert log[-1].act is Act.SET_WAITING


async def test_somebody_may_go_on_before(empty_service, syd, opened):
    await wait(empty_service, syd, opened)
    await end_waiting(empty_service, syd, opened, LATER)
    assert await standing(empty_service, syd) == (None, False)


async def test_a_message_an_answer_a_move_and_the_end_of_the_case_end_it(empty_service, syd, vast, opened, receipt):
    await wait(empty_service, syd, opened)
    await add(empty_service, receipt, "Mer", LATER)
    assert await standing(empty_service, syd) == (None, False)
    await read(empty_service, syd)
    await wait(empty_service, syd, opened)
    await reply.reply(empty_service, syd, opened, "Tack", LATER)
    assert await standing(empty_service, syd) == (None, False)
    await wait(empty_service, syd, opened)
    await move_case(empty_service, syd, opened, VAST, "Hit", LATER)
    assert await standing(empty_service, vast) == (None, False)


async def test_what_nobody_has_read_cannot_wait(empty_service, syd, case):
    for act in (wait(empty_service, syd, case), end_waiting(empty_service, syd, case, LATER)):
        with pytest.raises(Unread):
            await act


async def test_a_closed_case_waits_for_nobody(empty_service, syd, opened):
    await wait(empty_service, syd, opened)
    await close(empty_service, syd, opened, Closing(), LATER)
    found = (await casework.open_case(empty_service, syd, opened, LATER)).case
    assert (found.status, found.waiting) == (Status.CLOSED, None)
    with pytest.raises(CaseClosed):
        await wait(empty_service, syd, opened)


async def test_another_desks_case_is_not_put_aside(empty_service, vast, opened):
    for one in (opened, CaseId("unknown")):
        with pytest.raises(NotYours):
            await wait(empty_service, vast, one)
