"""A person is asked how they are once, at a safe hour, and never after STOP, erasing, closing or moving."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update as change

from bridges.contract import Kind, Reason
from intake import audit
from intake.audit import Act
from intake.casefile.closing import Closing, close
from intake.casework import move_case, open_case
from intake.contact import Bar
from intake.mailbox import open_mailbox
from intake.model import CaseId, OutgoingKind
from intake.outbox.carry import LEASE, drain
from intake.outbox.expiry import forget_passing
from intake.outbox.ready import Barred, prepare
from intake.reaching.checkin import LIFE, Refusal, Refused, Wording, give_up, look_ahead, plan
from intake.reaching.codes import open_typed
from intake.reaching.safecontact import Wishes, put_down
from intake.reading import NotYours, Reader
from intake.reply import reply
from intake.service import Service
from intake.store import nudges, outbox
from intake.store.schema import cases
from tests.intake.arrival.conftest import house, middle, national, north, people
from tests.intake.arrival.said import all_cases, queued, say, update
from tests.intake.nudging.town import NATIONAL, carry, settle
from tests.intake.outbox.fake import FakeBridge, FakeChat, number, undelivered, willing
from tests.intake.outbox.safe import set_hours
from tests.patience import PATIENCE
from tests.service import MONDAY_MORNING, Clock, Person, reader_of
from triage.model import DeskName
from triage.timeline import Rule

__all__ = ["house", "middle", "national", "north", "people"]

CHECK_IN = OutgoingKind.CHECK_IN
HOW = "Hej! Hur är det? Skriv när det passar. STOPP avslutar."
WEDNESDAY = MONDAY_MORNING + timedelta(days=2)


@pytest.fixture
def bridge(house: Service) -> FakeBridge:
    return FakeBridge()


@pytest.fixture
async def case(house: Service, bridge: FakeBridge, national: Reader, clock: Clock) -> CaseId:
    """The case of somebody who let themselves be written to, read and not answered; nothing waits to go out."""
    (case,) = await willing(house, clock, 1)
    await open_case(house, national, case, clock.now)
    await drain(house, bridge, "n")
    bridge.texts.clear()
    return case


async def planned(house: Service, reader: Reader, case: CaseId, clock: Clock, at: datetime = WEDNESDAY) -> None:
    await plan(house, reader, case, Wording.HOW, at, clock.now)


async def refusal(house: Service, reader: Reader, case: CaseId, clock: Clock, at: datetime = WEDNESDAY) -> Refusal:
    with pytest.raises(Refused) as caught:
        await planned(house, reader, case, clock, at)
    return caught.value.why


async def after(house: Service, bridge: FakeBridge, clock: Clock, at: datetime) -> list[str]:
    """What has gone out by then."""
    clock.now = at
    await drain(house, bridge, "n")
    await forget_passing(house, at)
    return bridge.said


async def test_it_goes_at_its_hour_and_stands_in_the_conversation_from_then(house, bridge, national, case, clock):
    await planned(house, national, case, clock)
    assert await after(house, bridge, clock, WEDNESDAY - timedelta(seconds=1)) == []
    assert [m.text for m in (await open_case(house, national, case, clock.now)).messages] == ["Hej", "JA"]
    assert await after(house, bridge, clock, WEDNESDAY) == [HOW]
    assert await after(house, bridge, clock, WEDNESDAY + LIFE) == [HOW]
    assert (await open_case(house, national, case, clock.now)).messages[-1].text == HOW
    log = await house.database.read(audit.read, house.key, DeskName("nationell"))
    assert Act.CHECK_IN_PLANNED in [line.act for line in log]


async def asked(bridge: FakeBridge) -> None:
    """Return once it was given a text."""
    async with asyncio.timeout(PATIENCE):
        while not bridge.asked:  # noqa: ASYNC110 - the bridge has no event for being asked
            await asyncio.sleep(0.01)


async def sending(house: Service, bridge: FakeBridge, clock: Clock) -> asyncio.Task[bool]:
    """The planned one is with the provider, who answers when the gate is opened."""
    clock.now, bridge.gate, bridge.asked = WEDNESDAY, asyncio.Event(), 0
    going = asyncio.create_task(drain(house, bridge, "n"))
    await asked(bridge)
    return going


async def stops(house: Service, _: Reader, __: CaseId, clock: Clock) -> None:
    await say(house, clock, "STOPP", address=number(0))


async def closes(house: Service, reader: Reader, case: CaseId, clock: Clock) -> None:
    await close(house, reader, case, Closing(), clock.now)


async def moves(house: Service, reader: Reader, case: CaseId, clock: Clock) -> None:
    await move_case(house, reader, case, DeskName("nord"), "Er kommun", clock.now)


async def gives_up(house: Service, reader: Reader, case: CaseId, clock: Clock) -> None:
    await give_up(house, reader, case, clock.now)


@pytest.mark.parametrize("end", [stops, closes, moves, gives_up])
async def test_it_never_goes_after_its_end(house, bridge, national, case, clock, end: Callable[..., Awaitable[None]]):
    await planned(house, national, case, clock)
    await end(house, national, case, clock)
    assert await queued(house, CHECK_IN, state="cancelled") == ["check_in_how"]
    assert await after(house, bridge, clock, WEDNESDAY) == []


@pytest.mark.parametrize("end", [stops, closes, moves, gives_up])
async def test_what_is_ended_while_it_goes_out_stands_in_the_conversation(
    house, bridge, national, north, case, clock, end: Callable[..., Awaitable[None]]
):
    await planned(house, national, case, clock)
    going = await sending(house, bridge, clock)
    await end(house, national, case, clock)
    bridge.gate.set()
    await going
    assert bridge.said.count(HOW) == 1
    assert await queued(house, CHECK_IN, state="sent") == ["check_in_how"]
    found = await open_case(house, north if end is moves else national, case, clock.now)
    assert [m.text for m in found.messages].count(HOW) == 1


async def test_what_is_given_up_while_it_goes_out_and_fails_is_not_tried_again(house, bridge, national, case, clock):
    await planned(house, national, case, clock)
    bridge.fails = undelivered(Reason.UNCERTAIN, 1)
    going = await sending(house, bridge, clock)
    await gives_up(house, national, case, clock)
    bridge.gate.set()
    await going
    bridge.fails = None
    assert await after(house, bridge, clock, WEDNESDAY + LEASE) == []
    assert await queued(house, CHECK_IN, state="cancelled") == ["check_in_how"]
    assert (await open_case(house, national, case, clock.now)).case.check_in_lost_at is None


async def test_what_is_given_up_once_claimed_does_not_go_out(house, national, case, clock):
    await planned(house, national, case, clock)
    (claimed,) = await house.database.write(outbox.claim_due, "phone", "n", WEDNESDAY, LEASE, 9)
    await gives_up(house, national, case, clock)
    assert await house.database.read(prepare, house, claimed, WEDNESDAY) == Barred(Bar.CLOSED)


async def test_what_is_sent_for_a_case_that_is_not_what_was_written_is_sent(house, bridge, national, case, clock):
    await planned(house, national, case, clock)
    going = await sending(house, bridge, clock)
    await house.database.write(lambda conn: conn.execute(change(cases).values(mac=b"")))
    bridge.gate.set()
    assert await going
    assert await queued(house, CHECK_IN, state="sent") == ["check_in_how"]
    assert house.signs.tampered == 1
    assert await after(house, bridge, clock, WEDNESDAY + LEASE) == [HOW]


async def test_a_case_that_is_moved_and_still_read_keeps_it(house, bridge, national, case, clock):
    await planned(house, national, case, clock)
    await move_case(house, national, case, DeskName("nord"), "Er kommun", clock.now, keep=True)
    assert await after(house, bridge, clock, WEDNESDAY) == [HOW]


async def test_in_a_chat_it_goes_too_and_goes_with_the_chat(house, national, clock):
    bot = FakeChat()
    await say(house, clock, update("Jag behöver hjälp"), update("may:yes", Kind.BUTTON))
    (case,) = await all_cases(house)
    await open_case(house, national, case, clock.now)
    await planned(house, national, case, clock)
    assert (await after(house, bot, clock, WEDNESDAY))[-1] == HOW
    await planned(house, national, case, clock, WEDNESDAY + timedelta(days=1))
    await say(house, clock, update("/erase", Kind.COMMAND), update("erase:yes", Kind.BUTTON))
    assert await queued(house, CHECK_IN) == []
    assert (await after(house, bot, clock, WEDNESDAY + timedelta(days=1))).count(HOW) == 1


async def test_whoever_chose_their_own_words_is_sent_those_and_finds_the_question(house, bridge, national, case, clock):
    await put_down(house, national, case, Wishes("", "Boken har kommit", "", "", ""), clock.now)
    await planned(house, national, case, clock)
    assert await after(house, bridge, clock, WEDNESDAY) == ["Boken har kommit"]
    await say(house, clock, "KOD", address=number(0))
    code = (await queued(house))[-1].partition(".")[0]
    opened = await open_mailbox(house, (await open_typed(house, code, clock.now)).key, clock.now)
    assert [message.text for message in opened.messages] == [HOW]


async def test_two_nodes_of_which_one_dies_ask_once(house, national, case, clock):
    await planned(house, national, case, clock)
    clock.now = WEDNESDAY
    hung, well = FakeBridge(gate=asyncio.Event()), FakeBridge()
    dying = asyncio.create_task(drain(house, hung, "a"))
    await asked(hung)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await after(house, well, clock, WEDNESDAY) == []
    assert await after(house, well, clock, WEDNESDAY + LEASE) == [HOW]
    await asyncio.gather(*(drain(house, well, node) for node in "bc"))
    assert well.said == [HOW]


HOURS = {
    "safe": ("18-22", 17, None),
    "unsafe": ("18-22", 9, Refusal.HOUR),
    "night, and they named none": (None, 22, Refusal.HOUR),
    "day, and they named none": (None, 12, None),
    "past": (None, -72, Refusal.DAY),
    "in a year": (None, 365 * 24, Refusal.DAY),
}


@pytest.mark.parametrize(("hours", "hour", "why"), HOURS.values(), ids=HOURS)
async def test_only_a_safe_hour_can_be_planned(house, national, case, clock, hours, hour, why):
    if hours is not None:
        await set_hours(house, number(0), hours, clock)
    at = WEDNESDAY.replace(hour=0, minute=0) + timedelta(hours=hour)
    if why is None:
        await planned(house, national, case, clock, at)
        assert await queued(house, CHECK_IN) == ["check_in_how"]
    else:
        assert await refusal(house, national, case, clock, at) is why


async def answered(service: Service, bridge: FakeBridge, reader: Reader, case: CaseId, clock: Clock) -> None:
    """The coordinator has written, and nobody waits."""
    await open_case(service, reader, case, clock.now)
    await reply(service, reader, case, "Vi ses.", clock.now)
    await drain(service, bridge, "n")


async def test_hours_that_change_meanwhile_end_it_and_the_coordinator_hears_of_it(service, clock):
    bridge, town = FakeBridge(), await settle(service)
    (case,) = await willing(town.service, clock, 1)
    reader = await reader_of(town.service, Person("nationell@test", town.members[NATIONAL]), clock.now)
    await answered(town.service, bridge, reader, case, clock)
    await planned(town.service, reader, case, clock)
    await set_hours(town.service, number(0), "2-3", clock)
    assert HOW not in await after(town.service, bridge, clock, WEDNESDAY)
    assert await queued(town.service, CHECK_IN, state="expired") == ["check_in_how"]
    await town.service.database.write(carry, WEDNESDAY)
    assert town.names(await town.sweep(WEDNESDAY + timedelta(days=1))) == [("nationell", "digest")]
    assert list((await town.service.database.read(nudges.given, [case]))[case]) == [Rule.CHECK_IN]


async def test_when_it_was_lost_is_known_to_the_hour_once_the_case_was_answered(house, bridge, national, case, clock):
    await answered(house, bridge, national, case, clock)
    await planned(house, national, case, clock)
    bridge.fails = undelivered(Reason.UNREACHABLE, 60)
    await after(house, bridge, clock, WEDNESDAY + LIFE + timedelta(minutes=7))
    found = (await open_case(house, national, case, clock.now)).case
    assert found.check_in_lost_at == (WEDNESDAY + LIFE).replace(minute=0)


async def test_one_that_cannot_go_in_its_time_expires_and_is_told_of(house, bridge, national, case, clock):
    await planned(house, national, case, clock)
    bridge.fails = undelivered(Reason.UNREACHABLE, 60)
    await after(house, bridge, clock, WEDNESDAY)
    await after(house, bridge, clock, WEDNESDAY + LIFE)
    assert await queued(house, CHECK_IN, state="expired") == ["check_in_how"]
    found = (await open_case(house, national, case, clock.now)).case
    assert found.check_in_lost_at == WEDNESDAY + LIFE
    bridge.fails = None
    assert await after(house, bridge, clock, WEDNESDAY + timedelta(days=1)) == []


async def test_only_one_is_planned_at_a_time_even_by_two_at_once(house, national, case, clock):
    both = [planned(house, national, case, clock) for _ in range(2)]
    found = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in sorted(found, key=str)] == [type(None), Refused]
    assert (await look_ahead(house, national, case)).refusal is Refusal.PLANNED
    assert await queued(house, CHECK_IN) == ["check_in_how"]


async def test_whoever_is_silent_is_left_in_peace_until_they_write(house, bridge, national, case, clock):
    for day in (2, 4):
        at = MONDAY_MORNING + timedelta(days=day)
        await planned(house, national, case, clock, at)
        await after(house, bridge, clock, at)
    later = clock.now + timedelta(days=1)
    assert await refusal(house, national, case, clock, later) is Refusal.IN_VAIN
    await say(house, clock, "Hej igen", address=number(0))
    await planned(house, national, case, clock, later)


async def test_of_words_that_nobody_asked_for_only_so_many_go_in_a_day(house, bridge, national, case, clock):
    for _ in range(5):
        await reply(house, national, case, "Vi ses.", clock.advance(minutes=1))
        await drain(house, bridge, "n")
    assert len(bridge.said) == 3
    assert len(await after(house, bridge, clock, clock.now + timedelta(hours=23))) == 3
    assert len(await after(house, bridge, clock, clock.now + timedelta(minutes=58))) == 4


async def test_whoever_writes_back_is_told_of_what_waited_at_once(house, bridge, national, case, clock):
    for _ in range(4):
        await reply(house, national, case, "Vi ses.", clock.advance(minutes=1))
        await drain(house, bridge, "n")
    await say(house, clock, "Hej igen", address=number(0))
    assert len(await after(house, bridge, clock, clock.now)) == 4


async def test_nobody_is_asked_who_has_not_agreed(house, national, clock):
    await say(house, clock, "Hej")
    (case,) = await all_cases(house)
    assert await refusal(house, national, case, clock) is Refusal.NOT_ALLOWED
    await say(house, clock, "JA", "STOPP")
    assert await refusal(house, national, case, clock) is Refusal.NOT_ALLOWED


async def test_another_desk_neither_sees_nor_plans_nor_ends_it(house, national, north, case, clock):
    await planned(house, national, case, clock)
    with pytest.raises(NotYours):
        await look_ahead(house, north, case)
    with pytest.raises(NotYours):
        await planned(house, north, case, clock)
    with pytest.raises(NotYours):
        await give_up(house, north, case, clock.now)
    assert await queued(house, CHECK_IN) == ["check_in_how"]
