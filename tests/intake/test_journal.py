"""The journal: what is for good stands in the database and in a file beside it, and nobody rewrites either."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from intake import people, upkeep
from intake.journal import copy_out, last_in_file, read_file
from intake.store import journal
from intake.store.journal import What
from intake.store.schema import journal as journal_table
from intake.vault.errors import Tampered
from tests.flows.steps import erase, look, tell
from tests.service import MONDAY_MORNING, make_config, staff


@pytest.fixture
def file(tmp_path):
    return tmp_path / "journal"


@pytest.fixture
async def service(make_service, file):
    """A service with two at the national desk, and a journal."""
    kept = make_service(make_config(backup={"journal_file": str(file)}))
    await staff(kept, "first@test", "nationell")
    return kept


async def told(service):
    receipt = (await tell(service)).receipt
    return receipt, (await look(service, receipt)).case.id


def noted(service, file):
    return [(entry.what, entry.subject) for entry in read_file(service.key, file)]


async def note(service, number):
    for _ in range(number):
        await service.database.write(journal.add, service.key, What.STOPPED, "somebody", MONDAY_MORNING)
    await copy_out(service)


async def test_an_erased_case_stands_in_the_file_when_the_erasure_is_confirmed(service, file):
    receipt, case = await told(service)
    await erase(service, receipt)
    assert noted(service, file) == [(What.ERASED, case)]


async def test_a_deleted_case_stands_in_the_file(service, file, clock):
    receipt, case = await told(service)
    await erase(service, receipt)
    await upkeep.delete_due(service, clock.advance(days=32))
    assert noted(service, file)[1:] == [(What.DELETED, case)]


async def test_who_was_shown_out_stands_in_the_file_an_administrator_too(service, file):
    for desk in ("nationell", None):
        person = await staff(service, f"{desk}@test", desk)
        await people.deactivate(service, person.member, MONDAY_MORNING)
        assert noted(service, file)[-1] == (What.DEACTIVATED, person.member)


async def test_nobody_is_noted_who_could_not_be_shown_out(service, file):
    with pytest.raises(people.NoInvitation):
        await people.deactivate(service, "nobody", MONDAY_MORNING)
    assert await service.database.read(journal.last_number) == 0


async def test_without_a_file_the_journal_stands_in_the_database_alone(make_service, file):
    service = make_service()
    await note(service, 1)
    assert await service.database.read(journal.last_number) == 1
    assert not file.exists()


async def test_a_file_that_cannot_be_written_stops_no_erasure_and_is_caught_up_later(service, file):
    file.mkdir()
    await note(service, 2)
    file.rmdir()
    await note(service, 1)
    assert last_in_file(file) == 3


async def test_a_torn_last_line_does_not_count_and_is_written_anew(service, file):
    await note(service, 2)
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    assert len(read_file(service.key, file)) == 1
    await copy_out(service)
    assert file.read_bytes() == whole


async def test_it_says_the_day_and_not_the_hour(service, file):
    await note(service, 1)
    (entry,) = read_file(service.key, file)
    assert entry.day.isoformat() == "2026-11-23T00:00:00+00:00"


CHANGES = {
    "another subject": lambda lines: [lines[0].replace(b"somebody", b"nobody42"), *lines[1:]],
    "another act": lambda lines: [lines[0].replace(b"stopped", b"deleted"), *lines[1:]],
    "a line left out": lambda lines: lines[:1] + lines[2:],
    "the first line left out": lambda lines: lines[1:],
    "two lines swapped": lambda lines: [lines[1], lines[0], *lines[2:]],
    "a line twice": lambda lines: [lines[0], *lines],
    "no line at all": lambda lines: [b"hello", *lines],
    "not even text": lambda lines: [b"\xff\xfe", *lines],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_changed_file_is_refused(service, file, change):
    await note(service, 3)
    file.write_bytes(b"\n".join(change(file.read_bytes().split(b"\n"))))
    with pytest.raises(Tampered):
        read_file(service.key, file)


async def test_a_changed_row_is_refused(service):
    await note(service, 1)
    await service.database.write(lambda conn: conn.execute(update(journal_table).values(subject="nobody")))
    with pytest.raises(Tampered):
        await service.database.read(journal.after, service.key, 0)


async def test_lines_taken_over_from_a_file_are_the_same_lines(service, file, make_service):
    await note(service, 2)
    entries = read_file(service.key, file)
    await service.database.write(lambda conn: conn.execute(journal_table.delete()))
    await service.database.write(journal.put, entries)
    assert await service.database.read(journal.after, service.key, 0) == entries
    with pytest.raises(Tampered):
        journal.check_entry(service.key, replace(entries[0], number=7))
