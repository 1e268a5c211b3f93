"""What is due is found by its index, however many cases are open."""

from datetime import timedelta

from sqlalchemy import Connection, text

from intake.store import nudges
from intake.store.database import Database
from intake.store.schema import cases as table
from tests.intake.store.samples import NORD, NOW, SYD, add_case

DUE = "ix_cases_desk_next_nudge_at"


def plan(conn: Connection) -> str:
    """How the database would look for what is due."""
    if conn.dialect.name == "postgresql":
        # A handful of rows are read faster one after the other; what counts is that the index can be used.
        conn.execute(text("SET LOCAL enable_seqscan = off"))
    asked = nudges.due_cases(SYD, NOW, 100).compile(conn, compile_kwargs={"literal_binds": True})
    ask = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in conn.exec_driver_sql(f"{ask} {asked}"))


async def test_due_cases_are_found_in_the_index_of_what_is_due(database: Database):
    shown = await database.write(plan)
    assert DUE in shown
    assert "SCAN cases" not in shown.replace("Index Scan", "")


async def test_only_what_is_due_is_claimed_and_only_once(database: Database):
    due, later = [await database.write(add_case) for _ in range(2)]
    for case, at in ((due, NOW), (later, NOW + timedelta(minutes=1))):
        await database.write(lambda conn, case=case, at=at: nudges.set_next(conn, case, at, NOW, exact=True))
    (desk,) = await database.read(nudges.due_desks, [SYD, NORD], NOW)
    until = NOW + timedelta(minutes=10)
    assert await database.write(nudges.claim_due, desk, NOW, until, 9) == [due]
    assert await database.write(nudges.claim_due, desk, NOW, until, 9) == []
    assert set(await database.write(nudges.claim_due, desk, until, until + until.resolution, 9)) == {due, later}


async def test_a_claim_takes_no_more_than_it_was_asked_for(database: Database):
    for _ in range(5):
        case = await database.write(add_case)
        await database.write(lambda conn, case=case: nudges.set_next(conn, case, NOW, NOW, exact=True))
    (desk,) = await database.read(nudges.due_desks, [SYD, NORD], NOW)
    assert len(await database.write(nudges.claim_due, desk, NOW, NOW + timedelta(minutes=10), 3)) == 3


async def test_exact_times_are_forgotten_with_the_first_answer(database: Database):
    case = await database.write(add_case)
    late = NOW + timedelta(minutes=34)
    await database.write(lambda conn: nudges.set_next(conn, case, None, late, exact=False))
    renewed = await database.read(lambda conn: conn.execute(table.select()).mappings().one()["renewed_at"])
    assert renewed % 3600 == 0
