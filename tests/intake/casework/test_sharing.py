"""A case is wrapped to another desk's key beside the transaction, and what comes in meanwhile is not left behind."""

import asyncio
from threading import current_thread, main_thread

import pytest
from sqlalchemy import Connection
from sqlalchemy.util import await_only

from intake.casework import move_case, sharing
from intake.filing import Told, add_message, move_unread
from intake.model import Card, CaseId, Direction, Filed, RecipientKind
from intake.reading import Reader, share
from intake.service import Service
from intake.store import cases, envelopes
from tests.flows.steps import MALMO, NATIONAL, TEXT, VAST, add, read
from tests.intake.casework.meanwhile import disturbed
from tests.service import MONDAY_MORNING, reader_of
from triage.model import Assessment, Kind, Pace, Urgency

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MORE = Told("Mer", Card(Assessment()))


def write_more(conn: Connection, service: Service, case_id: CaseId) -> None:
    """The person writes again, whatever else happens to the case."""
    case = cases.find_case(conn, service.key, case_id)
    assert case is not None
    add_message(conn, service, case, MORE, MONDAY_MORNING)


async def texts(service: Service, reader: Reader) -> list[str]:
    return [message.text for message in (await read(service, reader)).messages]


@pytest.mark.parametrize("lend", [True, False])
async def test_what_comes_in_while_a_case_is_made_ready_goes_along(empty_service, syd, vast, case, receipt, lend):
    service = disturbed(empty_service, lambda: add(empty_service, receipt, "Mer"), times=9)
    await move_case(service, syd, case, VAST, "Hit", MONDAY_MORNING, lend=lend)
    first, *more = await texts(empty_service, vast)
    assert (first, set(more)) == (TEXT, {"Mer"})
    assert (await read(empty_service, vast)).locked == 0


@ON_SQLITE
async def test_nothing_that_was_there_before_is_wrapped_while_others_wait_to_write(
    empty_service, syd, vast, case, receipt, monkeypatch
):
    threads = []

    def watched(*args: object) -> object:
        threads.append(current_thread())
        return share(*args)

    monkeypatch.setattr(sharing, "share", watched)
    monkeypatch.setattr(sharing, "_AT_ONCE", 3)
    for _ in range(3):
        await add(empty_service, receipt, "Mer")
    await move_case(empty_service, syd, case, VAST, "Hit", MONDAY_MORNING)
    assert (len(threads) >= 8, set(threads)) == (True, {main_thread()})


@ON_POSTGRESQL
async def test_what_is_being_written_while_a_case_moves_moves_with_it(empty_service, syd, vast, case):
    written = asyncio.Event()

    def write_slowly(conn: Connection) -> None:
        write_more(conn, empty_service, case)
        written.set()
        await_only(asyncio.sleep(0.2))

    writing = asyncio.create_task(empty_service.database.write(write_slowly))
    await written.wait()
    await move_case(empty_service, syd, case, VAST, "Hit", MONDAY_MORNING)
    await writing
    assert await texts(empty_service, vast) == [TEXT, "Mer"]


@ON_POSTGRESQL
async def test_whoever_found_a_case_before_it_moved_writes_to_where_it_lies(empty_service, syd, vast, case):
    found, moved = asyncio.Event(), asyncio.Event()

    def write_late(conn: Connection) -> None:
        known = cases.find_case(conn, empty_service.key, case)
        found.set()
        await_only(moved.wait())
        add_message(conn, empty_service, known, MORE, MONDAY_MORNING)

    writing = asyncio.create_task(empty_service.database.write(write_late))
    await found.wait()
    await move_case(empty_service, syd, case, VAST, "Hit", MONDAY_MORNING)
    moved.set()
    await writing
    assert await texts(empty_service, vast) == [TEXT, "Mer"]


@ON_SQLITE
async def test_what_is_sealed_anew_while_a_case_is_made_ready_is_wrapped_anew(
    empty_service, syd, people, case, monkeypatch
):
    acute = Card(Assessment(kind=Kind.TIP, urgency=Urgency.ACUTE, place=MALMO))

    def seal_anew(conn: Connection) -> None:
        found = cases.find_case(conn, empty_service.key, case)
        (first,) = envelopes.of_case(conn, empty_service.key, case, [Direction.FROM_PERSON], RecipientKind.DESK)
        filed = Filed(case, first.envelope.context.message, 0)
        moved = move_unread(conn, empty_service, found, [(filed, Told(TEXT, acute), MONDAY_MORNING)], MONDAY_MORNING)
        assert (moved.desk, moved.pace) == (found.desk, Pace.NOW)

    async def prepare_late(*args: object) -> object:
        made = await prepare(*args)
        await empty_service.database.write(seal_anew)
        return made

    prepare = sharing._prepare
    monkeypatch.setattr(sharing, "_prepare", prepare_late)
    await move_case(empty_service, syd, case, NATIONAL, "Hit", MONDAY_MORNING)
    assert await texts(empty_service, await reader_of(empty_service, people[2])) == [TEXT]
