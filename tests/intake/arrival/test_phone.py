"""An SMS is answered once a day with one text for all; words end, allow and fetch; answers go only where they may."""

from datetime import timedelta

import pytest

from bridges.contract import Address, Channel, Kind
from intake.casework import open_case
from intake.contact import CODE_LIFE, Consent
from intake.mailbox import NoMailbox, key_from_receipt, open_mailbox, write_more
from intake.model import Note, OutgoingKind
from intake.reaching.codes import open_typed
from intake.reading import Reader
from intake.reply import NoWayBack, reply
from intake.service import Service
from intake.store.schema import contacts, waiting
from tests.intake.arrival.said import ANNA, all_cases, queued, rows_of, say, sms, the_case
from tests.service import Clock, make_config

HELLO = "Jag tvingas sälja sex i Luleå."
ANSWER = "Vi kan träffas på torsdag."
NOTICE, WHOLE = OutgoingKind.NOTICE, OutgoingKind.ANSWER


async def answered(house: Service, reader: Reader, clock: Clock, text: str = ANSWER) -> None:
    """The coordinator answers the only case."""
    (case,) = await all_cases(house)
    await reply(house, reader, case, text, clock.advance(minutes=20))


def code_in(text: str) -> str:
    """The digits of the text that brings a code."""
    return text.partition(".")[0]


async def test_the_first_text_is_answered_with_the_one_text_for_all(house, clock: Clock):
    await say(house, clock, HELLO)
    assert await queued(house) == ["received"]


async def test_the_answer_goes_once_a_number_in_24_hours(house, clock: Clock):
    await say(house, clock, HELLO, "och en sak till", "Är ni där?")
    assert await queued(house) == ["received"]
    clock.advance(hours=24)
    await say(house, clock, "Hallå")
    assert await queued(house) == ["received"] * 2


async def test_no_answer_to_yes_or_stop(house, clock: Clock):
    await say(house, clock, "STOPP", "stop!", address=ANNA)
    assert await queued(house) == []
    assert await all_cases(house) == []


async def test_automatic_texts_are_capped_by_country(make_service, house, clock: Clock):
    capped = make_service(make_config(contact={"automatic_a_day_abroad": 2, "automatic_a_day": 3}))
    for n in range(4):
        await say(capped, clock, sms("hello", Address(Channel.SMS, f"+4479111234{n:02}")))
    assert await queued(capped) == ["received"] * 2
    for n in range(4):
        await say(capped, clock, sms("hej", Address(Channel.SMS, f"+467012345{n:02}")))
    assert await queued(capped) == ["received"] * 5
    clock.advance(hours=25)
    await say(capped, clock, sms("hello", Address(Channel.SMS, "+447911123499")))
    assert len(await queued(capped)) == 6


async def test_an_answer_before_consent_is_held_and_the_coordinator_sees_why(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO)
    await answered(house, north, clock)
    opened = await the_case(house, north, clock)
    assert await queued(house, NOTICE) == []
    assert [(s.state, s.reason) for s in opened.sendings] == [("held", "no_consent")]
    assert opened.reach.consent is Consent.UNASKED
    assert opened.uncollected == {opened.messages[-1].id}


@pytest.mark.parametrize("yes", ["JA", "ja!", "Yes", "так"])
async def test_yes_in_any_language_lets_the_notice_go(yes: str, house, north: Reader, clock: Clock):
    await say(house, clock, HELLO)
    await answered(house, north, clock)
    await say(house, clock, yes)
    assert await queued(house, NOTICE) == ["waits"]
    opened = await the_case(house, north, clock)
    assert opened.cards[opened.messages[-1].id].notes == {Note.CONSENTED}


async def test_yes_first_then_an_answer_tells_of_it_without_the_text(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO, "JA")
    await answered(house, north, clock)
    await answered(house, north, clock, "Och en sak till.")
    assert await queued(house, NOTICE, WHOLE) == ["waits"]


@pytest.mark.parametrize("stop", ["STOPP", "Stop.", "หยุด", "توقف", "стоп"])
async def test_stop_in_any_language_ends_texts_and_changes_nothing_else(stop: str, house, north, clock: Clock):
    await say(house, clock, HELLO, "JA")
    await answered(house, north, clock)
    await say(house, clock, stop)
    assert await queued(house) == []
    opened = await the_case(house, north, clock)
    assert opened.reach.stopped
    assert Note.STOPPED in opened.cards[opened.messages[-1].id].notes
    await answered(house, north, clock)
    assert (await the_case(house, north, clock)).sendings[-1].reason == "stopped"
    await say(house, clock, "jag skriver ändå")
    assert await queued(house) == []
    assert len((await the_case(house, north, clock)).messages) == 6


