"""Bridges as the configuration names them; secrets by file alone; one node asks where there is no hook; loops live."""

import asyncio
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bridges.load import load, types
from intake.config import ConfigError, example
from intake.service import Service
from intake.store import passing
from intake.store.database import Database
from intake.ways import build_bridges, ways_open
from tests.bridges.sending import HOOK_SECRET
from tests.intake.outbox.fake import FakeBridge
from tests.patience import PATIENCE
from tests.service import MONDAY_MORNING, Clock, make_config
from tests.telegram_double import TelegramDouble

ELKS = {"type": "sms_46elks", "sender": "+46766861004", "username": "u", "hook_username": "h"}
LEASE = timedelta(seconds=90)


@pytest.fixture
def elks(tmp_path: Path) -> dict[str, object]:
    """A whole table, its secrets in files."""
    (tmp_path / "password").write_text("hemligt\n")
    return ELKS | {"password_file": str(tmp_path / "password"), "hook_password_file": str(tmp_path / "password")}


def refused(**tables: object) -> str:
    with pytest.raises(ConfigError) as caught:
        build_bridges(make_config(bridges=tables), Clock())
    return str(caught.value)


def test_several_accounts_of_one_provider_stand_side_by_side(elks):
    bridges = build_bridges(make_config(bridges={"one": elks, "two": elks}), Clock())
    assert [bridge.name for bridge in bridges.values()] == ["one", "two"]


def test_a_secret_in_the_file_itself_is_refused_and_not_repeated(elks):
    told = refused(one=elks | {"password": "hemligt"})
    assert told.startswith("bridges.one.password: ")
    assert "hemligt" not in told


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"type": "sms_nobody"}, "bridges.one.type"),
        ({"type": "http"}, "bridges.one.type"),
        ({"type": None}, "bridges.one.type"),
        ({"colour": "blue"}, "bridges.one.colour"),
        ({"sender": 7}, "bridges.one.sender"),
        ({"password_file": "/nowhere"}, "bridges.one.password_file"),
        ({"password_file": "/"}, "bridges.one.password_file"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_named(change: dict, key: str, elks):
    assert refused(one=elks | change).startswith(f"{key}: ")


@pytest.mark.parametrize("assessment", [None, "", "  "])
def test_telegram_is_off_until_the_law_was_looked_at(assessment, tmp_path: Path):
    (tmp_path / "token").write_text(TelegramDouble().token)
    (tmp_path / "secret").write_text(HOOK_SECRET)
    files = {"token_file": str(tmp_path / "token"), "hook_secret_file": str(tmp_path / "secret")}
    table = {"type": "telegram"} | files | ({} if assessment is None else {"legal_assessment": assessment})
    assert refused(bot=table).startswith("bridges.bot.legal_assessment: ")
    assert build_bridges(make_config(bridges={"bot": table | {"legal_assessment": "Dnr 1/26"}}), Clock())


def test_the_example_documents_every_bridge_and_every_key():
    shown = example()[example().index("# [bridges.") : example().index("# The seven regions")]
    tables = tomllib.loads(re.sub(r"(?m)^# ?", "", shown))["bridges"]
    assert {table["type"] for table in tables.values()} == set(types())
    for table in tables.values():
        known = fields(load(table["type"]).Settings)
        keys = {f"{f.name}_file" if f.metadata.get("secret") else f.name for f in known}
        assert set(table) - {"type"} <= keys
        assert keys - set(table) <= {"region", "allow_get"}
        for one in known:
            if one.name in table and one.default is not MISSING and one.name not in ("account", "hook_username"):
                value = list(table[one.name]) if isinstance(table[one.name], list) else table[one.name]
                assert value == (list(one.default) if isinstance(one.default, tuple) else one.default), one.name


async def test_one_node_asks_and_another_takes_over_where_it_stopped(database: Database):
    write, now = database.write, MONDAY_MORNING
    assert await write(passing.lease_poll, "bot", "a", now, LEASE) == (True, None)
    await write(passing.note_poll, "bot", "a", 17)
    assert await write(passing.lease_poll, "bot", "b", now, LEASE) == (False, None)
    assert await write(passing.lease_poll, "bot", "a", now, LEASE) == (True, 17)
    assert await write(passing.lease_poll, "bot", "b", now + LEASE, LEASE) == (True, 17)
    await write(passing.note_poll, "bot", "a", 99)
    await write(passing.end_poll, "bot", "b")
    assert await write(passing.lease_poll, "bot", "c", now + LEASE, LEASE) == (True, 17)


@dataclass
class FakeBot(FakeBridge):
    """A bridge of which each loop is broken once; `turns` knows which of them turned after that."""

    polls: bool = True
    broken: set[str] = field(default_factory=set)
    turns: dict[str, asyncio.Event] = field(default_factory=dict)

    async def turn(self, loop: str) -> None:
        await asyncio.sleep(0)
        if loop not in self.broken:
            self.broken.add(loop)
            raise ValueError("text of a person")
        self.turns[loop].set()

    async def poll_once(self, offset: int | None, _: timedelta) -> int | None:
        await self.turn("poll")
        return offset

    async def register(self) -> None:
        await self.turn("register")

    def fetch(self, *_: object) -> None: ...


async def test_a_loop_goes_on_whatever_happened_in_a_turn(
    empty_service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    bot = FakeBot("bot", turns={loop: asyncio.Event() for loop in ("carry", "fetch", "poll", "register")})

    async def drain(*_: object) -> bool:
        await bot.turn("carry")
        return True

    async def fetch_due(*_: object) -> None:
        await bot.turn("fetch")

    monkeypatch.setattr("intake.ways.drain", drain)
    monkeypatch.setattr("intake.ways.fetch_due", fetch_due)
    monkeypatch.setattr("intake.ways._FETCH_EVERY", 0.01)
    monkeypatch.setattr("intake.ways._rest", lambda _: 0.01)
    async with ways_open(replace(empty_service, bridges={"bot": bot})), asyncio.timeout(PATIENCE):
        await asyncio.gather(*(turned.wait() for turned in bot.turns.values()))
    assert "text of a person" not in "".join(capsys.readouterr())
