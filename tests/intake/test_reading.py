"""A member's key opens their own desks' keys, those alone, and nothing that somebody laid beside them."""

import pytest
from sqlalchemy import Connection, delete, insert, update

from intake import people
from intake.model import Recipient, RecipientKind
from intake.reading import NotYours, Reader, readable_case, unlock
from intake.service import Service
from intake.store import cases, desks
from intake.store.schema import desk_generations, desk_key_wraps, memberships
from intake.vault.desk_keys import fingerprint, new_generation
from intake.vault.errors import Tampered
from tests.flows.steps import SYD, VAST, only_case, staffed, tell
from tests.service import MONDAY_MORNING, Person, reader_of, staff


@pytest.fixture
async def anna(empty_service: Service) -> Person:
    """The first member of Syd; Väst and the national desk have one each too."""
    return (await staffed(empty_service, "syd", "vast", "nationell"))[0]


async def unlocked(service: Service, reader: Reader) -> Reader:
    return await service.database.read(unlock, service.key, reader.member, reader.private)


async def test_a_member_opens_every_generation_of_their_own_desk(empty_service: Service, anna: Person):
    newcomer = await staff(empty_service, "bo@test", "syd")
    reader = await reader_of(empty_service, anna)
    assert reader.keyring.keys() == {(SYD, 1)}
    await let_in(empty_service, reader, newcomer)
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    assert (await reader_of(empty_service, newcomer)).keyring.keys() == {(SYD, 1), (SYD, 2)}


async def let_in(service: Service, reader: Reader, newcomer: Person) -> None:
    """As a colleague does who heard the right digits."""
    (waiting,) = [one for one in await people.colleagues(service, [SYD]) if one.member.id == newcomer.member]
    heard = fingerprint(waiting.member.public_key)
    await people.let_colleague_in(service, reader, newcomer.member, heard, MONDAY_MORNING)


async def test_an_administrator_opens_nothing(empty_service: Service, anna: Person):
    assert anna
    reader = await reader_of(empty_service, await staff(empty_service, "admin@test", None))
    assert (reader.desks, dict(reader.keyring)) == (frozenset(), {})


async def test_a_wrap_alone_opens_nothing_for_who_is_no_member(empty_service: Service, anna: Person):
    reader = await reader_of(empty_service, anna)
    await empty_service.database.write(lambda conn: conn.execute(delete(memberships)))
    assert dict((await unlocked(empty_service, reader)).keyring) == {}


async def test_a_shown_case_is_readable_and_no_other(empty_service: Service, anna: Person):
    await tell(empty_service)
    case = await only_case(empty_service, await reader_of(empty_service, anna))
    stranger = await reader_of(empty_service, Person("vast@test", anna.member))

    def can_read(conn: Connection) -> bool:
        try:
            return readable_case(conn, empty_service.key, stranger, case).id == case
        except NotYours:
            return False

    assert not await empty_service.database.read(can_read)
    await empty_service.database.write(cases.grant, empty_service.key, case, VAST, "escalation", MONDAY_MORNING)
    assert await empty_service.database.read(can_read)


# Somebody who can write to the database -----------------------------------------------------------------------------


def plant_desk_key(conn: Connection, reader: Reader) -> None:
    """A desk key of the attacker's own, wrapped to the member as anybody can, under the desk's next number."""
    planted = new_generation(SYD, 2, [Recipient(RecipientKind.MEMBER, reader.member, 0, reader.private.public_bytes)])
    row = {"desk": SYD, "generation": 2, "public_key": planted.public_key, "current": True, "made_at": 0, "mac": b""}
    conn.execute(update(desk_generations).values(current=False))
    conn.execute(insert(desk_generations), row)
    wrap = {"member_id": reader.member, "desk": SYD, "generation": 2, "sealed": planted.wraps[0].sealed, "mac": b""}
    conn.execute(insert(desk_key_wraps), wrap)


def replace_wrap(conn: Connection, reader: Reader) -> None:
    planted = new_generation(SYD, 1, [Recipient(RecipientKind.MEMBER, reader.member, 0, reader.private.public_bytes)])
    conn.execute(update(desk_key_wraps).values(sealed=planted.wraps[0].sealed))


def move_membership(conn: Connection, reader: Reader) -> None:
    conn.execute(update(memberships).where(memberships.c.member_id == reader.member).values(desk=VAST))


def take_anothers_membership(conn: Connection, reader: Reader) -> None:
    elsewhere = memberships.c.desk == VAST
    conn.execute(update(memberships).where(elsewhere).values(member_id=reader.member))


def take_anothers_wrap(conn: Connection, reader: Reader) -> None:
    elsewhere = desk_key_wraps.c.desk == VAST
    conn.execute(update(desk_key_wraps).where(elsewhere).values(member_id=reader.member))


def drop_generation(conn: Connection, _: Reader) -> None:
    conn.execute(delete(desk_generations).where(desk_generations.c.desk == SYD))


ATTACKS = [
    plant_desk_key,
    replace_wrap,
    move_membership,
    take_anothers_membership,
    take_anothers_wrap,
    drop_generation,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_nobody_reads_with_a_key_that_was_laid_there(empty_service: Service, anna: Person, attack):
    reader = await reader_of(empty_service, anna)
    await empty_service.database.write(attack, reader)
    with pytest.raises(Tampered):
        await unlocked(empty_service, reader)


async def test_a_wrap_signed_for_another_key_than_the_published_one_is_refused(empty_service: Service, anna: Person):
    """Even a wrap with a genuine MAC must hold the private half of what people seal to."""
    reader = await reader_of(empty_service, anna)
    own = Recipient(RecipientKind.MEMBER, reader.member, 0, reader.private.public_bytes)
    planted = new_generation(SYD, 1, [own])
    await empty_service.database.write(lambda conn: conn.execute(delete(desk_key_wraps)))
    await empty_service.database.write(desks.add_wraps, empty_service.key, planted.wraps)
    with pytest.raises(Tampered):
        await unlocked(empty_service, reader)
