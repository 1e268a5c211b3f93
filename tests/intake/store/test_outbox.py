"""Texts on their way out: each is held by one node at a time, is never lost, and leaves no text behind."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from intake.model import CaseId, Outgoing
from intake.store import outbox
from intake.store.database import Database
from intake.store.schema import outbox as table
from intake.vault.ids import new_id
from tests.intake.store.samples import NOW, add_case

LEASE = timedelta(minutes=1)


def an_outgoing(case: CaseId) -> Outgoing:
    return Outgoing(
        new_id(), case, "sms", b"address", b"text", None, 0, (NOW + timedelta(days=3)).replace(microsecond=0)
    )


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
    assert await database.write(outbox.claim_due, "a", NOW - timedelta(seconds=1), LEASE, 9) == []
    (claimed,) = await database.write(outbox.claim_due, "a", NOW, LEASE, 9)
    assert claimed == Outgoing(**{name: getattr(text, name) for name in text.__slots__} | {"attempts": 1})


async def test_a_claimed_text_is_nobody_elses_until_the_lease_ends(database: Database):
    (text,) = await enqueued(database)
    await database.write(outbox.claim_due, "a", NOW, LEASE, 9)
    assert await database.write(outbox.claim_due, "b", NOW + LEASE / 2, LEASE, 9) == []
    (again,) = await database.write(outbox.claim_due, "b", NOW + LEASE, LEASE, 9)
    assert (again.id, again.attempts) == (text, 2)
    assert not await database.write(outbox.settle, text, "a", sent=True)
    assert await database.write(outbox.settle, text, "b", sent=True)


async def test_two_nodes_that_claim_at_once_never_hold_the_same_text(database: Database):
    ids = await enqueued(database, 12)
    later = NOW + timedelta(minutes=1)
    hands = await asyncio.gather(*(database.write(outbox.claim_due, f"n{n}", later, LEASE, 4) for n in range(3)))
    held = [text.id for hand in hands for text in hand]
    assert len(held) == len(set(held))
    held += [text.id for text in await database.write(outbox.claim_due, "n9", later, LEASE, 12)]
    assert sorted(held) == sorted(ids)


async def test_a_settled_text_is_erased_and_never_due_again(database: Database):
    sent, failed = await enqueued(database, 2)
    later = NOW + timedelta(minutes=9)
    await database.write(outbox.claim_due, "a", later, LEASE, 9)
    assert await database.write(outbox.settle, sent, "a", sent=True)
    assert await database.write(outbox.settle, failed, "a", sent=False)
    assert await database.read(outbox.states, [sent, failed]) == {sent: "sent", failed: "failed"}
    assert [await text_of(database, text) for text in (sent, failed)] == [None, None]
    assert await database.write(outbox.claim_due, "a", later + LEASE, LEASE, 9) == []


async def test_a_text_that_is_put_back_waits_for_its_time(database: Database):
    (text,) = await enqueued(database)
    await database.write(outbox.claim_due, "a", NOW, LEASE, 9)
    assert not await database.write(outbox.put_back, text, "b", NOW)
    assert await database.write(outbox.put_back, text, "a", NOW + timedelta(hours=1))
    assert await database.write(outbox.claim_due, "a", NOW + timedelta(minutes=59), LEASE, 9) == []
    assert len(await database.write(outbox.claim_due, "a", NOW + timedelta(hours=1), LEASE, 9)) == 1


async def test_cancelling_a_case_erases_what_waits_even_in_a_nodes_hands(database: Database):
    case = await database.write(add_case)
    waiting, held = an_outgoing(case), an_outgoing(case)
    await database.write(outbox.enqueue, held, NOW)
    await database.write(outbox.claim_due, "a", NOW, LEASE, 9)
    await database.write(outbox.enqueue, waiting, NOW)
    await database.write(outbox.cancel_of_case, case)
    assert [await text_of(database, text.id) for text in (waiting, held)] == [None, None]
    assert not await database.write(outbox.put_back, held.id, "a", NOW)
    assert await database.write(outbox.claim_due, "b", NOW + LEASE, LEASE, 9) == []
