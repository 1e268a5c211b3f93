"""Migrations: all of the schema, once, whole or not at all, without losing a row."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from intake.store.database import Database
from intake.store.migrate import SCRIPTS, current, differences, head, upgrade

HEAD = """
import sqlalchemy as sa
from alembic import op
revision = "{revision}"
down_revision = {down}

def upgrade():
"""

FIRST = (
    HEAD.format(revision="t1", down=None)
    + """
    op.create_table("parents", sa.Column("id", sa.Integer, primary_key=True), sa.Column("old", sa.Integer))
    op.create_table("children", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer, sa.ForeignKey("parents.id", ondelete="CASCADE")))
    op.execute("INSERT INTO parents VALUES (1, 7)")
    op.execute("INSERT INTO children VALUES (1, 1)")
"""
)

REBUILD = (
    HEAD.format(revision="t2", down="'t1'")
    + """
    with op.batch_alter_table("parents", recreate="auto") as table:
        table.alter_column("old", new_column_name="new", existing_type=sa.Integer)
"""
)

BREAK = (
    HEAD.format(revision="t2", down="'t1'")
    + """
    op.create_table("halfway", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
)

ORPHAN = (
    HEAD.format(revision="t2", down="'t1'")
    + """
    op.execute("DELETE FROM parents")
"""
)


@pytest.fixture
def scripts(tmp_path: Path):
    """A place for revisions of a test's own."""
    folder = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("versions", "__pycache__"))
    (folder / "versions").mkdir()

    def write(*revisions: str) -> Path:
        for number, revision in enumerate(revisions):
            (folder / "versions" / f"t{number}.py").write_text(revision)
        return folder

    return write


async def rows(url: str, query: str) -> list[tuple[object, ...]]:
    store = await Database.open(url)
    found = await store.read(lambda connection: [tuple(row) for row in connection.execute(text(query))])
    await store.close()
    return found


async def test_the_revisions_make_the_whole_schema(database_url):
    assert await current(database_url) == head()
    assert await differences(database_url) == []


async def test_a_database_that_was_never_upgraded_has_no_revision(empty_url):
    assert await current(empty_url) is None


async def test_upgrading_again_or_twice_at_once_changes_nothing(empty_url):
    await asyncio.gather(upgrade(empty_url), upgrade(empty_url))
    await upgrade(empty_url)
    assert await current(empty_url) == head()


async def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(empty_url, scripts):
    await upgrade(empty_url, scripts=scripts(FIRST))
    await upgrade(empty_url, scripts=scripts(FIRST, REBUILD))
    assert await rows(empty_url, "SELECT new, children.id FROM parents JOIN children ON parent = parents.id") == [
        (7, 1)
    ]


async def test_a_revision_that_fails_leaves_nothing_behind(empty_url, scripts):
    await upgrade(empty_url, scripts=scripts(FIRST))
    with pytest.raises(Exception, match="nowhere"):
        await upgrade(empty_url, scripts=scripts(FIRST, BREAK))
    assert await current(empty_url) == "t1"
    store = await Database.open(empty_url)
    assert not await store.read(lambda connection: inspect(connection).has_table("halfway"))
    await store.close()


async def test_a_revision_that_would_leave_orphans_is_refused(tmp_path, scripts):
    url = f"sqlite:///{tmp_path}/hamn.db"
    await upgrade(url, scripts=scripts(FIRST))
    with pytest.raises(ValueError, match="points nowhere"):
        await upgrade(url, scripts=scripts(FIRST, ORPHAN))
    assert await rows(url, "SELECT id FROM parents") == [(1,)]
