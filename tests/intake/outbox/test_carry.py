"""Texts go out once, in order, where they still may; what fails waits as long as it must, and stops nobody else."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bridges.contract import Delivery, Reason, Report, Undelivered
from intake.casework import open_case
from intake.model import OutgoingKind
from intake.outbox.carry import LEASE, MOST_TRIES, drain, wait_before
from intake.outbox.expiry import forget_passing
from intake.outbox.settle import take_report
from intake.promise import PROMPT_LIFE
from intake.reading import Reader
from intake.reply import reply
from intake.service import Service
from intake.store import outbox
from intake.store.counts import texts_of_no_known_kind
from intake.store.schema import contacts, sent_ids, waiting
from intake.store.schema import outbox as outbox_table
from tests.intake.arrival.said import BOB, all_cases, queued, rows_of, say, sms
from tests.intake.outbox.fake import FakeBridge, number, undelivered, willing
from tests.intake.outbox.safe import set_hours
from tests.service import Clock

NODE = "node-a"
RECEIVED = "Hej! Meddelandet kom fram."
NOTICE = OutgoingKind.NOTICE


@pytest.fixture
def bridge(house: Service) -> FakeBridge:
    return FakeBridge()


async def answer_all(house: Service, reader: Reader, clock: Clock, text: str = "Vi ses.") -> None:
    for case in await all_cases(house):
        await reply(house, reader, case, text, clock.advance(seconds=1))


async def state_of(house: Service, reader: Reader, clock: Clock) -> list[tuple[str, str | None, int]]:
    (case,) = await all_cases(house)
    return [(s.state, s.reason, s.delivery) for s in (await open_case(house, reader, case, clock.now)).sendings]


async def test_a_promised_text_goes_out_once_under_the_rows_key(house, bridge: FakeBridge, clock: Clock):
    await say(house, clock, "Hej")
    assert await drain(house, bridge, NODE)
    assert await drain(house, bridge, NODE)
    (sent,) = bridge.texts
    assert sent.text.startswith(RECEIVED)
    assert sent.expires_at == clock.now + PROMPT_LIFE
    assert await queued(house, state="sent") == ["received"]


async def test_what_is_too_late_is_not_sent_and_its_text_is_gone(house, bridge: FakeBridge, clock: Clock):
    await say(house, clock, "Hej")
    clock.advance(minutes=3)
    assert await drain(house, bridge, NODE)
    assert await forget_passing(house, clock.now) == 1
    assert bridge.texts == []
    assert await queued(house, state="expired") == ["received"]


async def test_a_row_that_is_not_what_was_written_keeps_no_other_text_back(house, bridge: FakeBridge, clock: Clock):
    await say(house, clock, "Hej")
    await say(house, clock, "Hej", address=BOB)
    first = select(contacts.c.id).order_by(contacts.c.id).limit(1).scalar_subquery()
    await house.database.write(
        lambda conn: conn.execute(update(contacts).where(contacts.c.id == first).values(mac=b""))
    )
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == 1
    assert await queued(house, state="held") == ["received"]


async def test_a_row_that_nobody_can_make_sense_of_waits_and_the_others_go_out(house, bridge: FakeBridge, clock: Clock):
    await say(house, clock, "Hej")
    await say(house, clock, "Hej", address=BOB)
    first = select(outbox_table.c.id).order_by(outbox_table.c.due_at).limit(1).scalar_subquery()
    poison = update(outbox_table).where(outbox_table.c.id == first).values(template="no such template")
    await house.database.write(lambda conn: conn.execute(poison))
    assert await drain(house, bridge, NODE)
    assert [text.address for text in bridge.texts] == [BOB]
    assert await queued(house) == ["no such template"]
    await say(house, clock, "Hej", address=number(1))
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == 2


async def test_a_text_that_can_never_be_made_ready_ends_and_holds_up_nothing_behind_it(
    house, bridge: FakeBridge, national: Reader, clock: Clock
):
    await willing(house, clock, 1)
    await drain(house, bridge, NODE)
    await answer_all(house, national, clock)
    poison = update(outbox_table).where(outbox_table.c.kind == NOTICE.value)
    poison = poison.values(template="no such template", attempts=MOST_TRIES - 2)
    await house.database.write(lambda conn: conn.execute(poison))
    for state in (("waiting", "uncertain", 0), ("failed", "unsuitable", 0)):
        assert await drain(house, bridge, NODE)
        assert await state_of(house, national, clock) == [state]
        clock.advance(hours=1)
    before = len(bridge.texts)
    await answer_all(house, national, clock)
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == before + 1


async def test_a_text_that_only_another_version_knows_is_left_and_the_others_go_out(house, bridge, clock: Clock):
    await say(house, clock, "Hej")
    other = update(outbox_table).values(kind="hologram")
    await house.database.write(lambda conn: conn.execute(other))
    await say(house, clock, "Hej", address=BOB)
    assert await drain(house, bridge, NODE)
    assert [text.address for text in bridge.texts] == [BOB]
    assert await house.database.read(texts_of_no_known_kind) == 1
    clock.advance(minutes=3)
    await forget_passing(house, clock.now)
    assert await house.database.read(texts_of_no_known_kind) == 0


async def test_what_was_sent_is_not_sent_again_whatever_cannot_be_written_of_it(house, bridge, clock, monkeypatch):
    def break_down(*_: object) -> None:
        raise ValueError("text of a person")

    await say(house, clock, "Hej")
    monkeypatch.setattr("intake.outbox.settle.sendings.remember_ids", break_down)
    assert await drain(house, bridge, NODE)
    clock.advance(seconds=10)
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == 1
    assert await queued(house, state="sent") == ["received"]


async def test_consent_is_asked_again_at_sending(house, bridge: FakeBridge, national: Reader, clock: Clock):
    await willing(house, clock, 1)
    await answer_all(house, national, clock)
    row = await house.database.write(outbox.claim_due, "phone", "b", clock.now + timedelta(days=0), LEASE, 9)
    assert len(row) == 2
    await say(house, clock, sms("STOPP", number(0)))
    clock.advance(minutes=2)
    assert await drain(house, bridge, NODE)
    assert bridge.texts == []


async def test_a_stop_that_comes_while_a_text_is_held_in_the_hand_wins(house, national, clock: Clock, monkeypatch):
    await willing(house, clock, 1)
    await answer_all(house, national, clock)
    bridge = FakeBridge()
    claimed = await house.database.write(outbox.claim_due, "phone", NODE, clock.now, LEASE, 9)

    async def claim(verb, *args):
        if verb is outbox.claim_due:
            batch, claimed[:] = list(claimed), []
            if batch:
                await say(house, clock, sms("STOPP", number(0)))
            return batch
        return await write(verb, *args)

    write = house.database.write
    monkeypatch.setattr(house.database, "write", claim)
    assert await drain(house, bridge, NODE)
    assert bridge.texts == []


async def test_outside_safe_hours_a_text_waits_for_them(house, bridge: FakeBridge, national: Reader, clock: Clock):
    await willing(house, clock, 1)
    await drain(house, bridge, NODE)
    await set_hours(house, number(0), "18-22", clock)
    await answer_all(house, national, clock)
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == 1
    clock.advance(hours=9)
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == 2


async def test_a_failure_that_may_pass_is_tried_again_later(house, bridge: FakeBridge, clock: Clock):
    await say(house, clock, "Hej")
    bridge.moods = [undelivered(Reason.UNCERTAIN, 1)]
    await drain(house, bridge, NODE)
    await drain(house, bridge, NODE)
    assert [bridge.asked, bridge.texts] == [1, []]
    clock.advance(seconds=10)
    await drain(house, bridge, NODE)
    assert len(bridge.texts) == 1


async def test_a_failure_for_good_is_seen_by_the_coordinator(house, bridge, national: Reader, clock: Clock):
    await willing(house, clock, 1)
    await drain(house, bridge, NODE)
    await answer_all(house, national, clock)
    bridge.fails = undelivered(Reason.ADDRESS, None)
    await drain(house, bridge, NODE)
    assert await state_of(house, national, clock) == [("failed", "address", 0)]
    assert await rows_of(house, waiting) == 1


async def test_somebody_who_has_blocked_us_gets_nothing_more(house, bridge, national: Reader, clock: Clock):
    await willing(house, clock, 1)
    await drain(house, bridge, NODE)
    await answer_all(house, national, clock)
    bridge.fails = undelivered(Reason.STOPPED, None)
    await drain(house, bridge, NODE)
    bridge.fails = None
    await answer_all(house, national, clock)
    await drain(house, bridge, NODE)
    assert len(bridge.texts) == 1
    assert (await state_of(house, national, clock))[-1] == ("held", "stopped", 0)


async def test_one_chats_429_does_not_stop_the_others(house, bridge: FakeBridge, clock: Clock):
    for n in range(5):
        await say(house, clock, sms("Hej", number(n)))
    bridge.refuses = {number(2).value: undelivered(Reason.THROTTLED, 30)}
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == 4
    clock.advance(seconds=29)
    await drain(house, bridge, NODE)
    assert bridge.asked == 5
    bridge.refuses = {}
    clock.advance(seconds=5)
    await drain(house, bridge, NODE)
    assert len(bridge.texts) == 5


async def test_a_bridge_that_is_down_is_left_alone_and_stops_no_other(house, clock: Clock):
    down, up = FakeBridge(fails=undelivered(Reason.UNREACHABLE, 5)), FakeBridge(name="other")
    for n in range(30):
        await say(house, clock, sms("Hej", number(n), bridge="phone" if n < 25 else "other"))
    assert not await drain(house, down, NODE, most=1)
    assert down.asked == 1
    assert await drain(house, up, NODE)
    assert len(up.texts) == 5


async def test_a_bridge_that_breaks_its_promise_loses_nothing(house, bridge: FakeBridge, clock: Clock):
    await say(house, clock, "Hej")
    bridge.moods = [ValueError("text of a person")]
    assert await drain(house, bridge, NODE)
    clock.advance(seconds=10)
    assert await drain(house, bridge, NODE)
    assert len(bridge.texts) == 1


async def test_a_node_that_died_with_a_text_in_hand_leaves_it_to_another(house, bridge, national, clock: Clock):
    await willing(house, clock, 1)
    await drain(house, bridge, NODE)
    await answer_all(house, national, clock)
    await house.database.write(outbox.claim_due, "phone", "dead", clock.now, LEASE, 9)
    await drain(house, bridge, NODE)
    assert len(bridge.texts) == 1
    clock.now += LEASE
    await drain(house, bridge, NODE)
    assert len(bridge.texts) == 2


async def test_a_text_sent_again_goes_under_the_same_key(house, bridge, national, clock: Clock, monkeypatch):
    await willing(house, clock, 1)
    await drain(house, bridge, NODE)
    await answer_all(house, national, clock)
    bridge.moods = [None, undelivered(Reason.UNCERTAIN, 1)]
    first = await house.database.write(outbox.claim_due, "phone", "dead", clock.now, LEASE, 9)
    clock.now += LEASE
    bridge.moods = []
    await drain(house, bridge, NODE)
    assert bridge.texts[-1].id == first[0].send_id


async def test_the_pieces_of_a_long_text_that_went_through_are_skipped(house, bridge, clock: Clock):
    await say(house, clock, "Hej")
    bridge.moods = [undelivered(Reason.THROTTLED, 1, ("1", "2")), undelivered(Reason.THROTTLED, 1, ("3",))]
    for _ in range(3):
        await drain(house, bridge, NODE)
        clock.advance(seconds=2)
    assert bridge.texts[0].skip == 3


async def test_reports_move_forward_only(house, bridge, national: Reader, clock: Clock):
    await willing(house, clock, 1)
    await drain(house, bridge, NODE)
    await answer_all(house, national, clock)
    await drain(house, bridge, NODE)
    for state in (Delivery.SENT, Delivery.DELIVERED, Delivery.FAILED, Delivery.SENT):
        await take_report(house, Report("phone", "46elks", "u1", "out-2", state, clock.now))
    assert await state_of(house, national, clock) == [("sent", None, Delivery.DELIVERED)]


async def test_a_report_of_nothing_we_know_is_remembered_under_a_hash_alone(house, clock: Clock):
    await take_report(house, Report("phone", "46elks", "u1", "out-7", Delivery.DELIVERED, clock.now))
    (row,) = await house.database.read(lambda conn: [tuple(row) for row in conn.execute(sent_ids.select())])
    assert b"out-7" not in row[0]


async def test_the_whole_text_waits_until_it_is_known_to_be_sent(house, bridge, national: Reader, clock: Clock):
    await willing(house, clock, 1)
    await answer_all(house, national, clock)
    await say(house, clock, sms("ALLT", number(0)))
    bridge.fails = undelivered(Reason.UNCERTAIN, 1)
    await drain(house, bridge, NODE)
    assert await rows_of(house, waiting) == 1
    bridge.fails = None
    clock.advance(seconds=20)
    await drain(house, bridge, NODE)
    assert "Vi ses." in bridge.said
    assert await rows_of(house, waiting) == 0


async def test_two_nodes_send_everything_once(house, clock: Clock):
    for n in range(40):
        await say(house, clock, sms("Hej", number(n)))
    clock.now -= timedelta(seconds=1)
    bridge = FakeBridge()
    await asyncio.gather(*(drain(house, bridge, node, most=3) for node in ("a", "b")))
    clock.now += timedelta(seconds=1)
    await drain(house, bridge, "a")
    assert len(bridge.texts) == len({text.address.value for text in bridge.texts}) == 40


@pytest.mark.parametrize(
    ("attempts", "reason", "asked", "least", "most"),
    [
        (1, Reason.UNCERTAIN, 0, 5, 6.25),
        (2, Reason.UNCERTAIN, 0, 10, 12.5),
        (30, Reason.UNCERTAIN, 0, 1800, 2250),
        (1, Reason.UNAVAILABLE, 60, 60, 75),
        (5, Reason.THROTTLED, 7, 7, 7.7),
    ],
)
def test_waiting_grows_and_is_never_shorter_than_the_provider_asks(attempts, reason, asked, least, most):
    error = Undelivered(reason, timedelta(seconds=asked))
    assert wait_before(attempts, error, 0.0) == timedelta(seconds=least)
    assert wait_before(attempts, error, 1.0) == timedelta(seconds=most)


def test_nothing_personal_shows_in_what_is_passed_around(house):
    assert "+46" not in repr(replace(number(1)))
