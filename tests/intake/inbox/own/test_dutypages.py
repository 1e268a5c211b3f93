"""Days away are said without a reason, with who is told instead."""

import pytest

from tests.intake.inbox.browser import Browser

DAYS = {"since": "2026-12-21", "until": "2027-01-08"}


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
