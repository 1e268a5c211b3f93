"""The persons' side: a mailbox is found by its hash alone, a token is spent once, nothing moved is believed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from intake.model import CaseId
from intake.store import mailboxes
from intake.store.database import Database
from intake.store.mailboxes import Mailbox
from intake.store.schema import mailboxes as table
from intake.vault.errors import Tampered
from tests.intake.store.samples import KEY, NOW, add_case


async def a_mailbox(database: Database, name: bytes = b"one") -> Mailbox:
    mailbox = Mailbox(name, b"salt", b"public", await database.write(add_case))
    await database.write(mailboxes.add, KEY, mailbox)
    return mailbox


async def test_a_mailbox_is_found_by_any_of_its_hashes_and_by_its_case(database: Database):
    mailbox = await a_mailbox(database)
    await a_mailbox(database, b"other")
    assert await database.read(mailboxes.find, KEY, [b"newer", b"one"]) == mailbox
    assert await database.read(mailboxes.of_case, KEY, mailbox.case) == mailbox


async def test_an_unknown_mailbox_is_none(database: Database):
    await a_mailbox(database)
    assert await database.read(mailboxes.find, KEY, [b"unknown"]) is None
    assert await database.read(mailboxes.find, KEY, []) is None
    assert await database.read(mailboxes.of_case, KEY, CaseId("unknown")) is None


async def test_a_kept_receipt_is_noted(database: Database):
    mailbox, other = await a_mailbox(database), await a_mailbox(database, b"other")
    await database.write(mailboxes.mark_kept, mailbox.lookup_id)
    assert await database.read(mailboxes.of_case, KEY, mailbox.case) == replace(mailbox, kept=True)
    assert await database.read(mailboxes.of_case, KEY, other.case) == other


async def test_a_deleted_mailbox_is_gone_and_no_other(database: Database):
    mailbox, other = await a_mailbox(database), await a_mailbox(database, b"other")
    await database.write(mailboxes.delete_of_case, mailbox.case)
    assert await database.read(mailboxes.find, KEY, [b"one"]) is None
    assert await database.read(mailboxes.find, KEY, [b"other"]) == other


@pytest.mark.parametrize("change", ["lookup_id", "salt", "public_key", "case_id"])
async def test_a_changed_mailbox_is_refused(database: Database, change: str):
    mailbox, other = await a_mailbox(database), await database.write(add_case)
    value = other if change == "case_id" else b"mine"
    await database.write(lambda conn: conn.execute(update(table).values({change: value})))
    with pytest.raises(Tampered):
        await database.read(mailboxes.find, KEY, [b"mine", mailbox.lookup_id])


async def test_a_token_is_spent_once_and_remembers_when(database: Database):
    assert await database.write(mailboxes.spend, b"token", NOW) is None
    later = NOW + timedelta(minutes=5)
    assert await database.write(mailboxes.spend, b"token", later) == NOW
    assert await database.write(mailboxes.spend, b"other", later) is None


async def test_of_many_that_spend_a_token_at_once_one_is_first(database: Database):
    outcomes = await asyncio.gather(*(database.write(mailboxes.spend, b"token", NOW) for _ in range(8)))
    assert outcomes.count(None) == 1


async def test_only_old_tokens_are_forgotten(database: Database):
    await database.write(mailboxes.spend, b"old", NOW - timedelta(seconds=1))
    await database.write(mailboxes.spend, b"new", NOW)
    assert await database.write(mailboxes.forget_spent, NOW) == 1
    assert await database.write(mailboxes.spend, b"old", NOW) is None
    assert await database.write(mailboxes.spend, b"new", NOW) == NOW
