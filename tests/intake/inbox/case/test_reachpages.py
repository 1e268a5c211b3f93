"""The case says how a person is reached and what did not get through; the coordinator puts down what is safe."""

from dataclasses import replace

import pytest

from bridges.contract import Delivery, Reason
from intake.audit import Act
from intake.audit import read as read_audit
from intake.casework import open_case
from intake.contact import Bar
from intake.inbox.case.panels.reach import DELIVERIES, KINDS, REASONS, STATES
from intake.model import CaseId, OutgoingKind, OutgoingState
from intake.outbox.carry import drain
from intake.reading import Reader
from intake.reply import reply
from intake.service import Service
from tests.intake.arrival.said import ANNA, all_cases, say, sms
from tests.intake.inbox.browser import Browser
from tests.intake.outbox.fake import FakeBridge, undelivered
from tests.service import Clock, Person, reader_of


@pytest.fixture
def phone() -> FakeBridge:
    return FakeBridge("phone")


@pytest.fixture
def house(house: Service, phone: FakeBridge) -> Service:
    return replace(house, bridges={"phone": phone, "spare": FakeBridge("spare")})


@pytest.fixture
async def national(client, house: Service) -> Browser:
    visitor = Browser(client)
    await visitor.log_in("national")
    return visitor


@pytest.fixture
async def texted(house: Service, clock: Clock) -> CaseId:
    """A case of somebody who has texted and said yes."""
    await say(house, clock, "Hej, jag behöver hjälp", "JA")
    (case,) = await all_cases(house)
    return case


async def answer(house: Service, case: CaseId, clock: Clock) -> Reader:
    found = next(m for m in await house.database.read(read_audit, house.key, "nationell") if m.act is Act.JOINED)
    reader = await reader_of(house, Person("national", found.actor), clock.now)
    await open_case(house, reader, case, clock.now)
    await reply(house, reader, case, "Vi ses.", clock.now)
    return reader


async def save(browser: Browser, case: CaseId, **fields: str) -> tuple[int, str]:
    named = {f"safe_{name}": value for name, value in fields.items()}
    found = await browser.fill_in(f"/cases/{case}", f"/cases/{case}/reach", **named)
    return found.status, found.words


async def test_the_case_says_how_the_person_is_reached_and_never_where(national: Browser, texted: CaseId) -> None:
    page = await national.get(f"/cases/{texted}")
    assert "How they are reached" in page.words
    assert "only that something waits" in page.words
    assert ANNA.value not in page.text


@pytest.mark.parametrize(
    ("said", "shown", "parts"),
    [
        ([], "Only this goes to them now", {"x" * 160: 1, "x" * 161: 2, "ș" * 71: 2}),
        (["ALLT"], "The whole answer goes to them", {"€" * 81: 2}),
        (["STOPP"], "Nothing goes to them by itself", {"": 0}),
    ],
    ids=["notice", "whole", "stop"],
)
async def test_the_answer_form_says_what_goes_to_the_phone_and_as_how_many_sms(
    said: list[str], shown: str, parts: dict[str, int], house: Service, national: Browser, texted: CaseId, clock: Clock
) -> None:
    await answer(house, texted, clock)
    await say(house, clock, *said)
    for text, count in parts.items():
        form = (await national.get(f"/cases/{texted}")).form(f"/cases/{texted}/answer")
        page = await national.post(f"/cases/{texted}/count", form | {"text": text})
        assert shown in page.words
        assert f'<output for="text">{count}</output>' in page.text


async def test_a_case_from_the_web_has_no_phone_to_speak_of(nord: Browser, case: CaseId) -> None:
    words = (await nord.get(f"/cases/{case}")).words
    assert "How they are reached" not in words
    assert "goes to them" not in words


