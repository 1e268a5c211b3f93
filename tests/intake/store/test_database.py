"""The store on both databases: durable, one snapshot a read, every outage named, back in service after each."""

import asyncio
import sqlite3
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, LargeBinary, MetaData, Table, func, make_url, select, text, update
from sqlalchemy.util import await_only

from intake.store.database import Database
from intake.store.failure import Reason, StoreUnavailable

metadata = MetaData()
notes = Table("notes", metadata, Column("n", Integer, primary_key=True), Column("body", LargeBinary))


@pytest.fixture
async def store(database: Database) -> Database:
    await database.write(metadata.create_all)
    return database


@pytest.fixture
async def on_sqlite(sqlite_url: str):
    store = await Database.open(sqlite_url)
    await store.write(metadata.create_all)
    yield store
    await store.close()


@pytest.fixture
async def on_postgresql(postgresql_url: str):
    store = await Database.open(postgresql_url)
    await store.write(metadata.create_all)
    yield store
    await store.close()


def add(connection: Connection, n: int, body: bytes = b"") -> int:
    connection.execute(notes.insert(), {"n": n, "body": body})
    return n


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(notes)).scalar_one()


def run(statement: str) -> Callable[[Connection], None]:
    return lambda connection: connection.exec_driver_sql(statement).close()


def path_of(store_url: str) -> Path:
    return Path(str(make_url(store_url).database))


async def test_a_verb_gets_its_arguments_and_its_value_comes_back(store):
    assert await store.write(add, 1, body=b"x") == 1
    assert await store.read(count) == 1


async def test_nothing_remains_of_a_write_that_raises(store):
    def half(connection: Connection) -> None:
        add(connection, 1)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await store.write(half)
    assert await store.read(count) == 0


async def test_many_writers_at_once_all_succeed(store):
    assert await asyncio.gather(*(store.write(add, n) for n in range(100))) == list(range(100))
    assert await store.read(count) == 100


async def test_a_read_sees_one_moment(store):
    def twice(connection: Connection) -> tuple[int, int]:
        before = count(connection)
        await_only(store.write(add, 1))
        return before, count(connection)

    assert await store.read(twice) == (0, 0)
    assert await store.read(count) == 1


async def test_a_read_cannot_write(store):
    with pytest.raises(StoreUnavailable) as caught:
        await store.read(add, 1)
    assert caught.value.reason is Reason.READ_ONLY
    assert await store.read(count) == 0


async def test_whatever_was_acknowledged_survives_a_kill(database_url):
    script = str(Path(__file__).with_name("scribe.py"))
    scribe = await asyncio.create_subprocess_exec(sys.executable, script, database_url, stdout=asyncio.subprocess.PIPE)
    acknowledged = [int(await scribe.stdout.readline()) for _ in range(150)]
    scribe.kill()
    acknowledged += [int(line) async for line in scribe.stdout if line.endswith(b"\n")]
    await scribe.wait()
    store = await Database.open(database_url)
    found = await store.read(lambda connection: set(connection.execute(text("SELECT n FROM acknowledged")).scalars()))
    await store.close()
    assert found >= set(acknowledged)


