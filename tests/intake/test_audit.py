"""The log tells who did what in each desk's own chain, and shows whoever changes, removes, moves or cuts a line."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, select, update

from intake import audit
from intake.audit import Act, Line
from intake.model import CaseId, MemberId
from intake.service import Service
from intake.store.schema import audit as table
from intake.store.schema import audit_heads
from intake.vault.errors import VaultError
from tests.flows.steps import SYD, VAST
from tests.service import MONDAY_MORNING

LINES = [
    Line(MONDAY_MORNING, Act.JOINED, MemberId("anna")),
    Line(MONDAY_MORNING + timedelta(minutes=1), Act.OPENED, MemberId("anna"), CaseId("a")),
    Line(MONDAY_MORNING + timedelta(minutes=2), Act.LET_IN, MemberId("anna"), member=MemberId("bo")),
    Line(MONDAY_MORNING + timedelta(minutes=3), Act.DELETED, None, CaseId("b")),
]


@pytest.fixture
async def logged(empty_service: Service) -> Service:
    """A service with the same four lines in the logs of two desks."""
    for desk in (SYD, VAST):
        for line in LINES:
            await empty_service.database.write(audit.record, empty_service.key, desk, line)
    return empty_service


async def test_a_log_reads_as_it_was_written(logged: Service):
    assert await logged.database.read(audit.read, logged.key, SYD) == LINES


async def test_whole_chains_pass_and_are_counted(logged: Service):
    assert await logged.database.read(audit.verify, logged.key) == {SYD: 4, VAST: 4}


async def test_an_empty_log_passes(empty_service: Service):
    assert await empty_service.database.read(audit.verify, empty_service.key) == {}


async def test_a_chain_goes_on_after_the_service_key_rotated(logged: Service):
    rotated = logged.key.rotate()
    await logged.database.write(audit.record, rotated, SYD, LINES[0])
    assert await logged.database.read(audit.verify, rotated) == {SYD: 5, VAST: 4}


def number(n: int):
    return (table.c.desk == SYD) & (table.c.number == n)


def change_a_line(conn: Connection) -> None:
    entry = conn.execute(select(table.c.entry).where(number(1))).scalar_one()
    conn.execute(update(table).where(number(2)).values(entry=entry))


def flip_a_bit_of_a_link(conn: Connection) -> None:
    link = conn.execute(select(table.c.link).where(number(2))).scalar_one()
    conn.execute(update(table).where(number(2)).values(link=link[:-1] + bytes([link[-1] ^ 1])))


def name_a_strange_generation(conn: Connection) -> None:
    link = conn.execute(select(table.c.link).where(number(2))).scalar_one()
    conn.execute(update(table).where(number(2)).values(link=link[:2] + b"\x00\x00\x00\x09" + link[6:]))


def make_a_gap(conn: Connection) -> None:
    conn.execute(delete(table).where(number(2)))


def swap_two_lines(conn: Connection) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        conn.execute(update(table).where(number(old)).values(number=new))


def take_a_line_of_another_desk(conn: Connection) -> None:
    row = conn.execute(select(table).where((table.c.desk == VAST) & (table.c.number == 2))).one()
    conn.execute(update(table).where(number(2)).values(entry=row.entry, link=row.link))


def cut_the_tail(conn: Connection) -> None:
    conn.execute(delete(table).where(number(4)))


def cut_everything(conn: Connection) -> None:
    conn.execute(delete(table).where(table.c.desk == SYD))


def repeat_the_last_line(conn: Connection) -> None:
    last = conn.execute(select(table).where(number(4))).mappings().one()
    conn.execute(table.insert(), {**last, "number": 5})


def take_the_head_away(conn: Connection) -> None:
    conn.execute(delete(audit_heads).where(audit_heads.c.desk == SYD))


def take_anothers_head(conn: Connection) -> None:
    head = conn.execute(select(audit_heads.c.sealed_head).where(audit_heads.c.desk == VAST)).scalar_one()
    conn.execute(update(audit_heads).where(audit_heads.c.desk == SYD).values(sealed_head=head))


ATTACKS = [
    change_a_line,
    flip_a_bit_of_a_link,
    name_a_strange_generation,
    make_a_gap,
    swap_two_lines,
    take_a_line_of_another_desk,
    cut_the_tail,
    cut_everything,
    repeat_the_last_line,
    take_the_head_away,
    take_anothers_head,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_whoever_touches_the_log_is_seen(logged: Service, attack):
    await logged.database.write(attack)
    with pytest.raises(VaultError):
        await logged.database.read(audit.verify, logged.key)


async def test_a_tail_cut_together_with_an_older_head_is_the_one_thing_that_needs_the_copy_outside(logged: Service):
    """The threat model says so: what is rolled back whole is seen only against the head that was mailed."""
    old = await logged.database.read(lambda conn: conn.execute(select(audit_heads)).mappings().all())
    await logged.database.write(audit.record, logged.key, SYD, LINES[0])

    def roll_back(conn: Connection) -> None:
        conn.execute(delete(table).where(number(5)))
        conn.execute(delete(audit_heads))
        conn.execute(audit_heads.insert(), [dict(row) for row in old])

    await logged.database.write(roll_back)
    assert await logged.database.read(audit.verify, logged.key) == {SYD: 4, VAST: 4}
