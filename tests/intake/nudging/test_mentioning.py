"""A note for a colleague marks the case for them until they read it, and tells them without a word of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from intake.casework import list_cases, move_case, open_case, take_back
from intake.model import CaseId, Status
from intake.nudging.mentioning import NoReader, add_remark_for
from intake.people import deactivate
from intake.reading import NotYours, Reader
from intake.store import absences, cases, mentions
from intake.store.absences import Absence
from intake.store.schema import outbox
from intake.store.wanted import Wanted
from tests.flows.steps import only_case, tell
from tests.intake.nudging.town import NATIONAL, SYD, VAST, Told, Town, carry
from tests.service import MONDAY_MORNING, Person, reader_of
from triage.model import DeskName

SAID = "Kan du ringa Migrationsverket?"


async def reader(town: Town, desk: DeskName) -> Reader:
    return await reader_of(town.service, Person(f"{desk}@test", town.members[desk]))


@pytest.fixture
async def case(town: Town) -> CaseId:
    """A case of Syd's, lent to Väst."""
    await tell(town.service)
    syd = await reader(town, SYD)
    case = await only_case(town.service, syd)
    await move_case(town.service, syd, case, VAST, "Hjälp oss", MONDAY_MORNING, lend=True)
    return case


async def mention(town: Town, case: CaseId, desk: DeskName = VAST, now: datetime = MONDAY_MORNING) -> list[Told]:
    """Somebody of Syd's writes a note for somebody else; who was told of it."""
    await add_remark_for(town.service, await reader(town, SYD), case, SAID, town.members[desk], now)
    return await town.service.database.write(carry, now)


async def marked(town: Town, desk: DeskName = VAST) -> list[CaseId]:
    """The cases that somebody's list shows as theirs to look at."""
    wanted = Wanted(mentioned=town.members[desk])
    page = await list_cases(town.service, await reader(town, desk), None, 9, wanted=wanted)
    return [line.case.id for line in page.lines]


async def test_whoever_it_is_for_is_told_finds_it_and_reads_it_once(town: Town, case: CaseId):
    assert town.names(await mention(town, case)) == [("vast", "waiting")]
    assert (await marked(town), await marked(town, SYD)) == ([case], [])
    vast = await reader(town, VAST)
    await open_case(town.service, vast, case, MONDAY_MORNING)
    await open_case(town.service, vast, case, MONDAY_MORNING + timedelta(hours=1), noting=False)
    assert await marked(town) == [case]
    found = await open_case(town.service, vast, case, MONDAY_MORNING + timedelta(seconds=1))
    assert found.remarks[-1].text == f"@vast@test {SAID}"
    assert await marked(town) == []


async def test_a_note_that_came_while_its_case_was_read_stays_marked(town: Town, case: CaseId):
    later = MONDAY_MORNING + timedelta(minutes=1)
    await mention(town, case)
    await mention(town, case, now=later)
    await open_case(town.service, await reader(town, VAST), case, later)
    assert await marked(town) == [case]


async def test_earlier_messages_read_no_note_and_open_no_case(town: Town, case: CaseId):
    await mention(town, case)
    vast, later = await reader(town, VAST), MONDAY_MORNING + timedelta(hours=1)
    found = await open_case(town.service, vast, case, later, most=1, before=1)
    assert (len(found.messages), found.case.status) == (1, Status.NEW)
    assert await marked(town) == [case]


@pytest.mark.parametrize("desk", [SYD, NATIONAL])
async def test_nobody_is_named_who_does_not_read_the_case_nor_the_writer(town: Town, case: CaseId, desk: DeskName):
    with pytest.raises(NoReader):
        await mention(town, case, desk)
    with pytest.raises(NotYours):
        await add_remark_for(town.service, await reader(town, NATIONAL), case, SAID, town.members[SYD], MONDAY_MORNING)
    assert await town.service.database.read(mentions.of_member, town.members[desk]) == frozenset()


async def test_at_night_it_waits_for_the_morning_and_whoever_is_away_is_left_in_peace(town: Town, case: CaseId):
    night = MONDAY_MORNING + timedelta(hours=14)
    await add_remark_for(town.service, await reader(town, SYD), case, SAID, town.members[VAST], night)
    due = select(outbox.c.due_at).where(outbox.c.template == "waiting")
    (at,) = await town.service.database.read(lambda conn: conn.execute(due).scalars().all())
    assert at == (MONDAY_MORNING + timedelta(hours=22, minutes=30)).timestamp()
    await town.service.database.write(carry, night)
    gone = Absence(town.members[VAST], MONDAY_MORNING, MONDAY_MORNING + timedelta(days=9))
    await town.service.database.write(absences.save, gone)
    assert await mention(town, case, now=MONDAY_MORNING + timedelta(days=1)) == []
    assert await marked(town) == [case]


async def test_whoever_reads_the_case_no_more_has_no_mark_either(town: Town, case: CaseId):
    await mention(town, case)
    await take_back(town.service, await reader(town, SYD), case, VAST, MONDAY_MORNING)
    assert await town.service.database.read(mentions.of_member, town.members[VAST]) == frozenset()


async def test_the_mark_goes_with_the_case(town: Town, case: CaseId):
    await mention(town, case)
    await town.service.database.write(cases.delete_case, case)
    assert await town.service.database.read(mentions.of_member, town.members[VAST]) == frozenset()


async def test_whoever_is_shown_out_has_no_mark_either(town: Town, case: CaseId):
    await mention(town, case)
    await deactivate(town.service, town.members[VAST], MONDAY_MORNING, None)
    assert await town.service.database.read(mentions.of_member, town.members[VAST]) == frozenset()
