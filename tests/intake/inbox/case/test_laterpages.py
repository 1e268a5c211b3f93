"""One form brings a case back on a day, in one of four ways; each keeps what it means, and its reason."""

from datetime import datetime

import pytest

from intake.inbox.case.panels.later import WAYS, Way
from intake.model import Case, CaseId, Waiting
from intake.service import Service
from intake.store import cases
from tests.intake.inbox.browser import Answer, Browser
from tests.intake.inbox.conftest import tell
from triage.calendar import STOCKHOLM

WHY = "Hon hör av sig efter rättegången."
MORNING = datetime(2026, 12, 1, 8, tzinfo=STOCKHOLM)


async def bring_back(visitor: Browser, case: CaseId, **fields: str) -> Answer:
    filled = {"day": "2026-12-01", "time": "", "way": "follow_up", "why": WHY} | fields
    named = {f"back_{name}": value for name, value in filled.items()}
    return await visitor.fill_in(f"/cases/{case}", f"/cases/{case}/later", **named)


async def row_of(service: Service, case: CaseId) -> Case:
    found = await service.database.read(cases.find_case, service.key, case)
    assert found is not None
    return found


def test_every_way_has_words_and_those_that_wait_are_those_that_a_case_can_wait_in() -> None:
    assert set(WAYS) == set(Way)
    assert {way.value for way in Way if way.waits} == {waiting.value for waiting in Waiting}


@pytest.mark.parametrize("way", Way)
async def test_each_way_does_what_it_says_and_shows_why(way: Way, nord: Browser, case: CaseId, house: Service) -> None:
    assert (await bring_back(nord, case, way=way)).location == f"/cases/{case}#later"
    assert WHY in (await nord.get(f"/cases/{case}")).words
    row = await row_of(house, case)
    assert row.waiting == (Waiting(way.value) if way.waits else None)
    assert (row.due_at == MORNING) == way.waits
    assert row.follow_up_at == (MORNING if way is Way.FOLLOW_UP else None)
    assert row.snoozed_until == (MORNING if way is Way.QUIET else None)


@pytest.mark.parametrize("way", [Way.FOLLOW_UP, Way.PARTNER])
async def test_a_case_is_taken_up_again_before_its_day(way: Way, nord: Browser, case: CaseId, house: Service) -> None:
    await bring_back(nord, case, way=way)
    form = (await nord.get(f"/cases/{case}")).form(f"/cases/{case}/go-on")
    assert (await nord.post(f"/cases/{case}/go-on", form)).status == 303
    row = await row_of(house, case)
    assert (row.waiting, row.follow_up_at) == (None, None)


async def test_a_case_that_waits_is_found_among_those_that_do(nord: Browser, case: CaseId) -> None:
    await bring_back(nord, case, way="partner", why="")
    assert "Waits for a partner until 1 Dec 2026" in (await nord.get("/")).words
    assert (await nord.get("/?waiting=partner")).cases == [case]
    assert (await nord.get("/?waiting=person")).cases == []


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"day": ""}, "Choose a day"),
        ({"day": "soon"}, "Choose a day"),
        ({"day": "2026-11-23"}, "Choose a day"),
        ({"day": "2028-01-01"}, "Choose a day"),
        ({"time": "late"}, "Choose a day"),
        ({"way": "nobody"}, "Choose a day"),
        ({"way": "quiet", "why": " "}, "Say why"),
        ({"way": "follow_up", "why": ""}, "Say why"),
    ],
    ids=str,
)
async def test_what_is_missing_is_said_and_what_was_typed_is_shown_again(
    wrong: dict[str, str], problem: str, nord: Browser, case: CaseId
) -> None:
    page = await bring_back(nord, case, **wrong)
    assert (page.status, problem in page.words) == (422, True)
    shown = page.form(f"/cases/{case}/later")
    assert shown["back_why"] == wrong.get("why", WHY)
    assert shown["back_day"] == wrong.get("day", "2026-12-01")


async def test_what_is_unread_cannot_be_put_aside(nord: Browser, case: CaseId, house: Service) -> None:
    await tell(house, "Någon annan skriver.")
    (other,) = [one for one in (await nord.get("/")).cases if one != case]
    form = (await nord.get(f"/cases/{case}")).form(f"/cases/{case}/later")
    wish = form | {"back_day": "2026-12-01", "back_way": "quiet", "back_why": WHY}
    assert (await nord.post(f"/cases/{other}/later", wish)).status == 409
