"""A report becomes one sealed case in the right list, however often it is sent; a retry gets the same receipt."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from intake import mailbox
from intake.model import Channel, Direction, Police, Recipient, RecipientKind
from intake.receive import UNSEEN_FIELD, AlreadySpent, Once, Report, receive, sunk
from intake.service import Service
from intake.store import schema
from intake.store.failure import StoreUnavailable
from intake.vault.receipt import DIGITS
from intake.vault.suite import PrivateKey
from tests.flows.steps import GOTEBORG, MALMO, NATIONAL, SYD, a_report, by_form, erase, heard, look, read, staffed, tell
from tests.intake.store.samples import count
from tests.service import MONDAY_MORNING, SUNDAY_NIGHT, Person, reader_of
from triage.model import NOWHERE, Assessment, Kind, Minor, Pace, Urgency
from triage.route import NoDesk

KEY = b"an idempotency key of a sender, 40 bytes"


async def cases(service: Service) -> int:
    return await service.database.read(count, schema.cases)


@pytest.fixture
async def people(empty_service: Service) -> list[Person]:
    """Who works at Syd, and who at the national desk."""
    return await staffed(empty_service, "syd", "nationell")


@pytest.fixture
def syd(empty_service: Service, people: list[Person]) -> Service:
    """A service whose desks Syd and the national one are staffed."""
    return empty_service


async def test_a_report_lies_sealed_with_its_desk_and_the_sender_is_told_which(syd: Service):
    received = await tell(syd)
    assert received.desk_name == "Regionkoordinator Syd"
    assert received.on_duty
    assert received.answer_by > MONDAY_MORNING
    assert received.receipt.isdigit()
    assert len(received.receipt) == DIGITS
    case = (await look(syd, received.receipt)).case
    assert (case.desk, case.channel) == (SYD, Channel.WEB)
    assert case.due_at > MONDAY_MORNING


async def test_at_night_the_sender_is_told_when_somebody_reads(syd: Service):
    received = await tell(syd, now=SUNDAY_NIGHT)
    assert not received.on_duty
    assert received.answer_by > MONDAY_MORNING


@pytest.mark.parametrize("text", ["ä" * 20_000, "\ud800 half a pair", "\x00nul", " ", "👩‍👧 ‮الرقم"], ids=ascii)
async def test_any_text_comes_back_letter_by_letter(syd: Service, text: str):
    assert await heard(syd, (await tell(syd, text)).receipt) == [text]


async def test_the_card_says_what_the_form_said(syd: Service, people: list[Person]):
    report = Report("Hej", Channel.API, Kind.HELP, MALMO, Police.ASK, "en")
    await receive(syd, report, Once.by_chance(), MONDAY_MORNING)
    (card,) = (await read(syd, await reader_of(syd, people[0]))).cards.values()
    said = (card.assessment.kind, card.assessment.place, card.police, card.ui_lang)
    assert said == (Kind.HELP, MALMO, Police.ASK, "en")


@pytest.mark.parametrize(("page", "lang"), [("sv", "ro"), ("uk", "uk")])
async def test_a_language_that_was_chosen_holds_and_the_one_that_pages_begin_in_was_not(
    syd: Service, people, page, lang
):
    text = "Bună, sunt o femeie din România. Un bărbat mi-a luat pașaportul și lucrez în fiecare noapte."
    await receive(syd, Report(text, Channel.WEB, Kind.HELP, MALMO, lang=page), Once.by_chance(), MONDAY_MORNING)
    (card,) = (await read(syd, await reader_of(syd, people[0]))).cards.values()
    assert (card.assessment.lang, card.ui_lang) == (lang, page)


# Who receives it --------------------------------------------------------------------------------------------------


async def test_nobody_can_report_before_the_national_desk_has_a_member(empty_service: Service):
    with pytest.raises(NoDesk):
        await tell(empty_service)
    assert await cases(empty_service) == 0


@pytest.mark.parametrize(
    ("members", "place", "desk"),
    [
        (("vast", "syd", "nationell"), GOTEBORG, "vast"),
        (("syd", "nationell"), GOTEBORG, "syd"),
        (("nationell",), GOTEBORG, "nationell"),
        (("vast", "nationell"), NOWHERE, "nationell"),
    ],
    ids=["the region's desk", "its deputy where it has no member", "else the national desk", "no place"],
)
async def test_a_report_goes_to(empty_service: Service, members: tuple[str, ...], place, desk: str):
    await staffed(empty_service, *members)
    received = await tell(empty_service, "Hjälp", place)
    assert (await look(empty_service, received.receipt)).case.desk == desk


async def recipients(service: Service) -> dict[str, set[tuple[str, str]]]:
    """For whom there are wraps, by direction."""
    rows = await service.database.read(lambda conn: conn.execute(select(schema.wraps)).all())
    return {
        direction.value: {(row.kind, row.recipient) for row in rows if row.direction == direction.value}
        for direction in (Direction.FROM_PERSON, Direction.CARD)
    }


async def test_what_can_wait_is_sealed_to_desk_and_mailbox_and_the_card_to_the_desk_alone(syd: Service):
    await staffed(syd, "vast")
    case = (await look(syd, (await tell(syd)).receipt)).case
    desk, person = ("desk", "syd"), ("mailbox", case.id)
    assert await recipients(syd) == {"from_person": {desk, person}, "card": {desk}}


async def test_what_cannot_wait_is_sealed_to_the_deputies_too(syd: Service, monkeypatch: pytest.MonkeyPatch):
    acute = Assessment(urgency=Urgency.ACUTE, place=MALMO)
    monkeypatch.setattr("intake.filing.assess", lambda *_, **__: acute)
    await staffed(syd, "vast")
    await tell(syd)
    assert (await recipients(syd))["card"] == {("desk", "syd"), ("desk", "vast")}


async def test_everything_is_sealed_to_the_recovery_key_where_there_is_one(syd: Service):
    kept = PrivateKey.generate()
    recovery = Recipient(RecipientKind.RECOVERY, "recovery", 0, kept.public_bytes)
    await tell(replace(syd, recovery=recovery))
    assert all(("recovery", "recovery") in held for held in (await recipients(syd)).values())


# The same once more -----------------------------------------------------------------------------------------------

ONCES: dict[str, Callable[[Service], Once]] = {
    "form token": by_form,
    "idempotency key": lambda service: Once.by_key(service.key, KEY),
}
both = pytest.mark.parametrize("make_once", ONCES.values(), ids=ONCES)


@both
async def test_a_retry_within_the_hour_gets_the_same_receipt_and_makes_no_second_case(syd: Service, make_once):
    once = make_once(syd)
    first = await tell(syd, once=once)
    again = await tell(syd, once=once, now=MONDAY_MORNING + timedelta(hours=1))
    assert again == first
    assert await cases(syd) == 1


@both
async def test_retries_at_once_get_one_receipt_and_one_case(syd: Service, make_once):
    once = make_once(syd)
    receipts = {received.receipt for received in await asyncio.gather(*(tell(syd, once=once) for _ in range(6)))}
    assert len(receipts) == 1
    assert await cases(syd) == 1


@both
async def test_another_report_with_the_same_token_is_refused(syd: Service, make_once):
    once = make_once(syd)
    await tell(syd, once=once)
    for other in (a_report("Något annat"), a_report(place=GOTEBORG), a_report(kind=Kind.HELP)):
        with pytest.raises(AlreadySpent):
            await receive(syd, other, once, MONDAY_MORNING)
    assert await cases(syd) == 1


@both
async def test_of_two_reports_at_once_with_one_token_one_is_refused(syd: Service, make_once):
    once = make_once(syd)
    outcomes = await asyncio.gather(tell(syd, "a", once=once), tell(syd, "b", once=once), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadySpent", "Received"]
    assert await cases(syd) == 1


@both
async def test_a_retry_after_the_hour_is_refused(syd: Service, make_once):
    once = make_once(syd)
    await tell(syd, once=once)
    with pytest.raises(AlreadySpent):
        await tell(syd, once=once, now=MONDAY_MORNING + timedelta(hours=1, seconds=1))


@both
async def test_a_retry_after_erasing_is_refused(syd: Service, make_once):
    once = make_once(syd)
    await erase(syd, (await tell(syd, once=once)).receipt)
    with pytest.raises(AlreadySpent):
        await tell(syd, once=once)
    assert await cases(syd) == 1


@pytest.mark.parametrize("opened", [True, False], ids=["opened", "kept"])
async def test_a_page_shows_a_receipt_no_more_once_it_served(syd: Service, opened: bool):
    once = by_form(syd)
    key = await mailbox.key_from_receipt(syd, (await tell(syd, once=once)).receipt)
    await (mailbox.open_mailbox(syd, key, MONDAY_MORNING) if opened else mailbox.keep_receipt(syd, key))
    with pytest.raises(AlreadySpent):
        await tell(syd, once=once)


async def test_an_idempotency_key_gets_its_receipt_even_once_it_served(syd: Service):
    once = Once.by_key(syd.key, KEY)
    received = await tell(syd, once=once)
    await look(syd, received.receipt)
    assert await tell(syd, once=once) == received


@both
async def test_a_retry_after_the_service_key_rotated_still_gets_the_same_receipt(syd: Service, make_once):
    once = make_once(syd)
    received = await tell(syd, once=once)
    rotated = replace(syd, key=syd.key.rotate())
    again = once if make_once is by_form else make_once(rotated)
    assert (await tell(rotated, once=again)).receipt == received.receipt
    assert await cases(syd) == 1


async def test_an_idempotency_key_is_no_form_token(syd: Service):
    once = by_form(syd)
    await tell(syd, once=once)
    await tell(syd, once=Once.by_key(syd.key, once.value))
    assert await cases(syd) == 2


async def test_who_gives_nothing_to_know_a_retry_by_makes_a_case_each_time(syd: Service):
    receipts = {(await tell(syd)).receipt for _ in range(2)}
    assert len(receipts) == 2
    assert await cases(syd) == 2


# When it fails ----------------------------------------------------------------------------------------------------


async def test_nothing_is_left_of_a_report_that_could_not_be_written_and_its_token_is_not_spent(syd: Service):
    once = by_form(syd)
    await syd.database.write(lambda conn: conn.exec_driver_sql("ALTER TABLE mailboxes RENAME TO away"))
    with pytest.raises(DBAPIError):
        await tell(syd, once=once)
    await syd.database.write(lambda conn: conn.exec_driver_sql("ALTER TABLE away RENAME TO mailboxes"))
    assert await cases(syd) == 0
    assert await heard(syd, (await tell(syd, once=once)).receipt)


async def test_a_desk_whose_first_member_has_just_come_gets_the_next_report(empty_service: Service):
    found = []
    for desk in ("nationell", "syd"):
        await staffed(empty_service, desk)
        found.append((await tell(empty_service)).desk_name)
    assert found == [empty_service.config.desks[NATIONAL].name, "Regionkoordinator Syd"]


async def test_while_the_keys_change_and_change_nothing_is_received_and_no_token_spent(
    syd: Service, monkeypatch: pytest.MonkeyPatch
):
    once = by_form(syd)
    with monkeypatch.context() as changing:
        changing.setattr("intake.receive.desks.keys_to_seal_to", lambda _, __: {})
        with pytest.raises(StoreUnavailable):
            await tell(syd, once=once)
    assert await cases(syd) == 0
    assert await heard(syd, (await tell(syd, once=once)).receipt)


@pytest.mark.parametrize(
    ("given", "urgency"),
    [
        (Assessment(urgency=Urgency.HIGH), Urgency.LOW),
        (Assessment(urgency=Urgency.ACUTE), Urgency.ACUTE),
        (Assessment(urgency=Urgency.HIGH, minor=Minor.YES), Urgency.HIGH),
    ],
)
def test_what_a_machine_probably_wrote_lies_last_but_never_what_cannot_wait(given: Assessment, urgency: Urgency):
    after = sunk(given)
    assert after.urgency is urgency
    assert (UNSEEN_FIELD in [one.rule for one in after.reasons]) is (urgency is Urgency.LOW)


async def test_a_field_that_people_do_not_see_sinks_a_report_and_loses_nothing(syd: Service):
    report = Report("Jag undrar vad ni gör.", Channel.WEB, suspect=True)
    assert (await receive(syd, report, Once.by_chance(), MONDAY_MORNING)).receipt
    paces = await syd.database.read(lambda conn: conn.execute(select(schema.cases.c.pace)).scalars().all())
    assert paces == [Pace.WEEKS.value]