async def test_blocking_stops_until_they_write_again(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO, "JA", sms("", kind=Kind.STOP))
    assert (await the_case(house, north, clock)).reach.stopped
    await answered(house, north, clock)
    assert (await the_case(house, north, clock)).sendings[-1].state == "held"
    await say(house, clock, "nu igen")
    assert not (await the_case(house, north, clock)).reach.stopped


async def test_a_code_opens_a_new_mailbox_with_what_waits_and_nothing_older(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO, "JA")
    await answered(house, north, clock)
    await say(house, clock, "KOD")
    code = code_in((await queued(house))[-1])
    opening = await open_typed(house, code, clock.now)
    opened = await open_mailbox(house, opening.key, clock.now)
    assert [message.text for message in opened.messages] == [ANSWER]
    assert await rows_of(house, waiting) == 0
    await write_more(house, opening.key, "Torsdag går bra", "sv", clock.now)
    await say(house, clock, "Eller fredag")
    await reply(house, north, (await all_cases(house))[0], "Fredag då.", clock.advance(hours=1))
    again = await open_mailbox(house, await key_from_receipt(house, opening.receipt), clock.now)
    assert [m.text for m in again.messages] == [ANSWER, "Torsdag går bra", "Eller fredag", "Fredag då."]
    assert (await open_case(house, north, opened.case.id, clock.now)).locked == 0


async def test_a_code_is_good_once_and_for_half_an_hour(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO, "JA")
    await answered(house, north, clock)
    await say(house, clock, "KOD")
    first = code_in((await queued(house))[-1])
    await say(house, clock, "KOD")
    second = code_in((await queued(house))[-1])
    for code, at in ((first, clock.now), (second, clock.now + CODE_LIFE + timedelta(seconds=1))):
        with pytest.raises(NoMailbox):
            await open_typed(house, code, at)
    await say(house, clock, "kod")
    third = code_in((await queued(house))[-1])
    await open_typed(house, third, clock.now)
    with pytest.raises(NoMailbox):
        await open_typed(house, third, clock.now)


@pytest.mark.parametrize("typed", ["", "0000000000", "12345 67890", "0" * 28, "KOD"])
async def test_what_opens_nothing_looks_the_same(typed: str, house, clock: Clock):
    with pytest.raises(NoMailbox):
        await open_typed(house, typed, clock.now)


async def test_all_brings_the_text_itself_now_and_from_then_on(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO, "JA")
    await answered(house, north, clock)
    await say(house, clock, "ALLT")
    assert await queued(house, OutgoingKind.PROMPT) == ["received", ANSWER]
    assert await queued(house, NOTICE) == []
    await answered(house, north, clock, "Och en sak till.")
    assert await queued(house, WHOLE) == ["Och en sak till."]


async def test_code_with_nothing_waiting_says_so(house, clock: Clock):
    await say(house, clock, HELLO, "KOD")
    assert await queued(house) == ["received", "nothing"]


async def test_an_answer_that_nobody_came_for_returns_after_its_time(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO, "JA")
    await answered(house, north, clock)
    clock.advance(hours=73)
    await say(house, clock, "KOD")
    assert (await queued(house))[-1] == "nothing"


async def test_a_case_without_mailbox_or_phone_cannot_be_answered(house, north: Reader, clock: Clock):
    await say(house, clock, sms(HELLO, Address(Channel.SMS, "VOLVO"), reply_possible=False))
    (case,) = await all_cases(house)
    with pytest.raises(NoWayBack):
        await reply(house, north, case, ANSWER, clock.now)


async def test_another_language_after_weeks_of_silence_raises_a_doubt(house, north: Reader, clock: Clock):
    await say(house, clock, "Jag tvingas sälja sex i Luleå och vågar inte gå till polisen.")
    clock.advance(days=31)
    await say(house, clock, "Please tell me where we can meet you tomorrow evening, I want to talk with you.")
    opened = await the_case(house, north, clock)
    assert {Note.AFTER_SILENCE, Note.OTHER_LANGUAGE} <= opened.cards[opened.messages[-1].id].notes


async def test_the_number_lies_sealed_and_its_index_says_nothing(house, clock: Clock):
    await say(house, clock, HELLO)
    (row,) = await house.database.read(lambda conn: [tuple(row) for row in conn.execute(contacts.select())])
    shown = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert b"701234567" not in shown