async def test_a_store_that_is_not_there_is_unreachable(tmp_path, unused_tcp_port):
    for url in (f"sqlite:///{tmp_path}/none.db", f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none"):
        with pytest.raises(StoreUnavailable) as caught:
            await Database.open(url)
        assert caught.value.reason is Reason.UNREACHABLE
    assert not (tmp_path / "none.db").exists()


async def test_a_database_unknown_to_the_server_is_refused(postgresql_server):
    with pytest.raises(StoreUnavailable) as caught:
        await Database.open(make_url(postgresql_server).set(database="none").render_as_string(hide_password=False))
    assert caught.value.reason is Reason.REFUSED


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/db"])
async def test_only_a_file_or_postgresql_is_a_store(url):
    with pytest.raises(ValueError, match="must be a file"):
        await Database.open(url)


async def test_a_closed_store_refuses(sqlite_url):
    store = await Database.open(sqlite_url)
    await store.close()
    with pytest.raises(StoreUnavailable) as caught:
        await store.write(add, 1)
    assert caught.value.reason is Reason.CLOSED


# SQLite ---------------------------------------------------------------------------------------------------------


async def test_a_full_database_says_so_and_serves_again_when_there_is_room(on_sqlite):
    await on_sqlite.write(run("PRAGMA max_page_count = 1"))  # as many as there are
    with pytest.raises(StoreUnavailable) as caught:
        await on_sqlite.write(add, 1, bytes(100_000))
    assert caught.value.reason is Reason.FULL
    await on_sqlite.write(run("PRAGMA max_page_count = 100000"))
    await on_sqlite.write(add, 2, bytes(100_000))
    assert await on_sqlite.read(count) == 1


async def test_a_read_only_database_says_so_and_serves_again_when_it_is_not(on_sqlite):
    await on_sqlite.write(run("PRAGMA query_only = ON"))
    with pytest.raises(StoreUnavailable) as caught:
        await on_sqlite.write(add, 1)
    assert caught.value.reason is Reason.READ_ONLY
    await on_sqlite.write(run("PRAGMA query_only = OFF"))
    assert await on_sqlite.write(add, 1) == 1


async def test_a_locked_database_says_so_and_serves_again_when_it_is_free(on_sqlite, sqlite_url):
    await on_sqlite.write(run("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable) as caught:
        await on_sqlite.write(add, 1)
    assert caught.value.reason is Reason.LOCKED
    other.execute("ROLLBACK")
    other.close()
    assert await on_sqlite.write(add, 1) == 1


async def test_a_file_that_is_no_database_is_broken(tmp_path):
    (tmp_path / "hamn.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreUnavailable) as caught:
        await Database.open(f"sqlite:///{tmp_path}/hamn.db")
    assert caught.value.reason is Reason.BROKEN


async def test_after_a_checkpoint_nothing_erased_is_left_in_any_file(on_sqlite, sqlite_url):
    marker = b"erase me" * 200
    await on_sqlite.write(add, 1, marker)
    await on_sqlite.write(run("DELETE FROM notes"))
    path = path_of(sqlite_url)
    log = path.with_name(path.name + "-wal")
    assert marker in log.read_bytes()
    assert await on_sqlite.checkpoint()
    assert log.stat().st_size == 0
    assert marker[:8] not in path.read_bytes()


async def test_a_checkpoint_that_a_reader_prevents_says_so(on_sqlite, sqlite_url):
    other = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM notes").fetchall()
    await on_sqlite.write(add, 1)
    assert not await on_sqlite.checkpoint()
    other.close()
    assert await on_sqlite.checkpoint()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("trusted_schema", 0),
    ],
)
async def test_reader_and_writer_are_durable_and_leave_no_remnants(on_sqlite, pragma, value):
    def ask(connection: Connection) -> object:
        return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()

    assert await on_sqlite.read(ask) == value
    assert await on_sqlite.write(ask) == value


async def test_only_the_owner_may_read_the_files(on_sqlite, sqlite_url):
    await on_sqlite.write(add, 1)
    path = path_of(sqlite_url)
    for file in path.parent.glob("hamn.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


# PostgreSQL -----------------------------------------------------------------------------------------------------


async def test_a_connection_lost_in_the_middle_says_so_and_the_next_write_succeeds(on_postgresql):
    with pytest.raises(StoreUnavailable) as caught:
        await on_postgresql.write(run("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert caught.value.reason is Reason.UNREACHABLE
    assert await on_postgresql.write(add, 1) == 1


def _end_all_others(connection: Connection) -> int:
    """How many there still were."""
    ended = connection.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return len(ended.all())


async def test_connections_lost_while_idle_are_replaced_unnoticed(on_postgresql, postgresql_url):
    await asyncio.gather(*(on_postgresql.read(run("SELECT pg_sleep(0.05)")) for _ in range(3)))
    other = await Database.open(postgresql_url)
    while await other.read(_end_all_others):  # noqa: ASYNC110 - the server tells nobody
        await asyncio.sleep(0.01)
    await other.close()
    assert await asyncio.gather(*(on_postgresql.write(add, n) for n in range(3))) == [0, 1, 2]


async def test_writers_that_deadlock_are_tried_again_until_all_succeed(on_postgresql):
    await on_postgresql.write(lambda connection: (add(connection, 1), add(connection, 2)))

    def cross(connection: Connection, first: int, second: int) -> None:
        connection.exec_driver_sql("SET LOCAL deadlock_timeout = '20ms'")
        connection.execute(update(notes).where(notes.c.n == first).values(body=b"x"))
        connection.exec_driver_sql("SELECT pg_sleep(0.1)")
        connection.execute(update(notes).where(notes.c.n == second).values(body=b"x"))

    await asyncio.gather(on_postgresql.write(cross, 1, 2), on_postgresql.write(cross, 2, 1))


async def test_a_write_that_can_never_be_serialised_is_given_up(on_postgresql):
    tries: list[int] = []

    def lose(connection: Connection) -> None:
        tries.append(1)
        connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

    with pytest.raises(StoreUnavailable) as caught:
        await on_postgresql.write(lose)
    assert caught.value.reason is Reason.LOCKED
    assert len(tries) == 5


async def test_a_commit_is_on_disk_whatever_the_server_prefers(on_postgresql):
    setting = await on_postgresql.read(
        lambda connection: connection.exec_driver_sql("SHOW synchronous_commit").scalar()
    )
    assert setting == "on"
