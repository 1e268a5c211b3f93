"""Fixtures: a fresh, migrated database for each test, once on SQLite and once on PostgreSQL."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url

from intake.store import engines
from intake.store.database import Database
from intake.store.engines import create_file
from intake.store.migrate import upgrade
from intake.store.schema import metadata
from tests.patience import PATIENCE

BOTH = ("sqlite", "postgresql")

Shape = tuple[int, ...]
"""Of a database: how many relations, columns, triggers, constraints and settings it has."""


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """On a machine with other work a connection need not be free within the service's own five seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "PATIENCE", PATIENCE)
        yield


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server: the one in DATABASE_URL, or one of our own. No server is an error, never a skip."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)
    server = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("postgresql.py")],
        env=os.environ | {"XDG_RUNTIME_DIR": str(runtime)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    url = server.stdout.readline().strip()
    assert url, "PostgreSQL did not start"
    yield url
    server.communicate(timeout=PATIENCE)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = f"hamn_template_{uuid4().hex}"
    asyncio.run(_administer(postgresql_server, f"CREATE DATABASE {name}"))
    asyncio.run(upgrade(_named(postgresql_server, name)))
    yield name
    asyncio.run(_administer(postgresql_server, f"DROP DATABASE {name}"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file to copy."""
    path = tmp_path_factory.mktemp("template") / "hamn.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'hamn.db')}"


@pytest.fixture(scope="session")
def postgresql_shape(postgresql_server: str, postgresql_template: str) -> Shape:
    """What a database looks like that nobody has altered."""
    shape = asyncio.run(_emptied(_named(postgresql_server, postgresql_template)))
    assert shape is not None
    return shape


@pytest.fixture(scope="session")
def postgresql_spares() -> list[str]:
    """Databases that a test has used and left empty: to empty one costs a thirtieth of making one."""
    return []


@pytest.fixture
async def postgresql_url(
    postgresql_server: str, postgresql_template: str, postgresql_shape: Shape, postgresql_spares: list[str]
) -> AsyncIterator[str]:
    """A migrated, empty database on PostgreSQL."""
    if postgresql_spares:
        name = postgresql_spares.pop()
    else:
        name = f"hamn_{uuid4().hex}"
        await _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    yield _named(postgresql_server, name)
    if await _emptied(_named(postgresql_server, name)) == postgresql_shape:
        postgresql_spares.append(name)
    else:
        await _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BOTH)
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database without any table, on both."""
    if request.param == "sqlite":
        create_file(tmp_path / "hamn.db")
        yield f"sqlite:///{tmp_path / 'hamn.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"hamn_{uuid4().hex}"
    await _administer(server, f"CREATE DATABASE {name}")
    yield _named(server, name)
    await _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database; a test that asks for it runs on both."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def both_in_soak(request: pytest.FixtureRequest) -> str:
    """In place of `database_url` where the rules are the point and not the SQL: on PostgreSQL too, in the long run."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated, empty store; a test that asks for it runs on both databases."""
    store = await Database.open(database_url)
    yield store
    await store.close()


async def _emptied(url: str) -> Shape | None:
    """Delete every row, and end whoever is still connected; the shape that is left, None where that failed."""
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.PostgresError:
        return None
    try:
        await connection.execute(_END_OTHERS)
        # Without looking for what points to a row: all rows go. Only a superuser may; else the database goes.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(";".join(f"DELETE FROM {table.name}" for table in metadata.tables.values()))
        return tuple(await connection.fetchrow(_SHAPE))
    except asyncpg.PostgresError:
        return None
    finally:
        await connection.close()


_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_trigger),
    (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_db_role_setting)
"""
"""What a test may have changed besides rows."""


async def _administer(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
