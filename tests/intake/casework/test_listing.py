"""The list narrowed: what lies in the clear by the rows, labels by opened cards, a bounded number of them."""

from datetime import timedelta

import pytest

from intake import casework
from intake.casework import Listed, list_cases, listing
from intake.casework.views import MOST_VIEWS, TooManyViews, forget_view, list_views, save_view
from intake.model import CaseId, MemberId, Status, Waiting
from intake.reading import Reader
from intake.service import Service
from intake.store.schema import views
from intake.store.wanted import Wanted
from tests.flows.steps import MALMO, SYD, VAST, tell
from tests.service import MONDAY_MORNING
from triage.model import Place

LATER = MONDAY_MORNING + timedelta(hours=1)
LUND = Place("12", "1281")


@pytest.fixture
async def cases(empty_service: Service, syd: Reader) -> list[CaseId]:
    """Six cases of Syd's, the first due first, from Malmö and Lund in turn."""
    for number in range(6):
        when = MONDAY_MORNING + timedelta(hours=number)
        await tell(empty_service, place=(MALMO, LUND)[number % 2], now=when)
    return [line.case.id for line in (await list_cases(empty_service, syd, None, 9)).lines]


async def found(service: Service, reader: Reader, wanted: Wanted) -> list[CaseId]:
    return [line.case.id for line in (await list_cases(service, reader, None, 9, wanted=wanted)).lines]


def in_lund(line: Listed) -> bool:
    return line.labels is not None and line.labels.place == LUND


async def test_the_rows_answer_for_state_holder_desk_and_waiting(empty_service, syd, cases):
    first, second, third = cases[:3]
    await casework.assign_to_me(empty_service, syd, first, LATER)
    for case in (second, third):
        await casework.open_case(empty_service, syd, case, LATER)
    until = LATER + timedelta(days=9)
    await casework.let_case_wait(empty_service, syd, third, Waiting.PERSON, until, LATER)
    assert await found(empty_service, syd, Wanted(assignee=syd.member)) == [first]
    assert first not in await found(empty_service, syd, Wanted(unassigned=True))
    assert await found(empty_service, syd, Wanted(status=Status.OPENED)) == [second, third]
    assert await found(empty_service, syd, Wanted(waiting=Waiting.PERSON)) == [third]
    assert await found(empty_service, syd, Wanted(waiting=Waiting.PARTNER)) == []
    assert await found(empty_service, syd, Wanted(desk=VAST)) == []
    assert len(await found(empty_service, syd, Wanted(desk=SYD))) == 6


async def test_late_is_what_is_due_and_not_answered(empty_service, syd, cases):
    page = await list_cases(empty_service, syd, None, 9)
    third_due = page.lines[2].case.due_at
    assert await found(empty_service, syd, Wanted(late_at=third_due)) == cases[:3]
    assert await found(empty_service, syd, Wanted(late_at=MONDAY_MORNING)) == []


async def test_labels_are_asked_of_opened_cards_page_by_page(empty_service, syd, cases):
    seen, after = [], None
    for _ in range(2):
        page = await list_cases(empty_service, syd, after, 2, fits=in_lund)
        seen, after = seen + [line.case.id for line in page.lines], page.after
    assert seen == [cases[1], cases[3], cases[5]]
    assert after is None


async def test_one_page_opens_no_more_than_so_many_cases_and_leads_on(empty_service, syd, cases, monkeypatch):
    monkeypatch.setattr(listing, "MOST_OPENED", 2)
    monkeypatch.setattr(listing, "_AT_A_TIME", 2)
    page = await list_cases(empty_service, syd, None, 5, fits=in_lund)
    assert ([line.case.id for line in page.lines], page.looked_at) == ([cases[1]], 2)
    assert page.after is not None
    further = await list_cases(empty_service, syd, page.after, 5, fits=in_lund)
    assert [line.case.id for line in further.lines] == [cases[3]]


async def test_views_are_a_members_own_by_name_and_lie_sealed(empty_service, syd, vast):
    for name, query in (("Östra Malmö", "place=12"), ("barn", "age=child")):
        await save_view(empty_service, syd.member, name, query)
    kept = await list_views(empty_service, syd.member)
    assert [(view.name, view.query) for view in kept] == [("barn", "age=child"), ("Östra Malmö", "place=12")]
    assert await list_views(empty_service, vast.member) == []
    await forget_view(empty_service, vast.member, kept[0].id)
    await forget_view(empty_service, syd.member, kept[1].id)
    assert [view.name for view in await list_views(empty_service, syd.member)] == ["barn"]
    (row,) = await empty_service.database.read(lambda conn: conn.execute(views.select()).all())
    assert b"barn" not in row.sealed


async def test_a_member_keeps_so_many_views(empty_service, syd):
    for number in range(MOST_VIEWS):
        await save_view(empty_service, syd.member, str(number), "late=late")
    with pytest.raises(TooManyViews):
        await save_view(empty_service, syd.member, "one more", "late=late")
    assert await list_views(empty_service, MemberId("nobody")) == []
