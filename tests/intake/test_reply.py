"""An answer is sealed for the person and the desk at once, once, and never past what its writer has read."""

import asyncio
from datetime import timedelta

import pytest

from intake import people
from intake.model import CaseId, Status
from intake.reading import NotYours, Reader
from intake.reply import NoWayBack, Overtaken, reply
from intake.service import Service
from intake.store import cases
from intake.store.envelopes import Stretch
from tests.flows.steps import TEXT, add, erase, heard, look, only_case, read, staffed, tell
from tests.service import MONDAY_MORNING, Person, reader_of, staff

LATER = MONDAY_MORNING + timedelta(hours=3)


@pytest.fixture
async def syd(empty_service: Service) -> list[Person]:
    """Who works at Syd, at Väst and at the national desk."""
    return await staffed(empty_service, "syd", "vast", "nationell")


@pytest.fixture
async def receipt(empty_service: Service, syd: list[Person]) -> str:
    assert syd
    return (await tell(empty_service)).receipt


@pytest.fixture
async def reader(empty_service: Service, syd: list[Person]) -> Reader:
    return await reader_of(empty_service, syd[0])


async def test_an_answer_is_in_the_mailbox_and_in_the_desks_history(empty_service: Service, receipt: str, reader):
    await reply(empty_service, reader, await only_case(empty_service, reader), "Tack, vi ringer.", LATER)
    assert await heard(empty_service, receipt) == [TEXT, "Tack, vi ringer."]
    opened = await read(empty_service, reader, LATER)
    assert [message.text for message in opened.messages] == [TEXT, "Tack, vi ringer."]
    assert opened.case.status is Status.ANSWERED


async def test_whoever_answers_has_the_case_unless_a_colleague_has(
    empty_service: Service, receipt: str, syd: list[Person], reader: Reader
):
    assert receipt
    case = await only_case(empty_service, reader)
    await reply(empty_service, reader, case, "Hej", LATER)
    assert (await read(empty_service, reader, LATER)).case.assignee == syd[0].member
    await empty_service.database.write(cases.assign, case, syd[1].member)
    await reply(empty_service, reader, case, "Hej igen", LATER)
    assert (await read(empty_service, reader, LATER)).case.assignee == syd[1].member


async def test_nobody_else_answers_a_case(empty_service: Service, receipt: str, syd: list[Person], reader: Reader):
    case = await only_case(empty_service, reader)
    for stranger in (await reader_of(empty_service, syd[1]), await reader_of(empty_service, syd[2])):
        for wanted in (case, CaseId("unknown")):
            with pytest.raises(NotYours):
                await reply(empty_service, stranger, wanted, "Hej", LATER)
    assert await heard(empty_service, receipt) == [TEXT]


async def test_who_waits_to_be_let_in_answers_nothing(empty_service: Service, receipt: str, reader: Reader):
    waiting = await reader_of(empty_service, await staff(empty_service, "new@test", "syd"))
    with pytest.raises(NotYours):
        await reply(empty_service, waiting, await only_case(empty_service, reader), "Hej", LATER)
    assert await heard(empty_service, receipt) == [TEXT]


async def test_an_erased_case_is_not_answered(empty_service: Service, receipt: str, reader: Reader):
    await erase(empty_service, receipt)
    with pytest.raises(NoWayBack):
        await reply(empty_service, reader, await only_case(empty_service, reader), "Hej", LATER)
    assert len((await read(empty_service, reader)).messages) == 1


async def test_an_answer_sent_twice_at_once_is_written_once(empty_service: Service, receipt: str, reader: Reader):
    case = await only_case(empty_service, reader)
    answers = (reply(empty_service, reader, case, "Tack", LATER, Stretch(end=1)) for _ in range(3))
    outcomes = await asyncio.gather(*answers, return_exceptions=True)
    assert sorted(map(repr, outcomes)) == sorted(["None", repr(Overtaken()), repr(Overtaken())])
    assert await heard(empty_service, receipt) == [TEXT, "Tack"]


async def test_nobody_answers_past_what_came_meanwhile(empty_service: Service, receipt: str, reader: Reader):
    seen = len((await read(empty_service, reader)).messages)
    await add(empty_service, receipt, "Vänta", LATER)
    with pytest.raises(Overtaken):
        await reply(empty_service, reader, await only_case(empty_service, reader), "Tack", LATER, Stretch(end=seen))
    assert await heard(empty_service, receipt) == [TEXT, "Vänta"]


async def test_an_answer_ends_no_waiting_of_what_its_writer_was_not_shown(
    empty_service: Service, receipt: str, reader: Reader
):
    case = await only_case(empty_service, reader)
    await add(empty_service, receipt, "Han kommer", LATER)
    await reply(empty_service, reader, case, "Tack", LATER, Stretch(first=1, end=2))
    assert await heard(empty_service, receipt) == [TEXT, "Han kommer", "Tack"]
    left = (await look(empty_service, receipt)).case
    assert (left.status, left.unread_since) == (Status.NEW, MONDAY_MORNING)
    assert (await read(empty_service, reader)).case.status is Status.OPENED
    await reply(empty_service, reader, case, "Nu har jag läst allt", LATER, Stretch(first=1, end=3))
    assert (await look(empty_service, receipt)).case.status is Status.ANSWERED


async def test_many_who_answer_at_once_are_all_heard(empty_service: Service, receipt: str, reader: Reader):
    case = await only_case(empty_service, reader)
    await asyncio.gather(*(reply(empty_service, reader, case, str(n), LATER) for n in range(5)))
    said = await heard(empty_service, receipt)
    assert (said[0], sorted(said[1:])) == (TEXT, ["0", "1", "2", "3", "4"])


async def test_an_answer_written_while_a_colleague_leaves_is_read_by_who_stays(
    empty_service: Service, receipt: str, syd: list[Person], reader: Reader
):
    case, vast = await only_case(empty_service, reader), syd[1]
    await asyncio.gather(
        reply(empty_service, reader, case, "Tack", LATER),
        people.deactivate(empty_service, vast.member, LATER),
    )
    assert await heard(empty_service, receipt) == [TEXT, "Tack"]
    assert (await look(empty_service, receipt)).case.status is Status.ANSWERED
