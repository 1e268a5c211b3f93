"""The audit log's rows: one chain a desk without gaps, however many write at once."""

import asyncio

from sqlalchemy import Connection

from intake.store import audit
from intake.store.audit import Entry
from intake.store.database import Database
from tests.intake.store.samples import SYD, VAST


def append(conn: Connection, line: bytes, desk=SYD) -> int:
    """As the use case does: read the last one, add the next."""
    last = audit.last_entry(conn, desk)
    number = 1 if last is None else last.number + 1
    audit.append(conn, desk, Entry(number, line, b"link"), b"head %d" % number)
    return number


async def test_an_empty_log_has_no_end_and_no_head(database: Database):
    assert await database.write(audit.last_entry, SYD) is None
    assert await database.read(audit.find_head, SYD) is None
    assert await database.read(audit.logged_desks) == []
    assert await database.read(audit.count, SYD) == 0


async def test_each_desk_has_its_own_chain_and_head(database: Database):
    for line, desk in ((b"one", SYD), (b"two", SYD), (b"other", VAST)):
        await database.write(append, line, desk)
    chain = await database.read(lambda conn: list(audit.read_chain(conn, SYD)))
    assert chain == [Entry(1, b"one", b"link"), Entry(2, b"two", b"link")]
    assert await database.write(audit.last_entry, SYD) == chain[-1]
    assert await database.read(audit.find_head, SYD) == b"head 2"
    assert await database.read(audit.find_head, VAST) == b"head 1"
    assert await database.read(audit.logged_desks) == [SYD, VAST]
    assert await database.read(audit.count, SYD) == 2


async def test_a_head_whose_log_was_cut_off_whole_is_still_a_log(database: Database):
    await database.write(append, b"one")
    await database.write(lambda conn: conn.exec_driver_sql("DELETE FROM audit"))
    assert await database.read(audit.logged_desks) == [SYD]


async def test_many_that_write_at_once_make_one_chain(database: Database):
    numbers = await asyncio.gather(*(database.write(append, b"%d" % n) for n in range(10)))
    assert sorted(numbers) == list(range(1, 11))
    assert await database.read(audit.find_head, SYD) == b"head 10"
