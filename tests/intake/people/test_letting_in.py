"""Nobody is let in but by a colleague who heard the fingerprint, nor by a row that somebody planted."""

import asyncio

import pytest
from sqlalchemy import delete, insert, update

from intake import audit, people
from intake.audit import Act
from intake.model import MemberId
from intake.people import NoInvitation
from intake.service import Service
from intake.store import schema
from intake.vault.errors import Tampered, WrongFingerprint
from tests.flows.steps import SYD, TEXT, staffed, tell, texts_read
from tests.intake.people.newcomers import colleague, holders, let_in
from tests.service import MONDAY_MORNING, Person, reader_of, staff


async def test_a_colleague_who_heard_the_fingerprint_lets_a_newcomer_in(empty_service: Service, anna: Person):
    await tell(empty_service)
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    assert await texts_read(empty_service, bo) == [TEXT]
    lines = await empty_service.database.read(audit.read, empty_service.key, SYD)
    (line,) = [one for one in lines if one.act is Act.LET_IN]
    assert (line.actor, line.member) == (anna.member, bo.member)


@pytest.mark.parametrize("heard", ["", "0" * 24, "1234"])
async def test_the_wrong_fingerprint_lets_nobody_in(empty_service: Service, anna: Person, heard: str):
    bo = await staff(empty_service, "bo@test", "syd")
    with pytest.raises(WrongFingerprint):
        await people.let_colleague_in(
            empty_service, await reader_of(empty_service, anna), bo.member, heard, MONDAY_MORNING
        )
    assert await holders(empty_service) == {anna.member}


async def test_nobody_is_let_in_to_anothers_desk(empty_service: Service, anna: Person):
    stranger = (await staffed(empty_service, "vast"))[0]
    for member in (stranger.member, MemberId("unknown")):
        with pytest.raises(NoInvitation):
            await people.let_colleague_in(
                empty_service, await reader_of(empty_service, anna), member, "0" * 24, MONDAY_MORNING
            )


async def test_who_waits_lets_nobody_in(empty_service: Service, anna: Person):
    bo, cia = [await staff(empty_service, f"{name}@test", "syd") for name in ("bo", "cia")]
    await let_in(empty_service, bo, cia)
    assert await holders(empty_service) == {anna.member}


async def test_letting_in_twice_is_letting_in_once(empty_service: Service, anna: Person):
    bo = await staff(empty_service, "bo@test", "syd")
    await asyncio.gather(*(let_in(empty_service, anna, bo) for _ in range(2)))
    assert await holders(empty_service) == {anna.member, bo.member}


async def test_a_planted_wrap_earns_no_place_in_the_next_generation(empty_service: Service, anna: Person):
    mallory = await staff(empty_service, "mallory@test", "syd")
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    row = {"member_id": mallory.member, "desk": SYD, "generation": 1, "sealed": b"", "mac": b""}
    await empty_service.database.write(lambda conn: conn.execute(insert(schema.desk_key_wraps), row))
    with pytest.raises(Tampered):
        await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    mine = schema.desk_key_wraps.c.member_id == mallory.member
    await empty_service.database.write(lambda conn: conn.execute(delete(schema.desk_key_wraps).where(mine)))
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    assert await holders(empty_service) == {bo.member}


@pytest.mark.parametrize("change", ["public_key", "role", "sealed_login"])
async def test_a_changed_account_is_let_in_nowhere(empty_service: Service, anna: Person, change: str):
    bo = await staff(empty_service, "bo@test", "syd")
    heard = (await colleague(empty_service, bo.member)).fingerprint
    values = {"public_key": b"mine", "role": "lead", "sealed_login": b"mine"}
    theirs = schema.members.c.id == bo.member
    reader = await reader_of(empty_service, anna)
    await empty_service.database.write(
        lambda conn: conn.execute(update(schema.members).where(theirs).values({change: values[change]}))
    )
    with pytest.raises(Tampered):
        await people.let_colleague_in(empty_service, reader, bo.member, heard, MONDAY_MORNING)