async def test_what_is_safe_is_put_down_and_obeyed(
    house: Service, phone: FakeBridge, national: Browser, texted: CaseId, clock: Clock
) -> None:
    assert (await save(national, texted, hours="18-22", words="Glöm inte tvättiden"))[0] == 303
    await drain(house, phone, "n")
    await answer(house, texted, clock)
    await drain(house, phone, "n")
    assert "Glöm inte tvättiden" not in phone.said
    clock.advance(hours=9)
    await drain(house, phone, "n")
    assert phone.said[-1] == "Glöm inte tvättiden"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"hours": "kvällar"}, "Write the hours like this"),
        ({"words": "x" * 71}, "70 characters"),
        ({"words": "se https://hamn.example"}, "70 characters"),
        ({"ask": "Vad heter katten?", "answer": "Misse"}, "two different answers"),
        ({"ask": "Vad heter katten?", "answer": "Misse", "not_free": "misse."}, "two different answers"),
        ({"answer": "Misse", "not_free": "Murre"}, "two different answers"),
    ],
    ids=["hours", "long", "link", "half", "same", "no-question"],
)
async def test_what_would_not_be_safe_is_refused(fields, problem: str, national: Browser, texted: CaseId) -> None:
    status, words = await save(national, texted, **fields)
    assert (status, problem in words) == (422, True)


async def test_a_question_of_theirs_is_put_down_and_the_log_says_who(
    house: Service, national: Browser, texted: CaseId
) -> None:
    await save(national, texted, ask="Vad heter katten?", answer="Misse", not_free="Murre")
    assert "is asked before anything is shown" in (await national.get(f"/cases/{texted}")).words
    lines = await house.database.read(read_audit, house.key, "nationell")
    assert Act.CONTACT_SET in [line.act for line in lines]


async def test_another_desk_puts_nothing_down(nord: Browser, national: Browser, texted: CaseId) -> None:
    form = (await nord.get("/notices")).form("/logout")
    assert (await nord.post(f"/cases/{texted}/reach", form)).status == 404


async def test_signs_of_somebody_else_are_shown_until_the_desk_has_answered(
    house: Service, national: Browser, texted: CaseId, clock: Clock
) -> None:
    clock.advance(days=31)
    await national.log_in("national")
    await say(house, clock, "Hej igen")
    assert "It may be someone else: they wrote after a long silence" in (await national.get(f"/cases/{texted}")).words
    await answer(house, texted, clock)
    assert "It may be someone else" not in (await national.get(f"/cases/{texted}")).words


async def test_what_did_not_get_through_is_listed_and_tried_again(
    house: Service, phone: FakeBridge, national: Browser, texted: CaseId, clock: Clock
) -> None:
    await drain(house, phone, "n")
    await answer(house, texted, clock)
    phone.fails = undelivered(Reason.REJECTED, None)
    await drain(house, phone, "n")
    phone.fails = None
    page = await national.get("/undelivered")
    assert "failed, the provider refused it" in page.words
    action = next(part for part in page.text.split('"') if part.endswith("/again"))
    assert (await national.fill_in("/undelivered", action)).status == 303
    await drain(house, phone, "n")
    assert len(phone.said) == 2
    assert "Everything got through" in (await national.get("/undelivered")).words


async def test_it_is_set_aside_when_they_were_reached_in_another_way(
    house: Service, national: Browser, texted: CaseId, clock: Clock
) -> None:
    await say(house, clock, sms("STOPP"))
    await answer(house, texted, clock)
    page = await national.get("/undelivered")
    assert "may not go now, the person wants no texts" in page.words
    action = next(part for part in page.text.split('"') if part.endswith("/aside"))
    assert (await national.fill_in("/undelivered", action)).status == 303
    assert "Everything got through" in (await national.get("/undelivered")).words


async def test_after_its_time_there_is_nothing_to_try_again(
    house: Service, phone: FakeBridge, national: Browser, texted: CaseId, clock: Clock
) -> None:
    await drain(house, phone, "n")
    await answer(house, texted, clock)
    phone.fails = undelivered(Reason.REJECTED, None)
    await drain(house, phone, "n")
    clock.advance(hours=74)
    await national.log_in("national")
    action = next(part for part in (await national.get("/undelivered")).text.split('"') if part.endswith("/again"))
    found = await national.fill_in("/undelivered", action)
    assert (found.status, "nothing left to send" in found.words) == (409, True)


def test_every_state_and_reason_has_words() -> None:
    assert set(STATES) == set(OutgoingState)
    assert set(DELIVERIES) == set(Delivery)
    assert set(KINDS) == {kind for kind in OutgoingKind if kind.unasked}
    assert set(Reason) | set(Bar) | {"restored"} <= set(REASONS)
