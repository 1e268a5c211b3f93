"""Backups: whole, of one moment, for one key, from one service; and nothing in them that should not last."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from intake import backup
from intake.backup import JournalTooShort, OtherVersion, back_up, catch_up, restore
from intake.config import ConfigError
from intake.journal import copy_out
from intake.store import dump, journal
from intake.store.database import Database
from intake.store.dump import NotEmpty
from intake.store.journal import What
from intake.store.schema import metadata
from intake.vault.errors import Tampered, VaultError
from intake.vault.sealed_file import read_sealed
from intake.vault.service_key import ServiceKey
from intake.vault.suite import PrivateKey
from tests.flows.steps import TEXT, erase, heard, tell
from tests.service import MONDAY_MORNING, log_in_as, make_config, staff

OFFLINE = PrivateKey.generate()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "hamn.backup"


@pytest.fixture
async def service(make_service, tmp_path):
    """A service with one at the national desk, and a journal."""
    kept = make_service(make_config(backup={"journal_file": str(tmp_path / "journal")}))
    await staff(kept, "first@test", "nationell")
    await copy_out(kept)
    return kept


async def saved(service, file):
    return await back_up(service, OFFLINE.public_bytes, file, MONDAY_MORNING)


async def restored(service, file):
    return await restore(service, file, OFFLINE, MONDAY_MORNING)


async def wipe(service):
    """As if the machine was lost: an empty database, at this version's schema."""

    def delete_all(conn):
        for table in reversed(metadata.sorted_tables):
            conn.execute(table.delete())

    await service.database.write(delete_all)


def counted(conn):
    return {
        table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


@asynccontextmanager
async def another(service, url) -> AsyncIterator:
    """The same service over another database."""
    database = await Database.open(url)
    yield replace(service, database=database)
    await database.close()


def test_of_every_table_it_is_said_whether_a_backup_holds_it():
    assert metadata.tables.keys() == dump.KEPT | dump.LEFT_OUT
    assert not dump.KEPT & dump.LEFT_OUT


def test_no_table_of_a_backup_points_to_one_that_is_left_out():
    pointed_to = {key.column.table.name for table in dump.tables() for key in table.foreign_keys}
    assert pointed_to <= dump.KEPT


async def test_what_was_told_is_read_again_with_the_same_receipt(service, file):
    receipt = (await tell(service)).receipt
    rows = await saved(service, file)
    before = await service.database.read(counted)
    await wipe(service)
    assert (await restored(service, file)).rows == rows
    assert await heard(service, receipt) == [TEXT]
    after = await service.database.read(counted)
    added = {"audit": len(service.config.desks), "audit_heads": len(service.config.desks) - 1}
    expected = {name: before[name] + added.get(name, 0) for name in dump.KEPT}
    assert {name: after[name] for name in dump.KEPT} == expected


async def test_a_backup_of_one_database_is_restored_into_the_other(service, file, sqlite_url, postgresql_url):
    receipt = (await tell(service)).receipt
    await saved(service, file)
    target = {"sqlite": postgresql_url, "postgresql": sqlite_url}[service.database.dialect]
    async with another(service, target) as there:
        await restored(there, file)
        assert await heard(there, receipt) == [TEXT]


async def test_sessions_tokens_and_invitations_are_not_in_it(service, file):
    person = await staff(service, "second@test", "syd")
    await log_in_as(service, person)
    await tell(service)
    assert (await service.database.read(counted))["sessions"] == 1
    await saved(service, file)
    await wipe(service)
    await restored(service, file)
    after = await service.database.read(counted)
    assert {name: after[name] for name in dump.LEFT_OUT} == dict.fromkeys(dump.LEFT_OUT, 0)


async def test_it_is_of_one_moment_though_reports_come_in_meanwhile(service, file):
    await asyncio.gather(*(tell(service) for _ in range(10)), saved(service, file), *(tell(service) for _ in range(10)))
    await wipe(service)
    await restored(service, file)
    after = Counter(await service.database.read(counted))
    assert after["cases"] == after["mailboxes"] == after["envelopes"] / 2


async def test_the_service_key_and_no_text_are_in_it(service, file):
    await tell(service)
    await saved(service, file)
    with file.open("rb") as opened:
        content = b"".join(read_sealed(opened, OFFLINE, service.key))
    assert service.key.roots[1] not in content
    assert TEXT.encode() not in content
    assert b"first@test" not in content


async def test_it_is_for_its_owner_alone_and_never_overwrites(service, file):
    await saved(service, file)
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    with pytest.raises(FileExistsError):
        await saved(service, file)
    assert file.read_bytes() == before


async def test_of_a_backup_that_fails_nothing_remains(service, file, monkeypatch):
    monkeypatch.setattr(dump, "rows_of", lambda *_: iter([object()]))
    with pytest.raises(TypeError):
        await saved(service, file)
    assert list(file.parent.glob("hamn.backup*")) == []


async def test_it_is_restored_into_an_empty_database_only(service, file):
    await saved(service, file)
    before = await service.database.read(counted)
    with pytest.raises(NotEmpty):
        await restored(service, file)
    assert await service.database.read(counted) == before


@pytest.mark.parametrize("at", [0, 30, 2000, -1])
async def test_of_a_damaged_one_nothing_is_restored(service, file, at):
    await saved(service, file)
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    await wipe(service)
    with pytest.raises(VaultError):
        await restored(service, file)
    assert not any((await service.database.read(counted)).values())


async def test_one_that_somebody_else_made_with_the_public_half_is_refused(service, file):
    await saved(replace(service, key=ServiceKey.generate(), config=make_config()), file)
    await wipe(service)
    with pytest.raises(Tampered, match="this service key"):
        await restored(service, file)


async def test_another_private_half_does_not_open_it(service, file):
    await saved(service, file)
    with pytest.raises(Tampered):
        await restore(service, file, PrivateKey.generate(), MONDAY_MORNING)


async def test_one_of_other_tables_names_the_version_that_made_it(service, file, monkeypatch):
    monkeypatch.setattr(backup, "head", lambda: "0000")
    await saved(service, file)
    monkeypatch.undo()
    with pytest.raises(OtherVersion, match=r"version 0\.1\.0"):
        await restored(service, file)


async def test_a_journal_that_ends_before_the_backup_is_refused(service, file, tmp_path):
    await service.database.write(journal.add, service.key, What.STOPPED, "somebody", MONDAY_MORNING)
    await saved(service, file)
    await wipe(service)
    (tmp_path / "journal").write_bytes(b"")
    with pytest.raises(JournalTooShort):
        await restored(service, file)


async def test_a_missing_journal_is_refused(service, file, tmp_path):
    await saved(service, file)
    (tmp_path / "journal").unlink()
    await wipe(service)
    with pytest.raises(ConfigError, match=r"journal_file"):
        await restored(service, file)


async def test_a_database_that_knows_its_journal_is_left_as_it_is(service):
    await erase(service, (await tell(service)).receipt)
    before = await service.database.read(counted)
    assert await catch_up(service, MONDAY_MORNING) == 0
    assert await service.database.read(counted) == before


async def test_what_was_carried_out_again_stays_so_at_the_next_restore(service, file, tmp_path):
    receipt = (await tell(service)).receipt
    await saved(service, file)
    await erase(service, receipt)
    for backup_file in (file, tmp_path / "next.backup"):
        await wipe(service)
        await restored(service, backup_file)
        await saved(service, tmp_path / "next.backup") if backup_file == file else None
    assert (await service.database.read(journal.after, service.key, 0))[0].what is What.ERASED
    assert (await service.database.read(counted))["mailboxes"] == 0
