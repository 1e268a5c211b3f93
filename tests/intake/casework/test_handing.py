"""A case goes to another desk, or is lent: who reads what afterwards, by when, and what the logs say."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake import audit, casework, reply
from intake.audit import Act
from intake.casework import NoSuchDesk, SealedToOthers, move_case, take_back
from intake.model import CaseId, Status
from intake.reading import NotYours, Reader
from intake.service import Service
from intake.store.schema import grants, wraps
from intake.vault.remark import About
from tests.flows.steps import NATIONAL, SYD, TEXT, VAST, add, heard, listed, read
from tests.service import MONDAY_MORNING
from triage.model import DeskName

LATER = MONDAY_MORNING + timedelta(hours=3)
WHY = "Bostaden ligger i Göteborg."


async def acts(service: Service, desk: DeskName) -> list[Act]:
    return [line.act for line in await service.database.read(audit.read, service.key, desk)]


async def holders(service: Service) -> set[str]:
    """Who has a wrap of anything, mailboxes left out."""
    found = select(wraps.c.recipient).where(wraps.c.kind == "desk").distinct()
    return set(await service.database.read(lambda conn: conn.execute(found).scalars().all()))


async def texts(service: Service, reader: Reader, case: CaseId) -> list[str]:
    return [message.text for message in (await casework.open_case(service, reader, case, LATER)).messages]


async def test_a_moved_case_is_read_there_and_nowhere_else(empty_service, syd, vast, case, receipt):
    await reply.reply(empty_service, syd, case, "Tack", MONDAY_MORNING)
    await casework.add_remark(empty_service, syd, case, "Ring henne inte", MONDAY_MORNING)
    await move_case(empty_service, syd, case, VAST, WHY, LATER)
    assert await texts(empty_service, vast, case) == [TEXT, "Tack"]
    with pytest.raises(NotYours):
        await casework.open_case(empty_service, syd, case, LATER)
    assert await listed(empty_service, syd) == []
    assert await holders(empty_service) == {"vast"}


async def test_the_receiving_desk_sees_labels_remarks_from_whom_and_why(empty_service, syd, vast, case):
    await casework.add_remark(empty_service, syd, case, "Ring henne inte", MONDAY_MORNING)
    await move_case(empty_service, syd, case, VAST, WHY, LATER)
    found = await read(empty_service, vast, LATER)
    assert found.labels is not None
    assert found.labels.place.county == "12"
    note, moved = found.remarks
    assert (note.text, note.login, note.about) == ("Ring henne inte", "syd@test", About.NOTE)
    assert (moved.text, moved.login, moved.at) == (WHY, "syd@test", LATER)
    assert (moved.about, moved.from_desk, moved.to_desk) == (About.MOVED, SYD, VAST)


async def test_it_must_be_read_anew_by_a_time_of_the_new_desk(empty_service, syd, vast, case):
    before = (await read(empty_service, syd)).case
    await casework.assign_to_me(empty_service, syd, case, LATER)
    await move_case(empty_service, syd, case, VAST, WHY, LATER)
    (line,) = (await casework.list_cases(empty_service, vast, None, 9)).lines
    assert (line.case.desk, line.case.status, line.case.assignee) == (VAST, Status.NEW, None)
    assert line.case.due_at > before.due_at


async def test_the_person_writes_and_reads_on_as_before(empty_service, syd, vast, case, receipt):
    await move_case(empty_service, syd, case, VAST, WHY, LATER)
    await add(empty_service, receipt, "Mer", LATER)
    assert await texts(empty_service, vast, case) == [TEXT, "Mer"]
    await reply.reply(empty_service, vast, case, "Vi i Väst svarar", LATER)
    assert await heard(empty_service, receipt, LATER) == [TEXT, "Mer", "Vi i Väst svarar"]
    assert await holders(empty_service) == {"vast"}


async def test_a_desk_that_keeps_reading_does(empty_service, syd, vast, case, receipt):
    await move_case(empty_service, syd, case, VAST, WHY, LATER, keep=True)
    await add(empty_service, receipt, "Mer", LATER)
    assert await texts(empty_service, syd, case) == await texts(empty_service, vast, case) == [TEXT, "Mer"]


async def test_a_lent_case_is_read_by_both_and_stays(empty_service, syd, vast, case, receipt):
    await move_case(empty_service, syd, case, VAST, WHY, LATER, lend=True)
    await add(empty_service, receipt, "Mer", LATER)
    assert await texts(empty_service, vast, case) == await texts(empty_service, syd, case) == [TEXT, "Mer"]
    found = await read(empty_service, vast, LATER)
    assert (found.case.desk, found.remarks[-1].about, found.shown_to) == (SYD, About.LENT, {VAST: "lent"})


async def test_a_loan_ends_and_leaves_nothing_behind(empty_service, syd, vast, case):
    await move_case(empty_service, syd, case, VAST, WHY, LATER, lend=True)
    await take_back(empty_service, syd, case, VAST, LATER)
    with pytest.raises(NotYours):
        await casework.open_case(empty_service, vast, case, LATER)
    assert await holders(empty_service) == {"syd"}
    assert await texts(empty_service, syd, case) == [TEXT]
    with pytest.raises(NoSuchDesk):
        await take_back(empty_service, syd, case, VAST, LATER)


async def test_a_loan_goes_with_the_case_and_ends_where_the_borrower_gets_it(empty_service, syd, vast, case):
    await move_case(empty_service, syd, case, VAST, WHY, LATER, lend=True)
    await move_case(empty_service, syd, case, NATIONAL, WHY, LATER)
    assert await texts(empty_service, vast, case) == [TEXT]
    found = await casework.open_case(empty_service, vast, case, LATER)
    assert (found.case.desk, found.shown_to) == (NATIONAL, {VAST: "lent"})


async def test_a_borrower_who_is_given_the_case_holds_no_loan_any_more(empty_service, syd, vast, case):
    await move_case(empty_service, syd, case, VAST, WHY, LATER, lend=True)
    await move_case(empty_service, syd, case, VAST, WHY, LATER)
    assert (await read(empty_service, vast, LATER)).shown_to == {}
    assert await empty_service.database.read(lambda conn: conn.execute(select(grants)).all()) == []


async def test_a_borrower_cannot_give_away_what_is_not_theirs(empty_service, syd, vast, case):
    await move_case(empty_service, syd, case, VAST, WHY, LATER, lend=True)
    for lend in (True, False):
        with pytest.raises(NotYours):
            await move_case(empty_service, vast, case, NATIONAL, WHY, LATER, lend=lend)
    with pytest.raises(NotYours):
        await take_back(empty_service, vast, case, VAST, LATER)


@pytest.mark.parametrize("desk", ["syd", "nord", "nowhere", ""])
@pytest.mark.parametrize("lend", [True, False])
async def test_a_case_goes_only_to_another_desk_where_somebody_reads(empty_service, syd, case, desk, lend):
    with pytest.raises(NoSuchDesk):
        await move_case(empty_service, syd, case, DeskName(desk), WHY, LATER, lend=lend)
    assert await texts(empty_service, syd, case) == [TEXT]


async def test_nobody_moves_what_they_cannot_read(empty_service, syd, vast, case):
    """Somebody who was let in to a later key alone would lose what came before."""
    blind = Reader(vast.member, frozenset({SYD}), vast.private, {(SYD, 2): vast.private})
    with pytest.raises(SealedToOthers):
        await move_case(empty_service, blind, case, VAST, WHY, LATER)
    assert await texts(empty_service, syd, case) == [TEXT]


async def test_another_desks_case_and_none_are_not_moved(empty_service, vast, case):
    for one in (case, CaseId("unknown")):
        with pytest.raises(NotYours):
            await move_case(empty_service, vast, one, NATIONAL, WHY, LATER)


async def test_both_logs_tell_it_without_a_word(empty_service, syd, vast, case):
    await move_case(empty_service, syd, case, VAST, WHY, LATER, lend=True)
    await take_back(empty_service, syd, case, VAST, LATER)
    await move_case(empty_service, syd, case, VAST, WHY, LATER)
    assert (await acts(empty_service, SYD))[-3:] == [Act.LENT, Act.TAKEN_BACK, Act.MOVED]
    assert (await acts(empty_service, VAST))[-3:] == [Act.RECEIVED, Act.TAKEN_BACK, Act.RECEIVED]
