"""Sealed files: written in pieces, claimed once, gone with their case or when nobody claims them."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from intake.model import AttachmentId, CaseId, MessageId
from intake.store import attachments, cases
from intake.store.database import Database
from intake.store.schema import attachment_pieces
from intake.store.schema import attachments as table
from intake.vault.errors import Tampered
from intake.vault.ids import new_attachment_id, new_message_id
from tests.intake.store.samples import KEY, NOW, add_case

PIECES = (b"first" * 100, b"second" * 100, b"third")


def write(conn: Connection) -> AttachmentId:
    """A whole file that no message has claimed."""
    attachment = new_attachment_id()
    attachments.begin(conn, KEY, attachment, NOW + timedelta(hours=1))
    for number, piece in enumerate(PIECES):
        attachments.add_piece(conn, attachment, number, piece)
    return attachment


def write_claimed(conn: Connection) -> tuple[AttachmentId, CaseId, MessageId]:
    attachment, case, message = write(conn), add_case(conn), new_message_id()
    attachments.claim(conn, KEY, [attachment], case, message)
    return attachment, case, message


async def test_a_claimed_file_comes_back_piece_by_piece(database: Database):
    attachment, case, message = await database.write(write_claimed)
    kept = await database.read(attachments.find, KEY, attachment)
    assert (kept.case, kept.message, kept.pieces, kept.size) == (case, message, 3, sum(map(len, PIECES)))
    read = [await database.read(attachments.read_piece, attachment, number) for number in range(4)]
    assert read == [*PIECES, None]


async def test_a_file_that_nobody_claimed_is_not_found_and_goes_in_time(database: Database):
    attachment = await database.write(write)
    assert await database.read(attachments.find, KEY, attachment) is None
    assert await database.write(attachments.forget_unclaimed, NOW) == 0
    assert await database.write(attachments.forget_unclaimed, NOW + timedelta(hours=1)) == 1
    assert await left(database) == 0


async def test_a_claimed_file_is_not_tidied_away(database: Database):
    attachment, _, _ = await database.write(write_claimed)
    assert await database.write(attachments.forget_unclaimed, NOW + timedelta(days=999)) == 0
    await database.write(attachments.discard, [attachment])
    assert await left(database) == 3


async def test_no_message_takes_another_ones_file_or_one_that_is_gone(database: Database):
    taken, case, _ = await database.write(write_claimed)
    free = await database.write(write)
    wanted = [taken, free, new_attachment_id()]
    assert await database.write(attachments.claim, KEY, wanted, case, new_message_id()) == {free}


async def test_a_file_goes_with_its_case_with_every_piece(database: Database):
    _, case, _ = await database.write(write_claimed)
    await database.write(cases.delete_case, case)
    assert await left(database) == 0
    assert await database.read(attachments.stored_bytes) == 0


async def test_the_bytes_of_all_files_are_counted(database: Database):
    assert await database.read(attachments.stored_bytes) == 0
    await database.write(write)
    await database.write(write_claimed)
    assert await database.read(attachments.stored_bytes) == 2 * sum(map(len, PIECES))


async def test_a_file_that_somebody_moved_to_another_case_is_not_given_out(database: Database):
    attachment, _, _ = await database.write(write_claimed)
    other = await database.write(add_case)
    await database.write(lambda conn: conn.execute(update(table).values(case_id=other)))
    with pytest.raises(Tampered):
        await database.read(attachments.find, KEY, attachment)


async def left(database: Database) -> int:
    """How many pieces there are at all."""
    count = select(func.count()).select_from(attachment_pieces)
    return await database.read(lambda conn: conn.execute(count).scalar_one())
