"""What is run without SQLAlchemy's work for each statement does what the statement itself would."""

import pytest
from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, MetaData, String, Table, select
from sqlalchemy.exc import IntegrityError

from intake.store.fast import bulk_insert, fetch, insert_new

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("body", LargeBinary),
    Column("open", Boolean),
    Column("order", BigInteger),
)

EVERYTHING = select(things.c.id, things.c.body, things.c.order).order_by(things.c.order.desc())
ROWS = [
    {"order": 2**40, "id": "å", "open": True, "body": b"\0x"},
    {"id": "%s :b $1 ?", "body": None, "open": False, "order": -1},
]


@pytest.mark.parametrize(
    "rows", [ROWS, ROWS[:1], [], [{"id": "only"}, {"id": "some"}]], ids=["many", "one", "none", "some columns"]
)
async def test_rows_come_back_as_they_went_in(database, rows):
    await database.write(metadata.create_all)
    await database.write(bulk_insert, things, rows)
    found = await database.read(lambda connection: [dict(row) for row in connection.execute(select(things)).mappings()])
    nothing = dict.fromkeys(column.name for column in things.columns)
    assert sorted(found, key=lambda row: row["id"]) == sorted(
        (nothing | row for row in rows), key=lambda row: row["id"]
    )


async def test_one_bad_row_keeps_out_all(database):
    await database.write(metadata.create_all)
    with pytest.raises(IntegrityError):
        await database.write(bulk_insert, things, [*ROWS, ROWS[0]])
    assert await database.read(lambda connection: connection.execute(select(things)).all()) == []


async def test_a_row_is_inserted_once_and_the_first_stays(database):
    await database.write(metadata.create_all)
    assert await database.write(insert_new, things, {"id": "a", "order": 1})
    assert not await database.write(insert_new, things, {"id": "a", "order": 2})
    assert await database.read(fetch, EVERYTHING) == [("a", None, 1)]


async def test_a_query_gives_what_it_would_give_by_itself(database):
    await database.write(metadata.create_all)
    await database.write(bulk_insert, things, ROWS)
    expected = await database.read(lambda connection: [tuple(row) for row in connection.execute(EVERYTHING)])
    assert (
        await database.read(fetch, EVERYTHING) == expected == [(row["id"], row["body"], row["order"]) for row in ROWS]
    )
