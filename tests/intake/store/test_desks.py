"""Desks' keys: one current generation a desk, only members hold it, and nothing planted is taken for ours."""

import asyncio

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from intake.model import MemberId
from intake.store import desks
from intake.store.database import Database
from intake.store.rows import sign
from intake.store.schema import desk_generations, desk_key_wraps, memberships
from intake.vault.desk_keys import NewGeneration, new_generation
from intake.vault.errors import Tampered
from intake.vault.service_key import ServiceKey
from tests.intake.store.samples import KEY, NOW, SYD, VAST, add_account, to_member
from triage.model import DeskName

STRANGERS = ServiceKey({1: b"?" * 32})


def staffed(conn: Connection, desk: DeskName = SYD, generation: int = 1, login: bytes = b"anna") -> MemberId:
    """A member of the desk who holds its new generation."""
    member = add_account(conn, login)
    desks.add_membership(conn, KEY, member, desk)
    desks.add_generation(conn, KEY, new_generation(desk, generation, [to_member(member)]), NOW)
    return member


def a_generation(member: MemberId, generation: int, desk: DeskName = SYD) -> NewGeneration:
    return new_generation(desk, generation, [to_member(member)])


async def test_a_desk_without_members_has_no_key(database: Database):
    assert await database.read(desks.current_keys, KEY) == {}
    assert await database.read(desks.last_generation, SYD) == 0


@pytest.mark.parametrize("verb", [desks.current_keys, desks.keys_to_seal_to])
async def test_the_newest_generation_alone_is_sealed_to(database: Database, verb):
    member = await database.write(staffed)
    second = a_generation(member, 2)
    await database.write(desks.add_generation, KEY, second, NOW)
    assert await database.write(verb, KEY) == {SYD: second.recipient}
    assert await database.read(desks.last_generation, SYD) == 2
    assert (await database.read(desks.public_keys, KEY, [SYD, VAST])).keys() == {(SYD, 1), (SYD, 2)}


async def test_a_retired_key_is_sealed_to_no_more_but_still_known(database: Database):
    await database.write(staffed)
    await database.write(desks.retire_generation, KEY, SYD)
    assert await database.read(desks.current_keys, KEY) == {}
    assert (await database.read(desks.public_keys, KEY, [SYD])).keys() == {(SYD, 1)}
    await database.write(desks.retire_generation, KEY, SYD)


async def test_members_and_holders_are_told_apart(database: Database):
    anna, waits = await database.write(staffed), await database.write(add_account, b"bo")
    await database.write(desks.add_membership, KEY, waits, SYD)
    assert await database.read(desks.members_of, KEY, SYD) == {anna, waits}
    assert await database.read(desks.let_in, KEY, SYD) == {anna}
    assert await database.read(desks.desks_of, KEY, anna) == {SYD}
    assert await database.read(desks.let_in, KEY, VAST) == frozenset()


async def test_a_removed_member_has_neither_membership_nor_wrap(database: Database):
    anna, bo = await database.write(staffed), await database.write(staffed, VAST, 1, b"bo")
    await database.write(desks.remove_member, anna)
    assert await database.read(desks.desks_of, KEY, anna) == frozenset()
    assert await database.read(desks.wraps_to, KEY, anna) == []
    assert len(await database.read(desks.wraps_to, KEY, bo)) == 1


async def test_two_that_make_a_desks_first_key_at_once_make_one(database: Database):
    def join(conn: Connection, login: bytes) -> None:
        member = add_account(conn, login)
        desks.hold_keys(conn)
        if SYD not in desks.current_keys(conn, KEY):
            desks.add_generation(conn, KEY, a_generation(member, desks.last_generation(conn, SYD) + 1), NOW)

    await asyncio.gather(*(database.write(join, login) for login in (b"anna", b"bo", b"cia")))
    assert await database.read(desks.last_generation, SYD) == 1


# Somebody who can write to the database ---------------------------------------------------------------------------


def plant_generation(conn: Connection, _: MemberId) -> None:
    row = {"desk": VAST, "generation": 1, "public_key": b"mine", "current": True}
    conn.execute(insert(desk_generations), {**sign(STRANGERS, desk_generations, row), "made_at": 0})


def swap_public_key(conn: Connection, _: MemberId) -> None:
    conn.execute(update(desk_generations).values(public_key=b"mine"))


def move_generation(conn: Connection, _: MemberId) -> None:
    conn.execute(update(desk_generations).values(desk=VAST))


def renumber_generation(conn: Connection, _: MemberId) -> None:
    conn.execute(update(desk_generations).values(generation=7))


def bring_back_what_was_retired(conn: Connection, member: MemberId) -> None:
    old = conn.execute(select(desk_generations)).mappings().one()
    desks.add_generation(conn, KEY, a_generation(member, 2), NOW)
    conn.execute(delete(desk_generations).where(desk_generations.c.generation == 1))
    conn.execute(insert(desk_generations), dict(old))


PLANTED = [plant_generation, swap_public_key, move_generation, renumber_generation, bring_back_what_was_retired]


@pytest.mark.parametrize("attack", PLANTED, ids=lambda attack: attack.__name__)
async def test_nothing_is_sealed_to_a_key_that_is_not_ours(database: Database, attack):
    member = await database.write(staffed)
    await database.write(attack, member)
    for verb in (desks.current_keys, desks.keys_to_seal_to):
        with pytest.raises(Tampered):
            await database.write(verb, KEY)


async def test_a_planted_membership_is_none(database: Database):
    anna = await database.write(staffed)
    await database.write(lambda conn: conn.execute(update(memberships).values(desk=VAST)))
    with pytest.raises(Tampered):
        await database.read(desks.desks_of, KEY, anna)
    with pytest.raises(Tampered):
        await database.read(desks.members_of, KEY, VAST)


@pytest.mark.parametrize("change", [{"desk": VAST}, {"generation": 2}, {"sealed": b"mine"}], ids=str)
async def test_a_changed_wrap_is_none(database: Database, change: dict):
    anna = await database.write(staffed)
    await database.write(lambda conn: conn.execute(update(desk_key_wraps).values(**change)))
    with pytest.raises(Tampered):
        await database.read(desks.wraps_to, KEY, anna)


async def test_who_waits_cannot_let_themselves_in_by_a_planted_wrap(database: Database):
    """Whoever counts as let in gets the next generation when somebody leaves."""
    await database.write(staffed)
    mallory = await database.write(add_account, b"mallory")
    await database.write(desks.add_membership, KEY, mallory, SYD)
    row = {"member_id": mallory, "desk": SYD, "generation": 1, "sealed": b"", "mac": b""}
    await database.write(lambda conn: conn.execute(insert(desk_key_wraps), row))
    with pytest.raises(Tampered):
        await database.read(desks.let_in, KEY, SYD)


async def test_a_wrap_without_membership_lets_nobody_in(database: Database):
    anna = await database.write(staffed)
    await database.write(lambda conn: conn.execute(delete(memberships)))
    assert anna not in await database.read(desks.let_in, KEY, SYD)
