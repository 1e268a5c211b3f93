"""Every column is sealed or says why it lies in the open, and `docs/columns.md` lists them all.

`python -m tests.intake.store.test_schema` writes that file anew.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, Table

from intake.store.schema import metadata

COLUMNS = Path(__file__).parents[3] / "docs" / "columns.md"
HEADING = """# Columns

What lies in the database, column by column, as `intake/store/schema/` says it and
`tests/intake/store/test_schema.py` checks. *Sealed* is ciphertext, a keyed hash or a MAC: worthless without the service
key or a member's key. Whatever else is there lies in the clear, for the reason given.
"""
OPEN_BYTES = {"public_key", "salt"}
"""The only bytes that may lie in the open."""


def tables() -> list[Table]:
    return sorted(metadata.tables.values(), key=lambda table: table.name)


def columns() -> Iterator[Column]:
    for table in tables():
        yield from table.columns


def listing() -> str:
    """The file `docs/columns.md`."""
    parts = [HEADING]
    for table in tables():
        lines = [f"| `{column.name}` | {column.info.get('clear', '*sealed*')} |" for column in table.columns]
        parts.append("\n".join([f"## {table.name}\n", "| column | why it may be read |", "|---|---|", *lines]) + "\n")
    return "\n".join(parts)


@pytest.mark.parametrize("column", list(columns()), ids=str)
def test_a_column_is_bytes_or_says_why_it_lies_in_the_open(column: Column):
    if "clear" in column.info:
        assert len(column.info["clear"]) > 5
    else:
        assert isinstance(column.type, LargeBinary), f"{column} is neither sealed nor explained"


@pytest.mark.parametrize("column", list(columns()), ids=str)
def test_text_and_bytes_in_the_open_are_of_a_kind_that_cannot_hold_a_message(column: Column):
    if "clear" not in column.info:
        return
    if isinstance(column.type, LargeBinary):
        assert column.name in OPEN_BYTES
    length = getattr(column.type, "length", None)
    assert length is None or length <= 64


def test_no_column_is_named_after_what_must_be_sealed():
    secret = {
        "text",
        "login",
        "name",
        "phone",
        "address",
        "email",
        "receipt",
        "passphrase",
        "place",
        "county",
        "kind_of",
    }
    assert not [column for column in columns() if column.name in secret]


def test_the_list_of_columns_is_the_schema():
    assert COLUMNS.read_text(encoding="utf-8") == listing(), "run: python -m tests.intake.store.test_schema"


if __name__ == "__main__":
    COLUMNS.write_text(listing(), encoding="utf-8")
