"""Days away are said without a reason; a case is put off with one, and never while something in it is unread."""

import pytest

from intake.model import CaseId
from intake.service import Service
from tests.intake.inbox.browser import Browser
from tests.intake.inbox.conftest import tell

DAYS = {"since": "2026-12-21", "until": "2027-01-08"}
OFF = {"later": "2026-11-30", "why_later": "Hon hör av sig efter rättegången."}


@pytest.fixture
async def case(house: Service, nord: Browser) -> CaseId:
    await tell(house)
    page = await nord.get("/")
    return CaseId(page.text.split('href="/cases/')[1][:26])


async def test_days_away_are_shown_with_who_is_told_instead(nord: Browser) -> None:
    page = await nord.get("/duty")
    mitt = page.text.split('<option value="')[2][:26]
    assert (await nord.fill_in("/duty", "/duty/away", deputy=mitt, **DAYS)).location == "/duty"
    words = (await nord.get("/duty")).words
    assert "Told instead: mitt" in words
    assert (await nord.fill_in("/duty", "/duty/back")).location == "/duty"
    assert "You are away" not in (await nord.get("/duty")).words


@pytest.mark.parametrize(
    "wrong",
    [{"since": ""}, {"until": "2026-12-01"}, {"until": "2030-01-01"}, {"until": "x"}, {"deputy": "nobody"}],
    ids=str,
)
async def test_days_that_cannot_be_are_said_to_be_wrong(wrong: dict[str, str], nord: Browser) -> None:
    page = await nord.fill_in("/duty", "/duty/away", **(DAYS | wrong))
    assert page.status == 422
    assert 'role="alert"' in page.text


async def test_a_case_is_put_off_with_a_reason_for_colleagues(nord: Browser, case: CaseId) -> None:
    sent = await nord.fill_in(f"/cases/{case}", f"/cases/{case}/put-off", **OFF)
    assert sent.location == f"/cases/{case}"
    words = (await nord.get(f"/cases/{case}")).words
    assert "Put off until" in words
    assert OFF["why_later"] in words


@pytest.mark.parametrize("wrong", [{"later": ""}, {"later": "2026-11-23"}, {"why_later": " "}], ids=str)
async def test_what_was_typed_is_shown_again(wrong: dict[str, str], nord: Browser, case: CaseId) -> None:
    page = await nord.fill_in(f"/cases/{case}", f"/cases/{case}/put-off", **(OFF | wrong))
    assert page.status == 422
    assert page.form(f"/cases/{case}/put-off")["later"] == (OFF | wrong)["later"]


async def test_another_desks_case_cannot_be_put_off(
    nord: Browser, case: CaseId, another_browser, house: Service
) -> None:
    mitt = another_browser()
    await mitt.log_in("mitt")
    csrf = (await mitt.get("/duty")).form("/duty/away")["csrf"]
    assert (await mitt.post(f"/cases/{case}/put-off", OFF | {"csrf": csrf})).status == 404
