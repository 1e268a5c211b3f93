"""`hamn check`: every problem in plain words, none of them missed, and a sound installation has none."""

import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.app import open_service
from intake.commands import checkup
from intake.commands.checkup import check
from intake.commands.install import initialise
from intake.config import load
from intake.web.support import load_support
from tests.service import CHEAP, staff

NOW = datetime.now(UTC)
WITHOUT_TOTP = ("# totp = true", "totp = false")


@pytest.fixture
def folder(tmp_path):
    """What `hamn init` made; the private half was taken away."""
    made = initialise(tmp_path / "hamn.toml", public_url="https://a.se", inbox_url="https://inbox.a.se", recovery=True)
    made.backup_private.unlink()
    made.recovery_private.unlink()
    return made


def change(folder, old, new):
    text = folder.config.read_text()
    assert old in text
    folder.config.write_text(text.replace(old, new, 1))


async def problems(folder, now=NOW):
    return await check(load(folder.config), now)


async def staffed(folder):
    """Let one member join every desk, and an administrator."""
    change(folder, *WITHOUT_TOTP)
    async with open_service(load(folder.config)) as service:
        for desk in [*service.config.desks, None]:
            await staff(replace(service, cost=CHEAP), f"{desk}@test", desk, service.clock())
    change(folder, *reversed(WITHOUT_TOTP))


@pytest.fixture
def everybody_verified(monkeypatch):
    monkeypatch.setattr(type(load_support()), "stale", lambda *_: [])


async def test_a_sound_installation_has_nothing_to_mend(folder, everybody_verified):
    await staffed(folder)
    change(folder, '# decision = "reference"', 'decision = "DHP 2026:1"')
    change(folder, "# answered_days", "answered_days")
    assert await problems(folder) == []


async def test_a_fresh_folder_has_nobody(folder):
    async with open_service(load(folder.config)):
        found = await problems(folder)
    assert "nobody is an administrator: `hamn member invite LOGIN --role admin`" in found
    assert sum("has no member" in problem for problem in found) == 9
    assert any(
        problem.startswith("desks.nationell: has no member, so the public pages stay closed") for problem in found
    )


CHANGES = {
    "the example's address": ('"https://a.se"', '"https://hamn.example"', "web.public_url: still the example's"),
    "an inbox of the example's": ('"https://inbox.a.se"', '"https://inbox.hamn.example"', "inbox.url: still"),
    "no TLS": ('"https://inbox.a.se"', '"http://inbox.a.se"', "inbox.url: without TLS"),
    "no one-time codes": (*WITHOUT_TOTP, "inbox.totp: one-time codes are off"),
    "open to the network": (
        '# listen = "127.0.0.1:8080"',
        'listen = "0.0.0.0:8080"',
        "web.listen: open to the network",
    ),
    "numbers to the world": ('# listen = "127.0.0.1:8082"', 'listen = "[::]:8082"', "ops.listen: open to the network"),
    "no proxy": ('trusted_proxies = ["127.0.0.1"]', "", "web.trusted_proxies: all senders look like the proxy"),
    "no backups": ("public_key_file", "# public_key_file", "backup.public_key_file: no key to seal to"),
    "no journal": ("journal_file", "# journal_file", "backup.journal_file: without a journal"),
    "no decision": ("[web]", "[web]", "retention.decision: without a disposal decision"),
    "silent cases for ever": ("[web]", "[web]", "retention.answered_days: not set"),
    "closed cases for long": ("# closed_days = 730", "closed_days = 3650", "retention.closed_days: 3650 days"),
    "a kind for long": ("# kinds = { tip = 365", "kinds = { tip = 4000", "retention.kinds.tip: 4000 days"),
    "nobody at night": ('deputies = ["mitt"]', "", "desks.nord: nobody is on call and no deputy"),
}


@pytest.mark.parametrize(("old", "new", "said"), CHANGES.values(), ids=CHANGES)
async def test_what_is_wrong_in_the_configuration_is_said(folder, old, new, said):
    change(folder, old, new)
    assert [problem for problem in await problems(folder) if problem.startswith(said)]


MISSING = {
    "service.key": "service.key_file: cannot be read",
    "backup.pub": "backup.public_key_file: cannot be read",
    "recovery.pub": "service.recovery_key_file: cannot be read",
}


@pytest.mark.parametrize(("name", "said"), MISSING.items())
async def test_a_file_that_is_missing_is_named(folder, name, said):
    (folder.config.parent / name).unlink()
    assert [problem for problem in await problems(folder) if problem.startswith(said)]


async def test_a_service_key_that_others_can_read_is_said(folder):
    folder.service_key.chmod(0o444)
    assert "service.key_file: others may read the service key's file: chmod 0400 it" in await problems(folder)


async def test_a_private_half_that_was_not_taken_away_is_named(folder):
    folder.backup_private.write_text("here")
    assert "backup.private: lies on this machine; take it away, and delete it here" in await problems(folder)


async def test_a_database_that_is_not_there_is_said_and_not_made(folder):
    assert "database.url: there is no such file yet; `hamn serve` makes it" in await problems(folder)
    assert not (folder.config.parent / "hamn.db").exists()


async def test_a_database_that_does_not_answer_is_said(folder):
    change(folder, f"sqlite:///{folder.config.parent / 'hamn.db'}", "postgresql://nobody@127.0.0.1:1/none")
    assert "database.url: the database does not answer (unreachable)" in await problems(folder)


async def test_tables_of_another_version_are_said_and_left_alone(folder, monkeypatch):
    async with open_service(load(folder.config)):
        monkeypatch.setattr(checkup, "head", lambda: "9999")
        assert any("the tables are not this version's" in problem for problem in await problems(folder))


async def test_another_service_key_than_the_database_s_is_said(folder):
    await staffed(folder)
    folder.service_key.unlink()
    other = initialise(folder.config.parent / "other" / "x.toml", public_url=None, inbox_url=None, recovery=False)
    shutil.copy(other.service_key, folder.service_key)
    assert any(
        problem.startswith("database.url: not what this service key wrote") for problem in await problems(folder)
    )


async def test_one_who_holds_a_key_alone_is_said_where_there_is_no_recovery_key(folder):
    await staffed(folder)
    change(folder, "recovery_key_file", "# recovery_key_file")
    assert sum("one member alone holds its key" in problem for problem in await problems(folder)) == 9


async def test_a_clock_that_is_wrong_is_said(folder):
    async with open_service(load(folder.config)):
        assert any("clock is wrong" in problem for problem in await problems(folder, datetime(1970, 1, 2, tzinfo=UTC)))


async def test_a_disk_that_is_nearly_full_is_said(folder, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 1, 1))
    assert any("less than 1 GiB is free" in problem for problem in await problems(folder))


async def test_numbers_that_nobody_has_verified_for_a_year_are_named(folder):
    later = NOW + timedelta(days=4000)
    (found,) = [problem for problem in await problems(folder, later) if problem.startswith("support directory")]
    assert "linkoping-adults" in found
