"""The register: an authority's, a row a message, without content, longer than the case; an organisation keeps none."""

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import func, select

from intake import audit
from intake.audit import Act
from intake.casefile.closing import Closing, close
from intake.casefile.entries import Transferred
from intake.casefile.writing import write_down
from intake.casework import open_case
from intake.model import CaseId, Channel
from intake.reading import Reader
from intake.register.keeping import transfer
from intake.register.reading import COLUMNS, Entry, desks_in_sight, entries, export
from intake.reply import reply
from intake.service import Service
from intake.store import cases, schema
from intake.upkeep import delete_due
from intake.vault.errors import Tampered
from intake.vault.register import Particulars, open_particulars, seal_particulars
from intake.vault.service_key import ServiceKey
from tests.flows.steps import GOTEBORG, SYD, TEXT, VAST, add, listed, only_case, staffed, tell
from tests.service import MONDAY_MORNING, make_config, reader_of
from triage.model import DeskName, Kind

LATER = MONDAY_MORNING + timedelta(days=3)


@pytest.fixture
def authority(empty_service: Service) -> Service:
    return replace(empty_service, config=make_config(operator={"kind": "authority"}))


@pytest.fixture
async def syd(authority: Service) -> Reader:
    (person, _) = await staffed(authority, "syd", "vast")
    return await reader_of(authority, person)


async def all_of(service: Service, *desks: DeskName) -> list[Entry]:
    return list(await entries(service, desks or (SYD,), None, 10))


async def rows(service: Service) -> int:
    counts = [select(func.count()).select_from(table) for table in (schema.register, schema.register_messages)]
    return await service.database.read(lambda conn: sum(conn.execute(count).scalar_one() for count in counts))


async def delete_everything(service: Service) -> None:
    due = {"delete_at": int(MONDAY_MORNING.timestamp())}
    await service.database.write(lambda conn: conn.execute(schema.cases.update().values(**due)))
    await delete_due(service, LATER)


async def test_each_message_in_and_out_is_a_row(authority: Service, syd: Reader):
    receipt = (await tell(authority)).receipt
    case = await only_case(authority, syd)
    await reply(authority, syd, case, "Tack.", MONDAY_MORNING)
    await add(authority, receipt, "Mer", LATER)
    (entry,) = await all_of(authority)
    assert (entry.reference, entry.desk) == (case[:10], SYD)
    assert entry.particulars == Particulars(Channel.WEB, Kind.TIP)
    way = ["from_person", "from_desk", "from_person"]
    assert [(note.number, note.direction.value) for note in entry.messages] == list(enumerate(way))
    assert {note.day.hour for note in entry.messages} == {0}


async def test_the_row_outlives_the_case_and_says_when_it_went(authority: Service, syd: Reader):
    await tell(authority)
    await close(authority, syd, await opened(authority, syd), Closing(), MONDAY_MORNING)
    await delete_everything(authority)
    assert await listed(authority, syd) == []
    (entry,) = await all_of(authority)
    assert (entry.closed_on.date(), entry.deleted_on.date()) == (MONDAY_MORNING.date(), LATER.date())
    assert len(entry.messages) == 1


async def test_where_a_matter_went_on_is_kept(authority: Service, syd: Reader):
    await tell(authority)
    case = await only_case(authority, syd)
    await write_down(authority, syd, case, Transferred(reference="SN 2026/417"), MONDAY_MORNING)
    await delete_everything(authority)
    (entry,) = await all_of(authority)
    assert entry.particulars.transferred == "SN 2026/417"
    assert await authority.database.write(transfer, authority, CaseId("unknown"), "x") is None


async def test_no_word_and_no_sender_is_in_the_register(authority: Service, syd: Reader):
    await tell(authority)
    given = await export(authority, [SYD], syd.member, MONDAY_MORNING)
    assert not set(TEXT.split()) & set(given.replace(",", " ").split())
    stored = await authority.database.read(
        lambda conn: str([list(row) for row in conn.execute(select(schema.register))])
    )
    assert Kind.TIP.value not in stored


async def test_what_is_given_out_is_a_table_and_is_logged(authority: Service, syd: Reader):
    for _ in range(3):
        await tell(authority)
    given = list(csv.DictReader(StringIO(await export(authority, [SYD, VAST], syd.member, MONDAY_MORNING))))
    assert tuple(given[0]) == COLUMNS
    assert [(row["message"][-2:], row["direction"], row["sender"]) for row in given] == [("-1", "in", "anonym")] * 3
    for desk in (SYD, VAST):
        line = (await authority.database.read(audit.read, authority.key, desk))[-1]
        assert (line.act, line.actor) == (Act.REGISTER_EXPORTED, syd.member)


async def test_what_was_typed_is_no_formula(authority: Service, syd: Reader):
    await tell(authority)
    await authority.database.write(transfer, authority, await only_case(authority, syd), "=HYPERLINK(1)")
    (row,) = csv.DictReader(StringIO(await export(authority, [SYD], syd.member, MONDAY_MORNING)))
    assert row["transferred"] == "'=HYPERLINK(1)"


async def test_it_is_read_page_by_page_and_gives_each_row_once(authority: Service, syd: Reader):
    assert syd
    for number in range(5):
        await tell(authority, now=MONDAY_MORNING + timedelta(days=number))
    seen: list[Entry] = []
    while page := await entries(authority, [SYD], (seen[-1].received_on, seen[-1].case) if seen else None, 2):
        seen += page
    assert len({entry.case for entry in seen}) == len(seen) == 5
    assert [entry.received_on for entry in seen] == sorted((entry.received_on for entry in seen), reverse=True)


async def test_another_authoritys_rows_are_not_in_sight(authority: Service, syd: Reader):
    assert syd
    await tell(authority, place=GOTEBORG)
    assert await all_of(authority, SYD) == []
    assert len(await all_of(authority, VAST)) == 1
    assert desks_in_sight(authority, [SYD]) == [SYD]
    both = DeskName("stockholm-barn"), DeskName("stockholm-vuxna")
    assert set(desks_in_sight(authority, both[:1])) == set(both)


async def test_a_case_that_moved_stands_where_it_lies_now(authority: Service, syd: Reader):
    await tell(authority)
    case = await authority.database.read(cases.find_case, authority.key, await only_case(authority, syd))
    await authority.database.write(cases.move, authority.key, replace(case, desk=VAST))
    assert (len(await all_of(authority, SYD)), len(await all_of(authority, VAST))) == (0, 1)
    await delete_everything(authority)
    assert (len(await all_of(authority, SYD)), len(await all_of(authority, VAST))) == (0, 1)


async def test_an_organisation_keeps_none(empty_service: Service, syd: Reader):
    await tell(empty_service)
    await reply(empty_service, syd, await only_case(empty_service, syd), "Tack.", MONDAY_MORNING)
    assert await rows(empty_service) == 0


def test_particulars_belong_to_their_case():
    key = ServiceKey.generate()
    sealed = seal_particulars(key, CaseId("a"), Particulars(Channel.SMS, Kind.HELP, "SN 1"))
    assert open_particulars(key.rotate(), CaseId("a"), sealed).transferred == "SN 1"
    with pytest.raises(Tampered):
        open_particulars(key, CaseId("b"), sealed)


async def opened(service: Service, reader: Reader) -> CaseId:
    case = await only_case(service, reader)
    await open_case(service, reader, case, MONDAY_MORNING)
    return case
