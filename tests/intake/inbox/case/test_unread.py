"""What nobody has read: begins the page, or is said to stand before it, and waits until somebody has read it."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from intake.casework import looking
from intake.inbox.case import casepages
from intake.model import CaseId
from intake.service import Service
from intake.store import cases
from tests.intake.inbox.browser import Answer, Browser
from tests.intake.inbox.case.said import ANSWER, answers, more, send
from tests.intake.inbox.conftest import TOLD
from tests.service import MONDAY_MORNING


async def told_on(house: Service, receipt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person writes three times more than the page's two messages hold."""
    monkeypatch.setattr(casepages, "MOST_SHOWN", 2)
    for text in ("Andra", "Tredje", "Fjärde"):
        await more(house, receipt, text)


def link(page: Answer, to: str) -> str:
    """The address of a link on the page that leads to `to`."""
    (found,) = re.findall(rf'href="(/cases/[^"]*/{to}[^"]*)"', page.text)
    return unescape(found)


async def test_all_that_is_unread_stands_on_the_page_and_earlier_messages_a_page_further(
    nord: Browser, case: CaseId, house: Service, receipt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told_on(house, receipt, monkeypatch)
    unread = await nord.get(f"/cases/{case}")
    assert (TOLD in unread.words, "Fjärde" in unread.text, "/earlier?" in unread.text) == (True, True, False)
    page = await nord.get(f"/cases/{case}")
    assert (TOLD in page.words, "Fjärde" in page.text) == (False, True)
    earlier = await nord.get(link(page, "earlier"))
    assert (TOLD in earlier.words, "Andra" in earlier.text, "Fjärde" in earlier.text) == (True, True, False)
    assert "/earlier?" not in earlier.text


@pytest.fixture
async def part(nord: Browser, case: CaseId, house: Service, receipt: str, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """The case's page, with only half of what is unread."""
    await told_on(house, receipt, monkeypatch)
    monkeypatch.setattr(looking, "MOST_UNREAD", 2)
    return await nord.get(f"/cases/{case}")


async def test_what_more_is_unread_than_a_page_holds_keeps_the_case_unread_until_it_is_shown(
    nord: Browser, case: CaseId, part: Answer
) -> None:
    assert "Unread messages stand before these" in part.text
    await nord.get(f"/cases/{case}/earlier?before=2")
    assert (await nord.fill_in(f"/cases/{case}", f"/cases/{case}/close")).status == 409
    first = await nord.get(link(part, "earlier"))
    assert (TOLD in first.words, "Unread messages stand" in first.text) == (True, False)
    assert (await nord.fill_in(f"/cases/{case}", f"/cases/{case}/close")).location == "/"


async def test_earlier_messages_open_no_case_that_has_got_more_since_the_newest_were_shown(
    nord: Browser, case: CaseId, house: Service, receipt: str, part: Answer
) -> None:
    await more(house, receipt, "Han kommer")
    await nord.get(link(part, "earlier"))
    assert (await nord.fill_in(f"/cases/{case}", f"/cases/{case}/close")).status == 409


async def test_what_a_deputy_cannot_read_keeps_the_case_unread_and_the_page_says_so(
    nord: Browser, another_browser: Callable[[], Browser], case: CaseId, house: Service, receipt: str
) -> None:
    await house.database.write(cases.grant, house.key, case, "nationell", "escalation", MONDAY_MORNING)
    await more(house, receipt, "Han kommer")
    deputy = another_browser()
    await deputy.log_in("national")
    page = await deputy.get(f"/cases/{case}")
    assert ("Han kommer" in page.text, "Some of that nobody has read" in page.text) == (True, True)
    assert (await deputy.fill_in(f"/cases/{case}", f"/cases/{case}/close")).status == 409
    await nord.get(f"/cases/{case}")
    assert "Some of that nobody has read" not in (await deputy.get(f"/cases/{case}")).text


async def test_an_answer_leaves_unread_what_stood_before_the_page_that_it_was_written_on(
    nord: Browser, case: CaseId, house: Service, receipt: str, part: Answer
) -> None:
    typed = part.form(f"/cases/{case}/answer") | {"text": ANSWER}
    assert (await nord.post(f"/cases/{case}/answer", typed)).status == 303
    assert await answers(house, receipt) == [ANSWER]
    page = await nord.get(f"/cases/{case}")
    assert ("Unread messages stand before these" in page.text, "Answered" in page.text) == (True, False)
    assert (await nord.fill_in(f"/cases/{case}", f"/cases/{case}/close")).status == 409
    await nord.get(link(await nord.get(link(page, "earlier")), "earlier"))
    assert "Answered" in (await nord.get((await send(nord, case)).location or "")).text


@pytest.mark.parametrize("first", ["", "-1", "x"])
async def test_an_answer_that_does_not_say_what_it_stood_under_leaves_all_unread(
    first: str, nord: Browser, case: CaseId, part: Answer
) -> None:
    typed = part.form(f"/cases/{case}/answer") | {"text": ANSWER, "first": first}
    assert (await nord.post(f"/cases/{case}/answer", typed)).status == 303
    assert "Answered" not in (await nord.get(f"/cases/{case}")).text


@pytest.mark.parametrize("query", ["", "?before=", "?before=-1", "?before=²", "?before=1234567", "?before=0x1"])
async def test_an_earlier_page_that_names_no_place_is_none(query: str, nord: Browser, case: CaseId) -> None:
    assert (await nord.get(f"/cases/{case}/earlier{query}")).status == 404


async def test_another_desks_earlier_messages_are_not_there(another_browser, case: CaseId) -> None:
    mitt = another_browser()
    await mitt.log_in("mitt")
    assert (await mitt.get(f"/cases/{case}/earlier?before=9")).status == 404


async def test_the_page_for_closing_reads_nothing_so_nothing_is_closed_over_it(
    nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    await nord.get(f"/cases/{case}")
    await more(house, receipt, "Vänta, han kommer")
    form = (await nord.get(f"/cases/{case}/closing?seen=2")).form(f"/cases/{case}/close")
    await nord.get(f"/cases/{case}/earlier?before=1")
    assert (await nord.post(f"/cases/{case}/close", form)).status == 409


async def test_a_case_is_not_closed_past_words_that_only_a_colleague_read(
    nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    to_closing = link(await nord.get(f"/cases/{case}"), "closing")
    await more(house, receipt, "Vänta, han kommer")
    await nord.get(f"/cases/{case}")
    form = (await nord.get(to_closing)).form(f"/cases/{case}/close")
    assert (await nord.post(f"/cases/{case}/close", form)).status == 409
    form = (await nord.get(link(await nord.get(f"/cases/{case}"), "closing"))).form(f"/cases/{case}/close")
    assert (await nord.post(f"/cases/{case}/close", form)).location == "/"
