"""What a coordinator does: sees their desk's cases and no others, reads, takes, closes; each act in the log."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from intake import audit, casework
from intake.audit import Act
from intake.casefile.closing import Closing, close
from intake.casework import Unread
from intake.model import CaseId, Status
from intake.reading import NotYours, Reader
from intake.reply import Overtaken, reply
from intake.service import Service
from intake.store import cases
from intake.store.envelopes import Stretch
from intake.store.recovering import cases_at
from intake.store.schema import cases as table
from intake.store.schema import grants
from intake.vault.errors import Tampered
from tests.flows.steps import GOTEBORG, SYD, TEXT, VAST, add, listed, look, only_case, read, staffed, tell
from tests.service import MONDAY_MORNING, Person, reader_of, staff

LATER = MONDAY_MORNING + timedelta(hours=3)


@pytest.fixture
async def people(empty_service: Service) -> list[Person]:
    """Who works at Syd, at Väst and at the national desk."""
    return await staffed(empty_service, "syd", "vast", "nationell")


@pytest.fixture
async def syd(empty_service: Service, people: list[Person]) -> Reader:
    return await reader_of(empty_service, people[0])


@pytest.fixture
async def vast(empty_service: Service, people: list[Person]) -> Reader:
    return await reader_of(empty_service, people[1])


async def acts(service: Service, desk=SYD) -> list[Act]:
    return [line.act for line in await service.database.read(audit.read, service.key, desk)]


async def test_each_desk_lists_its_own_cases_with_what_they_are_about(empty_service: Service, syd, vast):
    await tell(empty_service)
    await tell(empty_service, "Något i Göteborg", GOTEBORG)
    (line,) = (await casework.list_cases(empty_service, syd, None, 9)).lines
    assert [card.assessment.place.county for card in line.cards] == ["12"]
    (line,) = (await casework.list_cases(empty_service, vast, None, 9)).lines
    assert [card.assessment.place.county for card in line.cards] == ["14"]


async def test_a_long_list_comes_page_by_page(empty_service: Service, syd: Reader):
    for n in range(5):
        await tell(empty_service, now=MONDAY_MORNING + timedelta(hours=n % 3))
    seen, after, pages = [], None, 0
    while True:
        page = await casework.list_cases(empty_service, syd, after, 2)
        seen, after, pages = seen + [line.case for line in page.lines], page.after, pages + 1
        if after is None:
            break
    assert pages == 3
    assert seen == sorted(seen, key=lambda case: (case.due_at, case.id))
    assert len({case.id for case in seen}) == 5


async def test_a_full_page_at_the_end_leads_nowhere(empty_service: Service, syd: Reader):
    for _ in range(2):
        await tell(empty_service)
    assert (await casework.list_cases(empty_service, syd, None, 2)).after is None


async def test_reading_a_case_opens_it_and_is_logged(empty_service: Service, syd: Reader):
    receipt = (await tell(empty_service)).receipt
    opened = await read(empty_service, syd, LATER)
    assert [message.text for message in opened.messages] == [TEXT]
    assert (opened.locked, opened.can_be_answered) == (0, True)
    assert (await look(empty_service, receipt)).case.status is Status.OPENED
    assert (await acts(empty_service))[-1] is Act.OPENED


async def close_it(service: Service, reader: Reader, case: CaseId, now: datetime) -> None:
    await close(service, reader, case, Closing(), now)


@pytest.mark.parametrize("verb", [casework.open_case, casework.assign_to_me, close_it])
async def test_anothers_case_and_none_at_all_look_the_same(empty_service: Service, syd, vast, verb):
    await tell(empty_service)
    refusals = []
    for case in (await only_case(empty_service, syd), CaseId("unknown")):
        with pytest.raises(NotYours) as refused:
            await verb(empty_service, vast, case, LATER)
        refusals.append((type(refused.value), refused.value.args))
    assert refusals[0] == refusals[1]
    assert Act.OPENED not in await acts(empty_service) + await acts(empty_service, VAST)


async def test_a_lent_case_counts_as_opened_only_by_who_could_read_it(empty_service: Service, syd, vast):
    receipt = (await tell(empty_service)).receipt
    case = await only_case(empty_service, syd)
    await empty_service.database.write(cases.grant, empty_service.key, case, VAST, "escalation", LATER)
    opened = await casework.open_case(empty_service, vast, case, LATER)
    assert (opened.messages, opened.locked, opened.cards) == ([], 1, {})
    assert (await look(empty_service, receipt)).case.status is Status.NEW
    assert Act.OPENED not in await acts(empty_service)
    await add(empty_service, receipt, "Mer", LATER)
    opened = await casework.open_case(empty_service, vast, case, LATER)
    assert ([message.text for message in opened.messages], opened.locked) == (["Mer"], 1)
    assert (opened.unread_locked, (await look(empty_service, receipt)).case.status) == (True, Status.NEW)
    assert (await casework.open_case(empty_service, syd, case, LATER)).case.status is Status.OPENED
    assert not (await casework.open_case(empty_service, vast, case, LATER)).unread_locked


async def test_an_earlier_page_that_does_not_open_to_its_reader_leaves_the_case_unread(
    empty_service: Service, syd: Reader, vast: Reader
):
    receipt = (await tell(empty_service)).receipt
    await add(empty_service, receipt, "Mer", LATER)
    case = await only_case(empty_service, syd)
    await empty_service.database.write(cases.grant, empty_service.key, case, VAST, "escalation", LATER)
    for text in ("Han kommer", "Nu"):
        await add(empty_service, receipt, text, LATER)
    for reader, status in ((vast, Status.NEW), (syd, Status.OPENED)):
        found = await casework.open_case(empty_service, reader, case, LATER, most=3, before=3, seen=4)
        assert found.case.status is status


async def test_a_newcomer_who_waits_sees_no_list(empty_service: Service, syd: Reader):
    await tell(empty_service)
    newcomer = await reader_of(empty_service, await staff(empty_service, "new@test", "syd"))
    assert await listed(empty_service, newcomer) == []
    with pytest.raises(NotYours):
        await casework.open_case(empty_service, newcomer, await only_case(empty_service, syd), LATER)


async def test_a_case_is_taken_into_ones_own_hands(empty_service: Service, syd: Reader):
    receipt = (await tell(empty_service)).receipt
    await casework.assign_to_me(empty_service, syd, await only_case(empty_service, syd), LATER)
    assert (await look(empty_service, receipt)).case.assignee == syd.member
    assert (await acts(empty_service))[-1] is Act.ASSIGNED


async def test_a_case_is_closed_only_once_it_was_read(empty_service: Service, syd: Reader):
    await tell(empty_service)
    case = await only_case(empty_service, syd)
    with pytest.raises(Unread):
        await close(empty_service, syd, case, Closing(), LATER)
    await read(empty_service, syd)
    await close(empty_service, syd, case, Closing(), LATER)
    assert await listed(empty_service, syd) == []
    (line,) = (await casework.list_cases(empty_service, syd, None, 9, closed=True)).lines
    assert (line.case.id, line.case.status) == (case, Status.CLOSED)
    assert (await acts(empty_service))[-1] is Act.CLOSED


async def test_a_moved_case_spoils_the_list_rather_than_showing_it(empty_service: Service, vast: Reader):
    await tell(empty_service)
    await empty_service.database.write(lambda conn: conn.execute(update(table).values(desk="vast")))
    with pytest.raises(Tampered):
        await listed(empty_service, vast)


async def test_of_a_long_case_the_last_messages_are_opened_with_what_all_are_about(empty_service: Service, syd: Reader):
    receipt = (await tell(empty_service, "Hon är 15 år och hålls inlåst.")).receipt
    for n in range(4):
        await add(empty_service, receipt, str(n), LATER)
    whole = await read(empty_service, syd, LATER)
    last = await casework.open_case(empty_service, syd, whole.case.id, LATER, most=2)
    assert [message.text for message in last.messages] == ["2", "3"]
    assert (last.labels, len(last.cards), last.seen, last.earlier) == (whole.labels, 5, 5, 3)
    first = await casework.open_case(empty_service, syd, whole.case.id, LATER, most=9, before=last.earlier)
    assert ([message.text for message in first.messages[1:]], first.earlier) == (["0", "1"], None)


async def test_what_was_written_past_a_shown_part_overtakes_the_answer(empty_service: Service, syd: Reader):
    receipt = (await tell(empty_service)).receipt
    await add(empty_service, receipt, "Mer", LATER)
    shown = await casework.open_case(empty_service, syd, await only_case(empty_service, syd), LATER, most=1)
    await reply(empty_service, syd, shown.case.id, "Hej", LATER, Stretch(end=shown.seen))
    with pytest.raises(Overtaken):
        await reply(empty_service, syd, shown.case.id, "Hej igen", LATER, Stretch(end=shown.seen))


async def planted(service: Service, reader: Reader) -> None:
    """A row that shows Syd's only case to Väst, by somebody who has no key."""
    row = {"desk": VAST, "ground": "escalation", "since": 0, "due_at": 0, "mac": b"", "closed_at": None}
    row["case_id"] = await only_case(service, reader)
    await service.database.write(lambda conn: conn.execute(insert(grants), row))


@pytest.mark.parametrize("verb", [cases.list_open, cases.list_newest, cases.named])
async def test_no_list_shows_a_case_by_a_planted_row(empty_service: Service, syd: Reader, vast: Reader, verb):
    await tell(empty_service)
    await planted(empty_service, syd)
    asked = [(await only_case(empty_service, syd))[:5]] if verb is cases.named else [None, 9]
    with pytest.raises(Tampered):
        await empty_service.database.read(verb, empty_service.key, [VAST], *asked)


async def test_the_recovery_key_opens_nothing_to_a_desk_by_a_planted_row(empty_service: Service, syd: Reader, vast):
    await tell(empty_service)
    await planted(empty_service, syd)
    with pytest.raises(Tampered):
        await empty_service.database.read(cases_at, empty_service.key, VAST, None, 9)
