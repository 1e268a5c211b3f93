"""From a bridge to a sealed message: once, whole, in one case, to the right desk; nothing is acknowledged unstored."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import Connection, select, update

from bridges.contract import Address, Channel, Inbound, Kind, Media, NotStored
from intake.arrival import talk
from intake.arrival.take import arrive, deliver_late_parts
from intake.casefile.closing import Closing, close
from intake.casefile.entries import FollowUp
from intake.casefile.writing import write_down
from intake.casework import Put, add_remark, correct_case, list_cases, move_case
from intake.filing import Told, add_message
from intake.journal import last_in_file
from intake.mailbox import forget_person
from intake.model import Case, Filed, Note, Status
from intake.reading import Reader
from intake.service import Service
from intake.store import cases
from intake.store.failure import Reason, StoreUnavailable
from intake.store.schema import contacts, fragments, outbox, parts, seen
from intake.turns import Bell
from tests.intake.arrival.said import ANNA, BOB, again, all_cases, desk_of, part, rows_of, say, sms, the_case
from tests.service import Clock
from triage.model import DeskName, Minor, Type, Urgency
from triage.model import Kind as CaseKind

HELLO = "Jag tvingas sälja sex i Luleå."
LONG_PARTS = ("Fyra kvinnor tvingas sälja sex i ", "lägenheten på Storgatan ", "i Luleå.")
PUT_RIGHT = Put(CaseKind.HELP, Type.PROSTITUTION, Urgency.NORMAL, Minor.UNKNOWN, None, "sv")


class Listening(Bell):
    """A bell that remembers how many lines the journal had whenever it was rung."""

    def __init__(self, journal: Path) -> None:
        super().__init__()
        self.journal, self.heard = journal, []

    def ring(self) -> None:
        self.heard.append(last_in_file(self.journal))
        super().ring()


async def test_a_text_lies_sealed_with_the_desk_and_with_nobody_else(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO)
    opened = await the_case(house, north, clock)
    assert [message.text for message in opened.messages] == [HELLO]
    assert opened.locked == 0
    assert opened.can_be_answered


async def test_what_a_provider_repeats_is_dropped_also_two_at_once(house, north: Reader, clock: Clock):
    inbound = sms(HELLO)
    await asyncio.gather(*(arrive(house, inbound, clock.now) for _ in range(4)))
    await arrive(house, inbound, clock.advance(days=6))
    assert len((await the_case(house, north, clock)).messages) == 1
    assert await rows_of(house, outbox) == 1
    assert await rows_of(house, seen) == 1


async def test_the_same_words_under_another_id_are_another_message(house, north: Reader, clock: Clock):
    inbound = sms(HELLO)
    await say(house, clock, inbound, again(inbound))
    assert len((await the_case(house, north, clock)).messages) == 2


async def test_another_account_may_use_the_same_id(house, clock: Clock):
    await say(house, clock, sms("Hej", id="1", account="a"), sms("Hej", BOB, id="1", account="b"))
    assert len(await all_cases(house)) == 2


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)], ids=str)
async def test_parts_are_joined_in_any_order(order, house, north: Reader, clock: Clock):
    await say(house, clock, *(part(LONG_PARTS[n - 1], n, 3) for n in order))
    (message,) = (await the_case(house, north, clock)).messages
    assert message.text == "".join(LONG_PARTS)
    assert await rows_of(house, parts) == 0


async def test_parts_that_come_at_once_are_joined_once(house, north: Reader, clock: Clock):
    arriving = [part(LONG_PARTS[n - 1], n, 3) for n in (1, 2, 3)]
    await asyncio.gather(*(arrive(house, one, clock.now) for one in (*arriving, *arriving)))
    (message,) = (await the_case(house, north, clock)).messages
    assert message.text == "".join(LONG_PARTS)


async def test_a_message_whose_parts_never_came_is_delivered_after_ten_minutes_marked(house, north, clock: Clock):
    await say(house, clock, part(LONG_PARTS[2], 3, 3), part(LONG_PARTS[0], 1, 3))
    clock.advance(minutes=9)
    assert await deliver_late_parts(house, clock.now) == 0
    assert await all_cases(house) == []
    clock.advance(minutes=1)
    assert await deliver_late_parts(house, clock.now) == 1
    opened = await the_case(house, north, clock)
    (message,) = opened.messages
    assert message.text == "Fyra kvinnor tvingas sälja sex i  […] i Luleå."
    assert Note.INCOMPLETE in opened.cards[message.id].notes
    assert await deliver_late_parts(house, clock.now) == 0


async def test_parts_that_were_tampered_with_keep_nobody_elses_message_back(house, clock: Clock):
    await say(house, clock, part("Hej", 1, 2), part("Hej", 1, 2, address=BOB))
    first = select(parts.c.group_hash).order_by(parts.c.group_hash).limit(1).scalar_subquery()
    await house.database.write(
        lambda conn: conn.execute(update(parts).where(parts.c.group_hash == first).values(sealed=b""))
    )
    clock.advance(minutes=10)
    await deliver_late_parts(house, clock.now)
    assert len(await all_cases(house)) == 1


async def test_parts_of_different_senders_or_references_are_different_messages(house, clock: Clock):
    await say(house, clock, part("a", 1, 2), part("b", 2, 2, ref="r2"), part("c", 2, 2, address=BOB))
    assert await all_cases(house) == []
    assert await rows_of(house, parts) == 3


async def test_a_reference_used_again_loses_neither_message(house, north: Reader, clock: Clock):
    await say(house, clock, part(HELLO, 1, 2), part("Luleå, andra ", 1, 2), part("hel", 2, 2))
    texts = [message.text for message in (await the_case(house, north, clock)).messages]
    assert texts == [HELLO + " […] ", "Luleå, andra hel"]


async def test_fragments_are_read_together_and_go_where_they_belong_together(house, north, national, clock: Clock):
    await say(house, clock, "hej")
    (case,) = await all_cases(house)
    assert await desk_of(house, case) == "nationell"
    await say(house, clock, "jag tvingas sälja sex", "det är i Luleå")
    assert await desk_of(house, case) == "nord"
    opened = await the_case(house, north, clock)
    assert [message.text for message in opened.messages] == ["hej", "jag tvingas sälja sex", "det är i Luleå"]
    assert opened.locked == 0
    assert (await list_cases(house, national, None, 9)).lines == []


async def test_what_cannot_wait_is_sealed_to_deputies_with_all_that_came_before(house, middle, clock: Clock):
    await say(house, clock, HELLO, "han slår mig nu, jag kan inte komma ut, hjälp mig nu")
    (case,) = await all_cases(house)
    await house.database.write(cases.grant, house.key, case, "mitt", "escalation", clock.now)
    opened = await the_case(house, middle, clock)
    assert [len(opened.messages), opened.locked] == [2, 0]


async def test_a_case_that_somebody_has_read_stays_where_it_is(house, national: Reader, clock: Clock):
    await say(house, clock, "hej")
    await the_case(house, national, clock)
    await say(house, clock, HELLO)
    (case,) = await all_cases(house)
    assert await desk_of(house, case) == "nationell"
    assert len((await the_case(house, national, clock)).messages) == 2


@pytest.mark.parametrize(("meanwhile", "desk"), [("read", "nationell"), ("moved", "mitt")])
async def test_a_case_that_is_read_or_moved_as_a_message_comes_in_stays_where_it_is(
    house: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch, meanwhile: str, desk: str
):
    def be_late(conn: Connection, service: Service, case: Case, told: Told, now: datetime) -> Filed:
        if meanwhile == "read":
            cases.mark_opened(conn, case.id, now)
        else:
            cases.move(conn, service.key, replace(case, desk=DeskName(desk)))
        return add_message(conn, service, case, told, now)

    await say(house, clock, "hej")
    monkeypatch.setattr(talk, "add_message", be_late)
    await say(house, clock, HELLO)
    (case,) = await all_cases(house)
    assert await desk_of(house, case) == desk


@pytest.mark.parametrize(
    ("work", "desk"),
    [
        (partial(add_remark, text="Jag ringer Luleå."), "nationell"),
        (partial(write_down, fact=FollowUp(None, "Ring")), "nationell"),
        (partial(correct_case, put=PUT_RIGHT), "nationell"),
        (partial(move_case, to_desk=DeskName("mitt"), note="Hit"), "mitt"),
    ],
    ids=["remark", "entry of the casefile", "labels put right", "moved by hand"],
)
async def test_a_case_that_somebody_works_on_before_they_read_it_stays_with_them(
    house: Service, national: Reader, clock: Clock, work: Callable[..., Awaitable[object]], desk: str
):
    await say(house, clock, "hej")
    (case,) = await all_cases(house)
    await work(house, national, case, now=clock.now)
    await say(house, clock, HELLO)
    assert await desk_of(house, case) == desk


async def test_what_comes_after_a_pause_is_a_message_of_its_own(house, clock: Clock):
    await say(house, clock, "hej")
    (case,) = await all_cases(house)
    clock.advance(minutes=6)
    await say(house, clock, HELLO)
    assert await desk_of(house, case) == "nationell"
    assert await rows_of(house, fragments) == 2


async def test_a_later_message_joins_the_open_case_and_wakes_it(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO)
    await the_case(house, north, clock)
    clock.advance(days=2)
    await say(house, clock, "Är ni där?")
    opened = await the_case(house, north, clock)
    assert [message.text for message in opened.messages] == [HELLO, "Är ni där?"]
    assert await rows_of(house, contacts) == 1


async def test_after_closing_a_message_reopens_the_case(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO)
    case = (await the_case(house, north, clock)).case
    await close(house, north, case.id, Closing(), clock.advance(days=1))
    await say(house, clock, "En sak till")
    assert (await the_case(house, north, clock)).case.status is Status.OPENED
    assert len(await all_cases(house)) == 1


async def test_after_closing_a_message_opens_a_new_case_where_that_is_configured(new_after_closing, north, clock):
    await say(new_after_closing, clock, HELLO)
    case = (await the_case(new_after_closing, north, clock)).case
    await close(new_after_closing, north, case.id, Closing(), clock.advance(days=1))
    await say(new_after_closing, clock, HELLO)
    assert len(await all_cases(new_after_closing)) == 2
    assert await rows_of(new_after_closing, contacts) == 1


async def test_after_an_erasure_the_same_number_is_a_stranger(house, north: Reader, clock: Clock):
    await say(house, clock, HELLO)
    case = (await the_case(house, north, clock)).case
    await house.database.write(forget_person, house, case, clock.now)
    assert await rows_of(house, contacts) == 0
    await say(house, clock, HELLO)
    assert len(await all_cases(house)) == 2


async def test_a_sender_that_no_answer_can_reach_is_kept_as_nobody_we_know(house, north: Reader, clock: Clock):
    shop = Address(Channel.SMS, "VOLVO")
    await say(house, clock, *(sms(HELLO, shop, reply_possible=False) for _ in range(2)))
    lines = (await list_cases(house, north, None, 9)).lines
    assert len(lines) == 2
    assert all(Note.NO_REPLY in line.cards[0].notes for line in lines)
    assert [await rows_of(house, table) for table in (contacts, outbox)] == [0, 0]


@pytest.mark.parametrize(
    ("inbound", "note"),
    [
        (sms("", kind=Kind.UNREADABLE), Note.UNREADABLE),
        (sms("rättat", kind=Kind.EDIT), Note.EDITED),
        (sms("", media=(Media("ref", "image/jpeg"),)), Note.MEDIA_NOT_KEPT),
        (sms("halvt", incomplete=True), Note.INCOMPLETE),
    ],
    ids=["unreadable", "edited", "a picture", "incomplete"],
)
async def test_what_the_desk_must_know_beside_the_text_is_on_the_card(inbound: Inbound, note, house, national, clock):
    await say(house, clock, inbound)
    opened = await the_case(house, national, clock)
    assert note in opened.cards[opened.messages[0].id].notes


@pytest.mark.parametrize("text", ["", "\x00", "a\x00b", "😀" * 300, "ä" * 20_000], ids=["empty", "NUL", "b", "c", "d"])
async def test_whatever_a_text_holds_it_is_kept(text: str, house, national: Reader, clock: Clock):
    await say(house, clock, text)
    assert [message.text for message in (await the_case(house, national, clock)).messages] == [text]


async def test_when_the_store_is_down_the_provider_must_come_again(house: Service, clock: Clock, monkeypatch):
    inbound, write = sms(HELLO), house.database.write

    async def down(*_: object) -> None:
        raise StoreUnavailable(Reason.FULL)

    monkeypatch.setattr(house.database, "write", down)
    with pytest.raises(NotStored):
        await arrive(house, inbound, clock.now)
    monkeypatch.setattr(house.database, "write", write)
    await arrive(house, inbound, clock.now)
    assert len(await all_cases(house)) == 1


async def test_without_any_desk_the_provider_must_come_again(empty_service: Service, clock: Clock):
    with pytest.raises(NotStored):
        await arrive(empty_service, sms("Hej"), clock.now)
    assert await rows_of(empty_service, seen) == 0


async def test_a_message_that_is_not_stored_is_not_noted_as_seen(house: Service, clock: Clock, monkeypatch):
    inbound = replace(sms("Hej"), address=ANNA)
    monkeypatch.setattr("intake.arrival.take.take_text", _stumble)
    with pytest.raises(ValueError, match="stumbled"):
        await arrive(house, inbound, clock.now)
    assert await rows_of(house, seen) == 0


def _stumble(_: object) -> None:
    raise ValueError("stumbled")


async def test_a_stop_stands_in_the_journal_before_anything_goes_out(house: Service, clock: Clock, tmp_path: Path):
    journal = tmp_path / "journal"
    config = replace(house.config, backup=structs.replace(house.config.backup, journal_file=str(journal)))
    bell = Listening(journal)
    kept = replace(house, config=config, bell=bell)
    await say(kept, clock, "Hej", "STOPP")
    assert bell.heard[-1] == 1
