"""A tip becomes a sealed case in the right inbox, and the answer finds its way back, with nothing but the receipt."""

from datetime import timedelta

import pytest

from intake import people, upkeep
from intake.casefile.closing import Closing, close
from intake.mailbox import NoMailbox
from intake.model import Direction, Status
from intake.reply import reply
from intake.service import Service
from intake.store import schema
from intake.store.envelopes import Stretch
from intake.vault.desk_keys import fingerprint
from tests.flows.steps import (
    GOTEBORG,
    SYD,
    TEXT,
    add,
    by_form,
    erase,
    heard,
    listed,
    look,
    only_case,
    read,
    staffed,
    tell,
    texts_read,
)
from tests.intake.store.samples import count
from tests.service import MONDAY_MORNING, Clock, Person, reader_of, staff


async def test_a_tip_is_answered_added_to_and_answered_again(service: Service, clock: Clock):
    received = await tell(service)
    assert received.desk_name == "Regionkoordinator Syd"
    syd = await reader_of(service, await member(service, "syd@test"))

    opened = await read(service, syd, clock.advance(minutes=10))
    assert [message.text for message in opened.messages] == [TEXT]
    await reply(service, syd, opened.case.id, "Tack. Är någon i fara nu?", clock.advance(minutes=5), Stretch(end=1))
    assert await heard(service, received.receipt, clock()) == [TEXT, "Tack. Är någon i fara nu?"]
    await close(service, syd, opened.case.id, Closing(), clock.advance(minutes=1))
    assert await listed(service, syd) == []

    await add(service, received.receipt, "Ja, i kväll.", clock.advance(hours=2))
    again = await look(service, received.receipt, clock())
    assert (again.case.status, again.case.closed_at) == (Status.NEW, None)
    opened = await read(service, await reader_of(service, await member(service, "syd@test"), clock()), clock())
    said = [(message.direction, message.text) for message in opened.messages]
    assert said[-1] == (Direction.FROM_PERSON, "Ja, i kväll.")
    assert len(said) == 3


async def member(service: Service, login: str) -> Person:
    """Somebody whom the fixture let join."""
    (found,) = [one for one in await people.colleagues(service, None) if one.login == login]
    return Person(login, found.member.id)


async def test_what_one_desk_gets_no_other_desk_sees(service: Service):
    await tell(service)
    await tell(service, "Något i Göteborg", GOTEBORG)
    seen = {}
    for desk in service.config.desks:
        seen[desk] = await listed(service, await reader_of(service, await member(service, f"{desk}@test")))
    assert {desk: len(cases) for desk, cases in seen.items() if cases} == {"syd": 1, "vast": 1}
    assert await listed(service, await reader_of(service, await member(service, "admin@test"))) == []


async def test_whoever_erases_leaves_nothing_of_their_side_and_later_nothing_at_all(service: Service, clock: Clock):
    received = await tell(service, once=by_form(service))
    syd = await reader_of(service, await member(service, "syd@test"))
    await reply(service, syd, await only_case(service, syd), "Tack", clock.advance(hours=1))
    await erase(service, received.receipt, clock.advance(hours=1))
    with pytest.raises(NoMailbox):
        await look(service, received.receipt, clock())
    assert len((await read(service, syd)).messages) == 2
    assert await upkeep.delete_due(service, clock.advance(days=30)) == 0
    assert await upkeep.delete_due(service, clock.advance(days=1)) == 1
    for table in (schema.cases, schema.envelopes, schema.wraps, schema.mailboxes, schema.grants):
        assert await service.database.read(count, table) == 0, table.name


async def test_a_desk_goes_on_with_other_people(empty_service: Service, clock: Clock):
    anna, _ = await staffed(empty_service, "syd", "nationell")
    receipt = (await tell(empty_service)).receipt
    bo = await staff(empty_service, "bo@test", "syd")
    (waiting,) = [one for one in await people.colleagues(empty_service, [SYD]) if not one.let_in]
    heard_by_phone = fingerprint(waiting.member.public_key)
    await people.let_colleague_in(
        empty_service, await reader_of(empty_service, anna), bo.member, heard_by_phone, clock()
    )
    await people.deactivate(empty_service, anna.member, clock.advance(days=1))
    await add(empty_service, receipt, "Mer", clock())
    assert await texts_read(empty_service, bo, clock()) == [TEXT, "Mer"]
    await reply(
        empty_service,
        await reader_of(empty_service, bo, clock()),
        (await look(empty_service, receipt)).case.id,
        "Jag tar över.",
        clock(),
    )
    assert (await heard(empty_service, receipt, clock()))[-1] == "Jag tar över."


async def test_at_night_the_answer_still_comes_by_the_promised_time(service: Service):
    night = MONDAY_MORNING - timedelta(hours=10)
    received = await tell(service, now=night)
    assert not received.on_duty
    case = (await look(service, received.receipt, night)).case
    assert night < received.answer_by
    assert case.due_at > night
