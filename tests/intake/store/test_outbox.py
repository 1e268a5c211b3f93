"""Texts on their way out: each is held by one node at a time, is never lost, and leaves no text behind."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from intake.model import CaseId, ContactId, Outgoing, OutgoingKind, OutgoingState
from intake.store import contacts, outbox, sendings
from intake.store.contacts import ContactRow
from intake.store.database import Database
from intake.store.schema import outbox as table
from intake.vault.ids import new_id
from tests.intake.store.samples import KEY, NOW, add_case

LEASE = timedelta(minutes=1)


SENT, FAILED = OutgoingState.SENT, OutgoingState.FAILED


def an_outgoing(case: CaseId, **changes: object) -> Outgoing:
    expires_at = (NOW + timedelta(days=3)).replace(microsecond=0)
    values = {"kind": OutgoingKind.NOTICE, "expires_at": expires_at, "case": case, "sealed_text": b"text"}
    return Outgoing(**({"id": new_id(), "send_id": new_id(), "bridge": "sms"} | values | changes))


async def enqueued(database: Database, number: int = 1) -> list[str]:
    """So many texts, each due a second after the one before."""
    case = await database.write(add_case)
    texts = [an_outgoing(case) for _ in range(number)]
    for n, text in enumerate(texts):
        await database.write(outbox.enqueue, text, NOW + timedelta(seconds=n))
    return [text.id for text in texts]


async def text_of(database: Database, id_: str) -> bytes | None:
    return await database.read(lambda conn: conn.execute(select(table.c.sealed_text).where(table.c.id == id_)).scalar())


async def test_a_text_is_claimed_when_it_is_due_and_not_before(database: Database):
    case = await database.write(add_case)
    text = an_outgoing(case)
    await database.write(outbox.enqueue, text, NOW)
    assert await database.write(outbox.claim_due, "sms", "a", NOW - timedelta(seconds=1), LEASE, 9) == []
    (claimed,) = await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9)
    assert claimed == Outgoing(**{name: getattr(text, name) for name in text.__slots__} | {"attempts": 1})


async def test_a_claimed_text_is_nobody_elses_until_the_lease_ends(database: Database):
    (text,) = await enqueued(database)
    await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9)
    assert await database.write(outbox.claim_due, "sms", "b", NOW + LEASE / 2, LEASE, 9) == []
    (again,) = await database.write(outbox.claim_due, "sms", "b", NOW + LEASE, LEASE, 9)
    assert (again.id, again.attempts) == (text, 2)
    assert not await database.write(outbox.settle, text, "a", SENT)
    assert await database.write(outbox.settle, text, "b", SENT)


async def test_two_nodes_that_claim_at_once_never_hold_the_same_text(database: Database):
    ids = await enqueued(database, 12)
    later = NOW + timedelta(minutes=1)
    hands = await asyncio.gather(*(database.write(outbox.claim_due, "sms", f"n{n}", later, LEASE, 4) for n in range(3)))
    held = [text.id for hand in hands for text in hand]
    assert len(held) == len(set(held))
    held += [text.id for text in await database.write(outbox.claim_due, "sms", "n9", later, LEASE, 12)]
    assert sorted(held) == sorted(ids)


async def test_a_settled_text_is_erased_and_never_due_again(database: Database):
    sent, failed = await enqueued(database, 2)
    later = NOW + timedelta(minutes=9)
    await database.write(outbox.claim_due, "sms", "a", later, LEASE, 9)
    assert await database.write(outbox.settle, sent, "a", SENT)
    assert await database.write(outbox.settle, failed, "a", FAILED)
    assert [await database.read(outbox_state, text) for text in (sent, failed)] == ["sent", "failed"]
    assert [await text_of(database, text) for text in (sent, failed)] == [None, None]
    assert await database.write(outbox.claim_due, "sms", "a", later + LEASE, LEASE, 9) == []


async def test_a_text_that_is_put_back_waits_for_its_time(database: Database):
    (text,) = await enqueued(database)
    await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9)
    assert not await database.write(outbox.put_back, text, "b", NOW)
    assert await database.write(outbox.put_back, text, "a", NOW + timedelta(hours=1))
    assert await database.write(outbox.claim_due, "sms", "a", NOW + timedelta(minutes=59), LEASE, 9) == []
    assert len(await database.write(outbox.claim_due, "sms", "a", NOW + timedelta(hours=1), LEASE, 9)) == 1


async def test_cancelling_a_case_erases_what_waits_even_in_a_nodes_hands(database: Database):
    case = await database.write(add_case)
    waiting, held = an_outgoing(case), an_outgoing(case)
    await database.write(outbox.enqueue, held, NOW)
    await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9)
    await database.write(outbox.enqueue, waiting, NOW)
    await database.write(outbox.cancel_of_case, case)
    assert [await text_of(database, text.id) for text in (waiting, held)] == [None, None]
    assert not await database.write(outbox.put_back, held.id, "a", NOW)
    assert await database.write(outbox.claim_due, "sms", "b", NOW + LEASE, LEASE, 9) == []


async def add_contact(database: Database, case: CaseId) -> ContactId:
    row = ContactRow(ContactId(new_id()), new_id().encode(), case, "sms", b"sealed", NOW.replace(microsecond=0))
    await database.write(contacts.add, KEY, row)
    return row.id


async def test_a_contacts_texts_of_one_kind_go_one_after_the_other(database: Database):
    case = await database.write(add_case)
    contact = await add_contact(database, case)
    first, second = (an_outgoing(case, contact=contact, turn=turn) for turn in (0, 1))
    other = an_outgoing(case, contact=contact, turn=2, kind=OutgoingKind.PROMPT)
    for text in (second, first, other):
        await database.write(outbox.enqueue, text, NOW)
    claimed = await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9)
    assert {text.id for text in claimed} == {first.id, other.id}
    await database.write(outbox.put_back, first.id, "a", NOW + timedelta(seconds=7))
    assert await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9) == []
    (again,) = await database.write(outbox.claim_due, "sms", "a", NOW + timedelta(seconds=7), LEASE, 9)
    assert again.id == first.id
    await database.write(outbox.settle, first.id, "a", SENT)
    (last,) = await database.write(outbox.claim_due, "sms", "a", NOW + timedelta(seconds=7), LEASE, 9)
    assert last.id == second.id


async def test_a_text_that_is_too_late_holds_up_nobody(database: Database):
    case = await database.write(add_case)
    contact = await add_contact(database, case)
    late = an_outgoing(case, contact=contact, turn=0, expires_at=NOW + timedelta(minutes=3))
    for text in (late, an_outgoing(case, contact=contact, turn=1)):
        await database.write(outbox.enqueue, text, NOW)
    (claimed,) = await database.write(outbox.claim_due, "sms", "a", NOW + timedelta(minutes=3), LEASE, 9)
    assert claimed.turn == 1


async def test_one_bridges_texts_are_not_anothers(database: Database):
    await enqueued(database)
    assert await database.write(outbox.claim_due, "telegram", "a", NOW, LEASE, 9) == []


async def test_what_is_too_late_is_never_claimed_and_loses_its_text(database: Database):
    case = await database.write(add_case)
    text = an_outgoing(case, expires_at=NOW + timedelta(minutes=3))
    await database.write(outbox.enqueue, text, NOW)
    late = NOW + timedelta(minutes=3)
    assert await database.write(outbox.claim_due, "sms", "a", late, LEASE, 9) == []
    assert len(await database.write(outbox.expire, late)) == 1
    assert await database.read(outbox_state, text.id) == "expired"
    assert await text_of(database, text.id) is None


async def test_a_held_text_goes_when_its_reason_is_gone(database: Database):
    case = await database.write(add_case)
    contact = await add_contact(database, case)
    text = an_outgoing(case, contact=contact)
    await database.write(outbox.enqueue, text, NOW, OutgoingState.HELD, "no_consent")
    assert await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9) == []
    assert await database.write(outbox.release, contact, "stopped", NOW) == 0
    assert await database.write(outbox.release, contact, "no_consent", NOW) == 1
    assert len(await database.write(outbox.claim_due, "sms", "a", NOW, LEASE, 9)) == 1


async def test_reports_only_move_forward_also_those_that_were_faster_than_we(database: Database):
    (text,) = await enqueued(database)
    until = NOW + timedelta(days=8)
    await database.write(sendings.report, [b"one"], 4, until)
    await database.write(sendings.remember_ids, text, [b"one", b"two"], until)
    for id_hash, state in ((b"one", 1), (b"two", 1), (b"two", 4), (b"two", 3)):
        await database.write(sendings.report, [id_hash], state, until)
    found = await database.read(sendings.find, text)
    assert found is not None
    assert found.delivery == 4


def outbox_state(conn, outgoing: str) -> str:
    return sendings.find(conn, outgoing).state
