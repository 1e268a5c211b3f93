"""Brings a database to the schema of this version, or says how far it is; knows no verb and no content."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from intake.store.engines import async_engine, create_file, sqlite_path
from intake.store.failure import cleanly
from intake.store.schema import metadata

T = TypeVar("T")

SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 0x48616D6E


async def upgrade(url: str, *, scripts: Path = SCRIPTS) -> None:
    """Bring the database to the newest revision, in one transaction; an SQLite file is made if there is none.

    Two that upgrade at once wait for each other. Raises StoreUnavailable when the database cannot be used.
    """
    if path := sqlite_path(url):
        with cleanly():
            create_file(path)
    await _run(url, lambda connection: _upgrade(connection, scripts))


async def current(url: str) -> str | None:
    """The revision the database is at, or None if it never was upgraded. Raises as `upgrade`."""
    return await _run(url, _revision)


def head(scripts: Path = SCRIPTS) -> str | None:
    """The newest revision that this version knows."""
    return ScriptDirectory(str(scripts)).get_current_head()


async def differences(url: str) -> list[object]:
    """What a database lacks of `schema.metadata`, or has too much; empty when all revisions are written."""
    return await _run(url, _differences)


async def revise(url: str, message: str, *, scripts: Path = SCRIPTS) -> None:
    """For developers: write a new revision out of what a database at the newest revision lacks; read it afterwards."""
    await _run(url, lambda connection: _revise(connection, message, scripts))


async def _run(url: str, step: Callable[[Connection], T]) -> T:
    engine = async_engine(url, pool_size=1, migrates=True)
    try:
        with cleanly():
            async with engine.connect() as connection:
                return await connection.run_sync(step)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, scripts: Path) -> None:
    _begin_alone(connection)
    command.upgrade(_config(connection, scripts), "head")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise ValueError("a migration left a row that points nowhere")
    connection.commit()


def _begin_alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        return
    # A batch migration drops the old table. With foreign keys on, that would delete every row that points to it.
    # The switch works outside a transaction only, so leave the one that was begun for us.
    connection.exec_driver_sql("ROLLBACK")
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config(connection: Connection, scripts: Path) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _revise(connection: Connection, message: str, scripts: Path) -> None:
    written = sum(1 for _ in ScriptDirectory(str(scripts)).walk_revisions())
    command.revision(_config(connection, scripts), message, autogenerate=True, rev_id=f"{written + 1:04}")
