"""What colleagues write to each other: read by the desks that read the case, by nobody else, never by the person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake import audit
from intake.audit import Act
from intake.casework import add_remark, note_copied
from intake.model import CaseId
from intake.reading import NotYours
from intake.store.schema import envelopes, wraps
from tests.flows.steps import SYD, TEXT, add, heard, read
from tests.service import MONDAY_MORNING, reader_of, staff

SAID = "Hon är rädd för sin bror. <b>Ring inte.</b>"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here asks a database for what the other one does in another way."""
    return sqlite_url


async def test_it_is_read_by_whom_with_its_writer_and_time(empty_service, syd, case):
    for minutes, text in ((5, "först"), (9, SAID)):
        await add_remark(empty_service, syd, case, text, MONDAY_MORNING + timedelta(minutes=minutes))
    first, second = (await read(empty_service, syd)).remarks
    assert (first.text, second.text, second.login) == ("först", SAID, "syd@test")
    assert second.at == MONDAY_MORNING + timedelta(minutes=9)


async def test_the_person_never_sees_it_and_it_takes_no_place_in_the_conversation(empty_service, syd, case, receipt):
    await add_remark(empty_service, syd, case, SAID, MONDAY_MORNING)
    await add(empty_service, receipt, "Mer")
    assert await heard(empty_service, receipt) == [TEXT, "Mer"]
    remarks = select(wraps.c.kind).where(wraps.c.direction == "remark").distinct()
    assert await empty_service.database.read(lambda conn: conn.execute(remarks).scalars().all()) == ["desk"]


async def test_it_lies_sealed(empty_service, syd, case):
    await add_remark(empty_service, syd, case, SAID, MONDAY_MORNING)
    bodies = await empty_service.database.read(lambda conn: conn.execute(select(envelopes.c.body)).scalars().all())
    assert not [body for body in bodies if b"bror" in body or b"syd@test" in body]


async def test_who_is_not_let_in_reads_none(empty_service, syd, case):
    await add_remark(empty_service, syd, case, SAID, MONDAY_MORNING)
    newcomer = await reader_of(empty_service, await staff(empty_service, "new@test", "syd"))
    with pytest.raises(NotYours):
        await add_remark(empty_service, newcomer, case, SAID, MONDAY_MORNING)


@pytest.mark.parametrize(("verb", "act"), [(add_remark, Act.REMARKED), (note_copied, Act.COPIED)])
async def test_it_is_logged_and_not_for_another_desk(empty_service, syd, vast, case, verb, act):
    more = (SAID,) if verb is add_remark else ()
    await verb(empty_service, syd, case, *more, MONDAY_MORNING)
    lines = await empty_service.database.read(audit.read, empty_service.key, SYD)
    assert (lines[-1].act, lines[-1].actor) == (act, syd.member)
    for one in (case, CaseId("unknown")):
        with pytest.raises(NotYours):
            await verb(empty_service, vast, one, *more, MONDAY_MORNING)
