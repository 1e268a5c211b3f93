"""Who is shown out reads nothing that comes after, and who stays reads all."""

import asyncio

import pytest
from sqlalchemy import select

from intake import audit, casework, people
from intake.audit import Act
from intake.model import MemberId
from intake.people import NoInvitation
from intake.service import Service
from intake.store import desks, schema
from tests.flows.steps import NATIONAL, SYD, TEXT, add, tell, texts_read
from tests.intake.people.newcomers import holders, let_in
from tests.service import MONDAY_MORNING, Person, reader_of, staff


async def test_who_left_reads_nothing_that_comes_after_and_who_stays_reads_all(empty_service: Service, anna: Person):
    receipt = (await tell(empty_service)).receipt
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    departed = await reader_of(empty_service, anna)
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING, bo.member)
    await add(empty_service, receipt, "Mer")
    assert await texts_read(empty_service, bo) == [TEXT, "Mer"]
    wraps = await empty_service.database.read(lambda conn: conn.execute(select(schema.wraps)).all())
    newer = {row.generation for row in wraps if row.kind == "desk"} - {gen for _, gen in departed.keyring}
    assert newer == {2}


async def test_a_desk_whose_last_member_left_is_routed_to_no_more(empty_service: Service, anna: Person):
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    keys = await empty_service.database.read(desks.current_keys, empty_service.key)
    assert keys.keys() == {NATIONAL}
    assert (await tell(empty_service)).desk_name == "Nationella samordningen"


async def test_a_desk_begins_anew_with_a_new_generation(empty_service: Service, anna: Person):
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    again = await staff(empty_service, anna.login, "syd")
    assert again.member != anna.member
    assert (await reader_of(empty_service, again)).keyring.keys() == {(SYD, 2)}


async def test_somebody_is_shown_out_once_and_it_is_logged(empty_service: Service, anna: Person):
    admin = await staff(empty_service, "admin@test", None)
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING, admin.member)
    for member in (anna.member, MemberId("unknown")):
        with pytest.raises(NoInvitation):
            await people.deactivate(empty_service, member, MONDAY_MORNING)
    line = (await empty_service.database.read(audit.read, empty_service.key, SYD))[-1]
    assert (line.act, line.actor, line.member) == (Act.DEACTIVATED, admin.member, anna.member)


async def test_two_who_leave_at_once_are_both_out(empty_service: Service, anna: Person):
    others = [await staff(empty_service, f"{name}@test", "syd") for name in ("bo", "cia")]
    for other in others:
        await let_in(empty_service, anna, other)
    bo, cia = others
    await asyncio.gather(
        people.deactivate(empty_service, anna.member, MONDAY_MORNING),
        people.deactivate(empty_service, bo.member, MONDAY_MORNING),
    )
    assert await holders(empty_service) == {cia.member}
    left = await empty_service.database.read(
        lambda conn: set(conn.execute(select(schema.desk_key_wraps.c.member_id)).scalars())
    )
    assert not left & {anna.member, bo.member}


async def test_reports_that_come_while_somebody_leaves_stay_with_the_desk_and_are_read_by_who_stays(
    empty_service: Service, anna: Person
):
    bo = await staff(empty_service, "bo@test", "syd")
    await let_in(empty_service, anna, bo)
    before, after = (tell(empty_service) for _ in range(4)), (tell(empty_service) for _ in range(4))
    leaving = people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    told = await asyncio.gather(*before, leaving, *after)
    desks_told = {received.desk_name for received in told if received is not None}
    assert desks_told == {"Regionkoordinator Syd"}
    reader = await reader_of(empty_service, bo)
    page = await casework.list_cases(empty_service, reader, None, 9)
    for line in page.lines:
        opened = await casework.open_case(empty_service, reader, line.case.id, MONDAY_MORNING)
        assert ([message.text for message in opened.messages], opened.locked) == ([TEXT], 0)
    assert len(page.lines) == 8
    await tell(empty_service)
    sealed = await empty_service.database.read(
        lambda conn: set(conn.execute(select(schema.wraps.c.generation)).scalars())
    )
    assert sealed <= {0, 1, 2}
    assert 2 in sealed


async def test_colleagues_are_those_of_ones_desks_and_everybody_for_an_administrator(
    empty_service: Service, anna: Person
):
    admin = await staff(empty_service, "admin@test", None)
    assert [one.login for one in await people.colleagues(empty_service, [SYD])] == [anna.login]
    everybody = {one.login for one in await people.colleagues(empty_service, None)}
    assert everybody == {anna.login, "nationell@test", admin.login}
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    assert await people.colleagues(empty_service, [SYD]) == []
