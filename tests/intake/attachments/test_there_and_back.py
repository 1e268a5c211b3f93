"""A file goes from the sender to the right desk and nobody else, drawn anew, and leaves with its case."""

import io
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import delete, func, select, update

from intake import mailbox, upkeep
from intake.attachments.showing import open_attachment
from intake.attachments.taking import PIECE
from intake.audit import Act
from intake.audit import read as read_log
from intake.model import AttachmentId, Direction
from intake.parser.verdict import Media
from intake.reading import NotYours
from intake.store import schema
from intake.vault.errors import Tampered
from intake.vault.ids import new_case_id
from tests.databases import both_in_soak as database_url
from tests.flows.steps import NATIONAL, SYD, VAST, erase, only_case, staffed
from tests.intake.attachments.steps import content_of, opened_case, send, taken
from tests.intake.parser.samples import MARK, PICTURES, jpeg, pdf
from tests.service import MONDAY_MORNING, make_config, reader_of

__all__ = ["database_url"]

SENT = PICTURES | {"pdf": pdf()}
PIECES = schema.attachment_pieces


@cache
def noisy() -> bytes:
    """A picture so full of detail that it lies in several rows."""
    target = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(target, "PNG")
    return target.getvalue()


@pytest.fixture
async def people(empty_service):
    """Members of the desk that the tip goes to, of another, and of the national one."""
    return await staffed(empty_service, SYD, VAST, NATIONAL)


@pytest.fixture
async def syd(empty_service, people):
    return await reader_of(empty_service, people[0])


@pytest.fixture
async def vast(empty_service, people):
    return await reader_of(empty_service, people[1])


async def test_every_kind_comes_to_the_desk_without_what_it_told(empty_service, syd):
    await send(empty_service, *SENT.values())
    _, files = await opened_case(empty_service, syd)
    assert [one.kind for one in files] == [Media(name) for name in SENT]
    for one in files:
        content = await content_of(empty_service, syd, one)
        assert len(content) == one.size
        assert MARK not in content


async def test_an_original_is_kept_whole_beside_it_where_the_sender_says_so(empty_service, syd):
    await send(empty_service, jpeg(), originals=True)
    _, (clean, original) = await opened_case(empty_service, syd)
    assert (clean.original, original.original) == (False, True)
    assert await content_of(empty_service, syd, original) == jpeg()
    assert MARK not in await content_of(empty_service, syd, clean)


async def test_a_large_picture_comes_back_from_many_rows(empty_service, syd):
    await send(empty_service, noisy())
    _, (one,) = await opened_case(empty_service, syd)
    assert one.size > 2 * PIECE
    left = Image.open(io.BytesIO(await content_of(empty_service, syd, one)))
    assert left.tobytes() == Image.open(io.BytesIO(noisy())).tobytes()


async def test_files_of_a_later_message_lie_with_it(empty_service, syd):
    receipt = (await send(empty_service)).receipt
    key = await mailbox.key_from_receipt(empty_service, receipt)
    files = (await taken(empty_service, jpeg())).files
    await mailbox.write_more(empty_service, key, "Mer", "sv", MONDAY_MORNING, files)
    case, (one,) = await opened_case(empty_service, syd)
    assert case.files == {case.messages[1].id: (one,)}


async def test_whoever_has_the_receipt_gets_no_file_with_it(empty_service, syd):
    receipt = (await send(empty_service, jpeg())).receipt
    opened = await mailbox.open_mailbox(
        empty_service, await mailbox.key_from_receipt(empty_service, receipt), MONDAY_MORNING
    )
    assert len(opened.messages) == 1
    wraps = select(schema.wraps.c.kind).where(schema.wraps.c.direction == Direction.ATTACHMENTS.value)
    assert await empty_service.database.read(lambda conn: set(conn.execute(wraps).scalars())) == {"desk"}


async def test_another_desk_and_an_unknown_file_look_the_same(empty_service, syd, vast):
    await send(empty_service, jpeg())
    _, (one,) = await opened_case(empty_service, syd)
    case, unknown = await only_case(empty_service, syd), AttachmentId("a" * 26)
    attempts = [(vast, case, one.id), (syd, new_case_id(), one.id), (syd, case, unknown), (vast, case, unknown)]
    for reader, wanted, attachment in attempts:
        with pytest.raises(NotYours):
            await open_attachment(empty_service, reader, wanted, attachment, MONDAY_MORNING)


