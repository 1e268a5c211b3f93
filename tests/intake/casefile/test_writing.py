"""A casefile: entries are only added, sealed to who reads the case, not to the person; the clock learns dates alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intake import audit, casework
from intake.audit import Act
from intake.casefile.entries import (
    Answered,
    Basis,
    Concern,
    ConcernState,
    Entry,
    FollowUp,
    Held,
    Referral,
    Step,
    Transferred,
    from_json,
    to_json,
)
from intake.casefile.reading import linked_cases, read_casefile
from intake.casefile.state import CaseFile
from intake.casefile.writing import InThePast, Itself, link, write_down
from intake.model import CaseId, Hold
from intake.reading import NotYours, Reader
from intake.service import Service
from intake.store import cases
from intake.store.schema import cases as case_table
from intake.store.schema import wraps
from intake.vault.errors import Tampered
from tests.flows.steps import GOTEBORG, SYD, VAST, listed, only_case, staffed, tell
from tests.service import MONDAY_MORNING, Person, reader_of

NOW = MONDAY_MORNING
FRIDAY = NOW + timedelta(days=4)
SECRET = "hon ringer själv på fredag"


@pytest.fixture
async def people(empty_service: Service) -> list[Person]:
    return await staffed(empty_service, "syd", "vast", "nationell")


@pytest.fixture
async def syd(empty_service: Service, people: list[Person]) -> Reader:
    return await reader_of(empty_service, people[0])


@pytest.fixture
async def case(empty_service: Service, syd: Reader) -> CaseId:
    await tell(empty_service)
    return await only_case(empty_service, syd)


async def file_of(service: Service, reader: Reader, case: CaseId) -> CaseFile:
    return await read_casefile(service, reader, case)


async def test_a_step_is_done_and_undone_and_both_stay_in_the_history(empty_service: Service, syd, case):
    for minute, done in enumerate((True, True, False)):
        fact = Step(title="Tolk ordnad", done=done)
        await write_down(empty_service, syd, case, fact, NOW + timedelta(minutes=minute))
    file = await file_of(empty_service, syd, case)
    assert (file.steps, len(file.history)) == (frozenset(), 3)
    await write_down(empty_service, syd, case, Step(title="Betänketid", done=True), NOW)
    assert (await file_of(empty_service, syd, case)).steps == {"Betänketid"}


async def test_a_report_of_concern_says_what_became_of_it_and_when(empty_service: Service, syd, case):
    made = Concern(state=ConcernState.MADE, at=NOW, remark="till Malmö")
    await write_down(empty_service, syd, case, Concern(state=ConcernState.CANNOT, at=NOW), NOW)
    await write_down(empty_service, syd, case, made, NOW + timedelta(hours=1))
    assert (await file_of(empty_service, syd, case)).concern.fact == made


async def test_a_referral_waits_for_its_own_answer(empty_service: Service, syd, case):
    for number, partner in enumerate(("Socialtjänsten", "Polisen")):
        referral = Referral(id=str(number), partner=partner, basis=Basis.CONSENT, awaited=date(2026, 12, 1))
        await write_down(empty_service, syd, case, referral, NOW + timedelta(minutes=number))
    await write_down(empty_service, syd, case, Answered(referral="1", remark="ja"), NOW + timedelta(hours=1))
    referrals = (await file_of(empty_service, syd, case)).referrals
    assert [(one.referral.partner, one.answer is not None) for one in referrals] == [
        ("Socialtjänsten", False),
        ("Polisen", True),
    ]
    assert Act.REFERRED in [line.act for line in await empty_service.database.read(audit.read, empty_service.key, SYD)]


async def test_of_a_follow_up_the_clock_knows_the_time_and_only_the_desk_the_reason(empty_service: Service, syd, case):
    await write_down(empty_service, syd, case, FollowUp(at=FRIDAY, reason=SECRET), NOW)
    row = await empty_service.database.read(cases.find_case, empty_service.key, case)
    assert row.follow_up_at == FRIDAY
    file = await file_of(empty_service, syd, case)
    assert file.follow_up.fact == FollowUp(at=FRIDAY, reason=SECRET)
    assert SECRET not in repr(file) + repr(file.follow_up)
    await write_down(empty_service, syd, case, FollowUp(at=None), NOW + timedelta(hours=1))
    row = await empty_service.database.read(cases.find_case, empty_service.key, case)
    assert (row.follow_up_at, (await file_of(empty_service, syd, case)).follow_up) == (None, None)


async def test_nothing_is_followed_up_at_a_time_that_is_over(empty_service: Service, syd, case):
    with pytest.raises(InThePast):
        await write_down(empty_service, syd, case, FollowUp(at=NOW, reason=SECRET), NOW)
    assert (await file_of(empty_service, syd, case)).history == []


async def test_a_hold_is_a_word_in_the_row_and_a_reason_in_the_file(empty_service: Service, syd, case):
    await write_down(empty_service, syd, case, Held(hold=Hold.DISCLOSURE, reason=SECRET), NOW)
    row = await empty_service.database.read(cases.find_case, empty_service.key, case)
    assert (row.held, (await file_of(empty_service, syd, case)).hold.fact.reason) == (Hold.DISCLOSURE, SECRET)
    await write_down(empty_service, syd, case, Held(hold=None, reason="klart"), NOW + timedelta(hours=1))
    row = await empty_service.database.read(cases.find_case, empty_service.key, case)
    assert (row.held, (await file_of(empty_service, syd, case)).hold) == (None, None)
    acts = [line.act for line in await empty_service.database.read(audit.read, empty_service.key, SYD)]
    assert acts[-2:] == [Act.HELD, Act.RELEASED]


async def test_nothing_of_the_file_is_sealed_to_the_person(empty_service: Service, syd, case):
    await write_down(empty_service, syd, case, Transferred(reference="SN 2026/17"), NOW)
    query = select(wraps.c.kind).where(wraps.c.direction == "file")
    assert set(await empty_service.database.read(lambda conn: list(conn.execute(query).scalars()))) == {"desk"}


async def test_another_desk_neither_reads_nor_writes(empty_service: Service, people, syd, case):
    vast = await reader_of(empty_service, people[1])
    with pytest.raises(NotYours):
        await read_casefile(empty_service, vast, case)
    with pytest.raises(NotYours):
        await write_down(empty_service, vast, case, Step(title="x", done=True), NOW)


async def test_who_gets_a_moved_case_reads_its_whole_file_and_writes_on(empty_service: Service, people, syd, case):
    vast = await reader_of(empty_service, people[1])
    await casework.open_case(empty_service, syd, case, NOW)
    await write_down(empty_service, syd, case, FollowUp(at=FRIDAY, reason=SECRET), NOW)
    await casework.move_case(empty_service, syd, case, VAST, "hon har flyttats", NOW)
    await write_down(empty_service, vast, case, Step(title="Tolk ordnad", done=True), NOW + timedelta(hours=1))
    file = await file_of(empty_service, vast, case)
    assert (file.follow_up.fact.reason, file.steps, file.locked) == (SECRET, {"Tolk ordnad"}, 0)


async def test_linked_cases_name_each_other_until_they_are_parted(empty_service: Service, syd, case):
    await tell(empty_service, "En till")
    (other,) = {*await listed(empty_service, syd)} - {case}
    await link(empty_service, syd, case, other, NOW, linked=True)
    for one, two in ((case, other), (other, case)):
        links = (await file_of(empty_service, syd, one)).links
        assert [found.id for found in await linked_cases(empty_service, syd, links)] == [two]
    await link(empty_service, syd, other, case, NOW + timedelta(hours=1), linked=False)
    assert (await file_of(empty_service, syd, case)).links == frozenset()


async def test_no_case_is_linked_to_itself_or_to_one_that_the_member_may_not_read(empty_service, people, syd, case):
    with pytest.raises(Itself):
        await link(empty_service, syd, case, case, NOW, linked=True)
    await tell(empty_service, "Göteborg", GOTEBORG)
    theirs = await only_case(empty_service, await reader_of(empty_service, people[1]))
    with pytest.raises(NotYours):
        await link(empty_service, syd, case, theirs, NOW, linked=True)
    assert (await file_of(empty_service, syd, case)).history == []


async def test_what_a_new_message_wakes_is_not_deleted_by_its_old_date(empty_service: Service, syd, case):
    await empty_service.database.write(
        lambda conn: conn.execute(case_table.update().values(delete_at=1, status="closed", closed_at=1))
    )
    row = await empty_service.database.read(cases.find_case, empty_service.key, case)
    await empty_service.database.write(cases.mark_waiting, case, row.pace, NOW, NOW)
    assert (await empty_service.database.read(cases.find_case, empty_service.key, case)).delete_at is None


def test_an_entry_comes_back_as_it_was_written_and_nothing_else_passes_for_one():
    entry = Entry(by="m", at=NOW, fact=Referral(id="1", partner="Polisen", basis=Basis.GROUND, ground="10:24 OSL"))
    assert from_json(to_json(entry)) == entry
    assert "Polisen" not in repr(entry)
    with pytest.raises(Tampered):
        from_json('{"by": "m"}')
