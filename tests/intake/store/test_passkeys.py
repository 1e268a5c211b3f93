"""Passkeys at rest: each somebody's own, none planted, gone with whoever left."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from intake.store import passkeys, schema
from intake.store.database import Database
from intake.store.passkeys import StoredPasskey
from intake.vault.errors import Tampered
from tests.intake.store.samples import KEY, NOW, add_account

NOW = NOW.replace(microsecond=0)
LATER = NOW + timedelta(hours=1)


async def a_passkey(database: Database, name: str) -> StoredPasskey:
    member = await database.write(add_account, name.encode())
    passkey = StoredPasskey(name, member, b"sealed", NOW)
    await database.write(passkeys.add, KEY, passkey)
    return passkey


async def test_a_passkey_is_listed_used_and_removed_for_its_owner_only(database: Database):
    own, other = await a_passkey(database, "own"), await a_passkey(database, "other")
    await database.write(passkeys.use, KEY, own, b"sealed anew", LATER)
    (found,) = await database.read(passkeys.of_member, KEY, own.member)
    assert (found.sealed, found.made_at, found.used_at) == (b"sealed anew", NOW, LATER)
    assert not await database.write(passkeys.remove, other.member, own.id)
    assert await database.write(passkeys.remove, own.member, own.id)
    assert await database.read(passkeys.of_member, KEY, own.member) == []
    assert await database.read(passkeys.of_member, KEY, other.member) == [other]


async def test_whoever_left_has_none(database: Database):
    own, other = await a_passkey(database, "own"), await a_passkey(database, "other")
    await database.write(passkeys.remove_all_of, own.member)
    assert await database.read(passkeys.of_member, KEY, own.member) == []
    assert await database.read(passkeys.of_member, KEY, other.member) == [other]


@pytest.mark.parametrize("column", ["member_id", "sealed"])
async def test_a_passkey_that_was_moved_or_changed_shows(database: Database, column: str):
    own, other = await a_passkey(database, "own"), await a_passkey(database, "other")
    planted = {"member_id": other.member, "sealed": b"mine"}[column]
    change = update(schema.passkeys).where(schema.passkeys.c.id == own.id).values({column: planted})
    await database.write(lambda conn: conn.execute(change))
    with pytest.raises(Tampered):
        await database.read(passkeys.of_member, KEY, other.member if column == "member_id" else own.member)
