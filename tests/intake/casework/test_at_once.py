"""What a colleague does to a case in the very instant in which it moves, or the person writes."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.util import await_only

from intake.casefile.entries import FollowUp
from intake.casefile.writing import write_down
from intake.casework import Unread, add_remark, assign_to_me, handing, let_case_wait, move_case, take_back
from intake.filing import Told, add_message
from intake.model import Card, CaseId, Waiting
from intake.nudging.putting_off import put_off
from intake.reading import NotYours, Reader
from intake.reply import reply
from intake.service import Service
from intake.store import cases
from intake.store.schema import wraps
from tests.flows.steps import VAST, read
from tests.service import MONDAY_MORNING
from triage.model import Assessment

NOW = MONDAY_MORNING
LATER = NOW + timedelta(days=2)
WRITTEN = [(add_remark, "Hon är rädd."), (reply, "Vi hör dig."), (write_down, FollowUp(at=LATER, reason="Ring"))]


async def take(service: Service, reader: Reader, case: CaseId, _: None, now: datetime) -> None:
    await assign_to_me(service, reader, case, now)


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """SQLite has one writer: there nobody is in the midst of anything."""
    return postgresql_url


@pytest.fixture
def midway(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once a case is being moved; what moves it takes its time with the rest."""
    reached, record = asyncio.Event(), handing._record

    def record_slowly(*args: object) -> None:
        reached.set()
        await_only(asyncio.sleep(0.3))
        record(*args)

    monkeypatch.setattr(handing, "_record", record_slowly)
    return reached


@pytest.mark.parametrize(("write", "words"), [*WRITTEN, (take, None)], ids=["remark", "answer", "entry", "taking it"])
async def test_whoever_loses_a_case_writes_nothing_into_it_and_has_it_not(
    empty_service, syd, case, midway, write, words
):
    moving = asyncio.create_task(move_case(empty_service, syd, case, VAST, "Hit", NOW))
    await midway.wait()
    with pytest.raises(NotYours):
        await write(empty_service, syd, case, words, NOW)
    await moving


async def test_a_remark_of_who_goes_on_reading_is_read_where_the_case_lies_now(empty_service, syd, vast, case, midway):
    moving = asyncio.create_task(move_case(empty_service, syd, case, VAST, "Hit", NOW, keep=True))
    await midway.wait()
    await add_remark(empty_service, syd, case, "Hon är rädd.", NOW)
    await moving
    assert [remark.text for remark in (await read(empty_service, vast)).remarks] == ["Hit", "Hon är rädd."]


async def lay_aside(service: Service, reader: Reader, case: CaseId) -> None:
    await let_case_wait(service, reader, case, Waiting.PERSON, LATER, NOW)


async def put_it_off(service: Service, reader: Reader, case: CaseId) -> None:
    await put_off(service, reader, case, LATER, "Helg", NOW)


async def begin_writing(service: Service, case: CaseId, *, wakes: bool = True) -> asyncio.Task[None]:
    """The person writes, and their message is on its way to the disk."""
    begun = asyncio.Event()

    def write_slowly(conn: Connection) -> None:
        found = cases.find_case(conn, service.key, case)
        add_message(conn, service, found, Told("Mer", Card(Assessment()), wakes), NOW)
        begun.set()
        await_only(asyncio.sleep(0.3))

    writing = asyncio.create_task(service.database.write(write_slowly))
    await begun.wait()
    return writing


@pytest.mark.parametrize("act", [lay_aside, put_it_off])
async def test_no_case_is_put_aside_over_what_the_person_is_just_writing(empty_service, syd, case, act):
    await read(empty_service, syd)
    writing = await begin_writing(empty_service, case)
    with pytest.raises(Unread):
        await act(empty_service, syd, case)
    await writing


async def test_what_is_just_written_is_not_sealed_to_whom_the_case_is_taken_from(empty_service, syd, case):
    await move_case(empty_service, syd, case, VAST, "Hjälp oss", NOW, lend=True)
    writing = await begin_writing(empty_service, case, wakes=False)
    await take_back(empty_service, syd, case, VAST, NOW)
    await writing
    kept = select(wraps.c.recipient).where(wraps.c.case_id == case, wraps.c.recipient == VAST)
    assert await empty_service.database.read(lambda conn: conn.execute(kept).all()) == []
