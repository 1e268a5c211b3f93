"""Engines: a new file is private and never overwritten, and libpq's words in a URL are understood."""

import sqlite3
import stat
from contextlib import closing

from intake.store.engines import async_engine, create_file


def test_a_new_file_is_its_owners_alone_and_the_only_one_made(tmp_path):
    create_file(tmp_path / "hamn.db")
    assert [path.name for path in tmp_path.iterdir()] == ["hamn.db"]
    assert stat.S_IMODE((tmp_path / "hamn.db").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_left_alone(tmp_path):
    with closing(sqlite3.connect(tmp_path / "hamn.db")) as connection:
        connection.execute("CREATE TABLE kept (n)")
        create_file(tmp_path / "hamn.db")
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]


def test_libpqs_sslmode_is_passed_on_in_the_drivers_word():
    engine = async_engine("postgresql://hamn@db.example/hamn?sslmode=verify-full&passfile=/run/pgpass", pool_size=1)
    _, options = engine.dialect.create_connect_args(engine.url)
    assert options["ssl"] == "verify-full"
    assert options["passfile"] == "/run/pgpass"
    assert "sslmode" not in options


async def test_no_engine_shows_parameters(database_url):
    engine = async_engine(database_url, pool_size=1)
    assert engine.sync_engine.hide_parameters
    await engine.dispose()
