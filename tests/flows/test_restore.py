"""The restore drill: what was erased, stopped or shown out after the backup does not come back, and no text leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bridges.contract import Address
from bridges.contract import Channel as Way
from intake import addressbook, audit, casework, mailbox, people
from intake.backup import back_up, catch_up, restore
from intake.contact import Bar, Consent, may_send
from intake.journal import copy_out
from intake.login import NoSession, Refused, log_in, resume
from intake.model import Outgoing, OutgoingKind, OutgoingState, Role
from intake.store import journal, outbox
from intake.store.journal import What
from intake.store.schema import metadata
from intake.store.schema import outbox as outbox_table
from intake.vault.ids import new_id
from intake.vault.suite import PrivateKey
from tests.flows.steps import NATIONAL, TEXT, erase, heard, listed, look, tell
from tests.service import MONDAY_MORNING, PASSPHRASE, log_in_as, make_config, reader_of, staff

OFFLINE = PrivateKey.generate()
MARK = "+46700000001"
LATER = MONDAY_MORNING + timedelta(days=1)
FOR_EVER = timedelta(days=100)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "hamn.backup"


@pytest.fixture
async def service(make_service, tmp_path):
    """A service with a journal; Anna and Brita at the desk in Syd, one at the national desk."""
    kept = make_service(make_config(backup={"journal_file": str(tmp_path / "journal")}))
    await staff(kept, "first@test", NATIONAL)
    await copy_out(kept)
    return kept


@pytest.fixture
async def anna(service):
    return await staff(service, "anna@test", "syd")


async def somebody_by_phone(service):
    """A contact who may be written to, and a text that waits for them."""

    def write(conn):
        known = addressbook.meet(service.key, Address(Way.SMS, MARK), "sms", "sv")
        known = replace(known, contact=replace(known.contact, consent=Consent.YES))
        known = addressbook.keep(conn, service.key, known, MONDAY_MORNING)
        text = Outgoing(
            id=new_id(),
            send_id=new_id(),
            bridge="sms",
            kind=OutgoingKind.NOTICE,
            expires_at=LATER + FOR_EVER,
            contact=known.id,
            sealed_text=b"sealed",
        )
        outbox.enqueue(conn, text, MONDAY_MORNING)
        return known.id

    return await service.database.write(write)


async def stop(service, contact):
    """As the bridges' side does it when somebody writes STOP."""

    def write(conn):
        journal.add(conn, service.key, What.STOPPED, contact, LATER)
        addressbook.mark_stopped(conn, service.key, contact, LATER)

    await service.database.write(write)
    await copy_out(service)


async def claimed(service, now=LATER):
    """What a sender would send now."""
    return await service.database.write(outbox.claim_due, "sms", "node", now, timedelta(minutes=1), 99)


async def lose_the_machine(service):
    def delete_all(conn):
        for table in reversed(metadata.sorted_tables):
            conn.execute(table.delete())

    await service.database.write(delete_all)


async def save(service, file):
    await back_up(service, OFFLINE.public_bytes, file, MONDAY_MORNING)


async def bring_back(service, file):
    await lose_the_machine(service)
    return await restore(service, file, OFFLINE, LATER)


async def test_an_erased_case_does_not_come_back_to_the_person(service, file, anna):
    gone, stays = (await tell(service)).receipt, (await tell(service)).receipt
    case = (await look(service, gone)).case.id
    await save(service, file)
    await erase(service, gone)
    assert (await bring_back(service, file)).carried_out == 1
    with pytest.raises(mailbox.NoMailbox):
        await look(service, gone)
    assert await heard(service, stays) == [TEXT]
    opened = await casework.open_case(service, await reader_of(service, anna), case, LATER)
    assert opened.case.erased_at is not None
    assert opened.case.delete_at is not None


async def test_who_was_shown_out_does_not_get_in_by_passphrase_cookie_or_old_code(service, file, anna):
    code = await people.invite(service, "mallory@test", Role.COORDINATOR, "syd", MONDAY_MORNING)
    session = await log_in_as(service, anna)
    await save(service, file)
    await people.deactivate(service, anna.member, MONDAY_MORNING)
    await bring_back(service, file)
    with pytest.raises(Refused):
        await log_in(service, anna.login, PASSPHRASE, "", LATER)
    with pytest.raises(NoSession):
        await resume(service, session.cookie, MONDAY_MORNING)
    with pytest.raises(people.NoInvitation):
        await people.read_invitation(service, code, MONDAY_MORNING)


async def test_what_is_told_after_the_restore_is_not_sealed_to_who_was_shown_out(service, file, anna):
    reader = await reader_of(service, anna)
    brita = await staff(service, "brita@test", "syd")
    heard_by_phone = next(c.fingerprint for c in await people.colleagues(service, None) if c.login == brita.login)
    await people.let_colleague_in(service, reader, brita.member, heard_by_phone, MONDAY_MORNING)
    await save(service, file)
    await people.deactivate(service, anna.member, MONDAY_MORNING)
    await bring_back(service, file)
    assert await heard(service, (await tell(service)).receipt) == [TEXT]
    stolen = reader.keyring
    now = await reader_of(service, brita)
    assert set(now.keyring) - set(stolen) == {("syd", 2)}
    case = (await listed(service, now))[0]
    assert [m.text for m in (await casework.open_case(service, now, case, LATER)).messages] == [TEXT]


async def test_no_text_that_waited_leaves(service, file):
    await somebody_by_phone(service)
    await save(service, file)
    assert len(await claimed(service)) == 1
    await bring_back(service, file)
    assert await claimed(service, LATER + FOR_EVER / 2) == []
    (row,) = await service.database.read(lambda conn: conn.execute(select(outbox_table)).all())
    assert (row.state, row.reason, row.sealed_text) == (OutgoingState.HELD, "restored", None)


async def test_a_stop_that_came_after_the_backup_still_holds(service, file):
    contact = await somebody_by_phone(service)
    await save(service, file)
    await stop(service, contact)
    await bring_back(service, file)
    known = await service.database.read(addressbook.by_id, service.key, contact)
    assert may_send(known.contact, OutgoingKind.NOTICE, LATER + FOR_EVER, LATER).bar is Bar.STOPPED
    (row,) = await service.database.read(lambda conn: conn.execute(select(outbox_table)).all())
    assert row.state == OutgoingState.CANCELLED


async def test_every_desk_s_log_says_that_it_was_restored_and_is_whole(service, file, anna):
    await save(service, file)
    await bring_back(service, file)
    for desk in service.config.desks:
        assert (await service.database.read(audit.read, service.key, desk))[-1].act == "restored"
    await service.database.read(audit.verify, service.key)


async def test_an_older_copy_that_was_put_back_by_hand_is_brought_up_before_it_serves(service, tmp_path, anna):
    contact, receipt = await somebody_by_phone(service), (await tell(service)).receipt
    await save(service, tmp_path / "as-it-was")
    await erase(service, receipt)
    await stop(service, contact)
    await people.deactivate(service, anna.member, MONDAY_MORNING)
    await lose_the_machine(service)
    forgetful = replace(service, config=make_config())
    await restore(forgetful, tmp_path / "as-it-was", OFFLINE, LATER)
    assert await heard(service, receipt) == [TEXT]
    assert await catch_up(service, LATER) == 3
    with pytest.raises(mailbox.NoMailbox):
        await look(service, receipt)
    with pytest.raises(Refused):
        await log_in(service, anna.login, PASSPHRASE, "", LATER)
    assert await claimed(service) == []
    assert await catch_up(service, LATER) == 0
