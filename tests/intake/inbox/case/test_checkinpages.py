"""The case plans a question to the person, shows it, gives it up, and says why where none may be asked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bridges.contract import Reason
from intake.contact import DAYTIME, parse_hours
from intake.inbox.case.panels.checkin import REFUSALS, _hour
from intake.model import CaseId
from intake.outbox.carry import drain
from intake.reaching.checkin import Refusal
from intake.service import Service
from tests.intake.arrival.said import all_cases, queued, say
from tests.intake.inbox.browser import Answer, Browser
from tests.intake.outbox.fake import FakeBridge, undelivered
from tests.service import Clock

WHEN = {"ask_day": "2026-11-25", "ask_hour": "10:30", "ask_words": "check_in_hello"}


@pytest.fixture
def phone() -> FakeBridge:
    return FakeBridge("phone")


@pytest.fixture
def house(house: Service, phone: FakeBridge) -> Service:
    return replace(house, bridges={"phone": phone})


@pytest.fixture
async def texted(house: Service, clock: Clock) -> CaseId:
    """The case of somebody who wrote a text and may be written to."""
    await say(house, clock, "Jag behöver hjälp i Luleå.", "JA")
    return (await all_cases(house))[0]


async def plan(visitor: Browser, case: CaseId, **fields: str) -> Answer:
    return await visitor.fill_in(f"/cases/{case}", f"/cases/{case}/check-in", **WHEN | fields)


async def test_it_is_planned_shown_and_given_up(nord: Browser, texted: CaseId, house: Service) -> None:
    assert (await plan(nord, texted)).location == f"/cases/{texted}#reach"
    page = await nord.get(f"/cases/{texted}")
    assert "They are asked how they are Wed 25 Nov 10:30" in page.words
    assert await queued(house) == ["received", "check_in_hello"]
    given_up = await nord.fill_in(f"/cases/{texted}", f"/cases/{texted}/check-in/give-up")
    assert given_up.status == 303
    assert "They are asked how they are" not in (await nord.get(f"/cases/{texted}")).words


WRONG = {
    "no day": ({"ask_day": ""}, 422, Refusal.DAY),
    "a day that is over": ({"ask_day": "2026-11-01"}, 409, Refusal.DAY),
    "at night": ({"ask_hour": "03:00"}, 409, Refusal.HOUR),
    "words of one's own": ({"ask_words": "waits"}, 422, Refusal.DAY),
}


@pytest.mark.parametrize(("fields", "status", "why"), WRONG.values(), ids=WRONG)
async def test_what_would_not_be_safe_is_refused(nord, texted, house, fields, status, why) -> None:
    answer = await plan(nord, texted, **fields)
    assert (answer.status, REFUSALS[why] in answer.words) == (status, True)
    assert await queued(house) == ["received"]


async def test_where_nobody_may_be_asked_there_is_no_form(nord: Browser, texted: CaseId, house, clock) -> None:
    await say(house, clock, "STOPP")
    page = await nord.get(f"/cases/{texted}")
    assert REFUSALS[Refusal.NOT_ALLOWED] in page.words
    assert f"/cases/{texted}/check-in" not in page.text


async def test_one_that_failed_is_listed_and_can_only_be_set_aside(nord, texted, house, phone, clock) -> None:
    await plan(nord, texted)
    clock.now = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    phone.fails = undelivered(Reason.REJECTED, None)
    await drain(house, phone, "n")
    await nord.log_in("nord")
    page = await nord.get("/undelivered")
    assert "The question how they are: failed, the provider refused it" in page.words
    assert "/again" not in page.text
    assert "/aside" in page.text


def test_every_refusal_has_words_and_the_form_proposes_a_safe_hour() -> None:
    assert set(REFUSALS) == set(Refusal)
    assert [f"{_hour(hours):%H:%M}" for hours in (DAYTIME, parse_hours("18-22"), parse_hours("22-11"))] == [
        "10:00",
        "18:00",
        "10:00",
    ]
