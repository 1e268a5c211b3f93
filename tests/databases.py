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

from intake.store.database import Database
from intake.store.engines import create_file
from intake.store.migrate import upgrade

BOTH = ("sqlite", "postgresql")


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
    server.communicate(timeout=30)


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


@pytest.fixture
async def postgresql_url(postgresql_server: str, postgresql_template: str) -> AsyncIterator[str]:
    """A fresh, migrated database on PostgreSQL."""
    name = f"hamn_{uuid4().hex}"
    await _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    yield _named(postgresql_server, name)
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


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated, empty store; a test that asks for it runs on both databases."""
    store = await Database.open(database_url)
    yield store
    await store.close()


async def _administer(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
