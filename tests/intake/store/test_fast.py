"""Inserting many rows at once gives the same rows as SQLAlchemy's own insert."""

import pytest
from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, MetaData, String, Table, select
from sqlalchemy.exc import IntegrityError

from intake.store.fast import bulk_insert

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("body", LargeBinary),
    Column("open", Boolean),
    Column("order", BigInteger),
)

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
