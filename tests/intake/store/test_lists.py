"""Lists take as long at a million cases as at a thousand: an index has every page in its order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from intake.model import CaseId, Pace
from intake.store import cases
from intake.store.cases import After
from intake.store.database import Database
from intake.store.retention import closed_and_gone_by
from tests.intake.store.samples import KEY, NORD, NOW, SYD, add_case

LATER = NOW + timedelta(days=1)


def lend_case(conn: Connection) -> CaseId:
    """A case of another desk's that is shown to ours, due in two hours."""
    case_id = add_case(conn, SYD, due_in=120)
    cases.grant(conn, KEY, case_id, NORD, "absence", NOW)
    return case_id


async def listed(database: Database, after: After | None = None) -> list[CaseId]:
    return [case.id for case in await database.read(cases.list_open, KEY, [NORD], after, 10)]


async def test_a_lent_case_moves_in_the_list_with_its_time(database: Database):
    own, lent = await database.write(add_case, NORD, 60), await database.write(lend_case)
    assert await listed(database) == [own, lent]
    await database.write(cases.mark_waiting, lent, Pace.NOW, NOW, NOW)
    assert await listed(database) == [lent, own]
    assert await listed(database, After(NOW, lent)) == [own]


async def test_a_lent_case_leaves_the_list_when_it_is_closed_and_comes_back(database: Database):
    lent = await database.write(lend_case)
    await database.write(cases.close, lent, NOW)
    assert await listed(database) == []
    await database.write(cases.mark_waiting, lent, Pace.DAYS, LATER, NOW)
    assert await listed(database) == [lent]


@pytest.mark.parametrize("verb", [cases.list_open, cases.list_closed])
@pytest.mark.parametrize("after", [None, After(NOW, CaseId("a" * 26))], ids=["first page", "next page"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_page_looks_at_more_rows_than_it_shows(database: Database, verb, after: After | None):
    steps = await database.read(plans, lambda conn: verb(conn, KEY, [NORD, SYD], after, 10))
    assert steps
    assert not [step for step in steps if "SCAN" in step or "TEMP B-TREE" in step]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_those_that_go_soon_are_counted_without_a_look_at_all_that_are_closed(database: Database):
    (step,) = await database.read(plans, lambda conn: closed_and_gone_by(conn, [NORD, SYD], NOW))
    assert "(desk=? AND delete_at<?)" in step


def plans(conn: Connection, verb: Callable[[Connection], object]) -> list[str]:
    """How SQLite finds what the verb asks for, step by step."""
    asked: list[tuple[str, tuple]] = []
    event.listen(conn, "before_cursor_execute", lambda _, __, text, values, *___: asked.append((text, values)))
    verb(conn)
    return [
        row[3] for text, values in list(asked) for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
    ]