async def test_opening_a_file_is_noted(empty_service, syd):
    await send(empty_service, jpeg())
    _, (one,) = await opened_case(empty_service, syd)
    await content_of(empty_service, syd, one)
    lines = await empty_service.database.read(read_log, empty_service.key, SYD)
    assert (lines[-1].act, lines[-1].actor) == (Act.FILE_OPENED, syd.member)


def flip(conn):
    row = conn.execute(select(PIECES).where(PIECES.c.number == 1)).one()
    bent = bytearray(row.sealed)
    bent[7] ^= 1
    conn.execute(update(PIECES).where(PIECES.c.number == 1).values(sealed=bytes(bent)))


def swap(conn):
    content = {row.number: row.sealed for row in conn.execute(select(PIECES))}
    for number, other in ((0, 1), (1, 0)):
        conn.execute(update(PIECES).where(PIECES.c.number == number).values(sealed=content[other]))


def last(conn):
    return conn.execute(select(func.max(PIECES.c.number))).scalar_one()


TAMPERED = {
    "a bit flipped": flip,
    "two pieces in another order": swap,
    "the end cut off": lambda conn: conn.execute(delete(PIECES).where(PIECES.c.number == last(conn))),
    "a piece left out": lambda conn: conn.execute(delete(PIECES).where(PIECES.c.number == 1)),
    "something put behind": lambda conn: conn.execute(
        PIECES.insert().from_select(
            ["attachment_id", "number", "sealed"],
            select(PIECES.c.attachment_id, last(conn) + 1, PIECES.c.sealed).where(PIECES.c.number == 0),
        )
    ),
    "everything gone": lambda conn: conn.execute(delete(PIECES)),
}


@pytest.mark.parametrize("how", TAMPERED)
async def test_of_a_file_that_was_tampered_with_nothing_is_given_out(empty_service, syd, how: str):
    await send(empty_service, noisy())
    _, (one,) = await opened_case(empty_service, syd)
    await empty_service.database.write(TAMPERED[how])
    with pytest.raises(Tampered):
        await open_attachment(empty_service, syd, await only_case(empty_service, syd), one.id, MONDAY_MORNING)


async def test_pieces_of_one_file_do_not_pass_for_anothers(empty_service, syd):
    await send(empty_service, noisy(), noisy())
    _, (one, other) = await opened_case(empty_service, syd)

    def exchange(conn):
        rows = {row.attachment_id: row.sealed for row in conn.execute(select(PIECES).where(PIECES.c.number == 0))}
        theirs = (PIECES.c.attachment_id == one.id) & (PIECES.c.number == 0)
        conn.execute(update(PIECES).where(theirs).values(sealed=rows[other.id]))

    await empty_service.database.write(exchange)
    with pytest.raises(Tampered):
        await content_of(empty_service, syd, one)


async def test_when_a_case_goes_its_files_go_out_of_the_disk_too(make_service, database):
    service = make_service(make_config(retention={"erase_delay_days": 0}))
    await staffed(service, SYD, NATIONAL)
    receipt = (await send(service, noisy(), originals=True)).receipt
    sealed = await database.read(lambda conn: conn.execute(select(PIECES.c.sealed)).scalars().all())
    await erase(service, receipt)
    assert await upkeep.delete_due(service, MONDAY_MORNING + timedelta(days=2)) == 1
    assert await database.read(lambda conn: conn.execute(select(func.count()).select_from(PIECES)).scalar_one()) == 0
    if database.dialect == "sqlite":
        await database.checkpoint()
        assert not [one for one in sealed if _on_disk(await database.read(_path), one)]


def _path(conn) -> Path:
    return Path(conn.exec_driver_sql("PRAGMA database_list").one()[2])


def _on_disk(path: Path, sealed: bytes) -> bool:
    """Whether any stretch of a piece is left; a page holds four kilobytes, so a kilobyte lies in one whole."""
    left = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
    return any(sealed[at : at + 32] in left for at in range(0, len(sealed) - 32, 1024))
