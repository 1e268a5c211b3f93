"""The list shows what a colleague wants somebody to read, and how many closed cases will be deleted."""

from datetime import timedelta
from re import search

from sqlalchemy import update

from intake.casework import move_case
from intake.model import CaseId
from intake.service import Service
from intake.store.rows import seconds
from intake.store.schema import cases, mentions
from tests.intake.inbox.browser import Browser
from tests.service import MONDAY_MORNING, Person, reader_of
from triage.model import DeskName


async def test_a_note_for_somebody_marks_the_case_in_their_list_until_they_read_it(
    nord: Browser, case: CaseId, house: Service, another_browser
) -> None:
    reader = await reader_of(house, Person("nord", ""))
    await move_case(house, reader, case, DeskName("mitt"), "Hjälp oss", MONDAY_MORNING, lend=True)
    option = search(r'<option value="([a-z2-7]{26})">mitt<', (await nord.get(f"/cases/{case}")).text)
    assert option is not None
    page, form = f"/cases/{case}", {"remark": "Kan du ringa?", "remark_for": option[1]}
    assert (await nord.fill_in(page, f"{page}/remark", **form)).status == 303
    # Of the same second as the reading, a note might have come after it, and would stay marked.
    a_second_ago = update(mentions).values(since=mentions.c.since - 1)
    mitt = another_browser()
    await mitt.log_in("mitt")
    assert "For you (1)" in (await mitt.get("/")).words
    assert (await mitt.get("/?whose=for_me")).cases == [case]
    assert (await nord.get("/?whose=for_me")).cases == []
    await house.database.write(lambda conn: conn.execute(a_second_ago))
    assert "Kan du ringa?" in (await mitt.get(page)).words
    assert "For you" not in (await mitt.get("/")).words


async def test_a_note_for_somebody_who_does_not_read_the_case_is_not_kept(nord: Browser, case: CaseId) -> None:
    page = f"/cases/{case}"
    form = {"remark": "Kan du ringa?", "remark_for": "a" * 26}
    answer = await nord.fill_in(page, f"{page}/remark", **form)
    assert (answer.status, "It was not kept" in answer.words, "Kan du ringa?" in answer.words) == (409, True, True)


async def test_a_note_for_somebody_in_a_case_that_was_closed_meanwhile_is_shown_again(
    nord: Browser, case: CaseId
) -> None:
    page = f"/cases/{case}"
    note = (await nord.get(page)).form(f"{page}/remark") | {"remark": "Kan du ringa?", "remark_for": "a" * 26}
    await nord.fill_in(page, f"{page}/close")
    answer = await nord.post(f"{page}/remark", note)
    assert (answer.status, "The case is closed" in answer.words) == (409, True)
    assert answer.form(f"{page}/remark")["remark"] == "Kan du ringa?"


async def test_the_list_counts_the_closed_cases_that_will_be_deleted(
    nord: Browser, case: CaseId, house: Service
) -> None:
    assert "deleted within" not in (await nord.get("/")).words
    soon = seconds(MONDAY_MORNING + timedelta(days=5))
    going = update(cases).values(closed_at=seconds(MONDAY_MORNING), status="closed", delete_at=soon)
    await house.database.write(lambda conn: conn.execute(going))
    assert "One closed case is deleted within 7 days." in (await nord.get("/")).words
    assert (await nord.get("/closed?going=going")).cases == [case]
    held = update(cases).values(held="other")
    await house.database.write(lambda conn: conn.execute(held))
    assert (await nord.get("/closed?going=going")).cases == []
