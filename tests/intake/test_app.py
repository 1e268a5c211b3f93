"""The house is built whole or not at all, and the public pages open only once a tip can be sealed to somebody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientError, ClientSession
from sqlalchemy import make_url

from intake import app
from intake.app import database_url, open_service, recovery_recipient, run
from intake.config import Config, ConfigError
from intake.store.failure import StoreUnavailable
from intake.vault.errors import KeyFileRefused
from intake.vault.key_file import save_service_key
from intake.vault.service_key import ServiceKey
from intake.vault.suite import PUBLIC_KEY_BYTES
from tests.patience import PATIENCE
from tests.ports import free_ports
from tests.service import KNOWLEDGE, make_config, staff


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all that triage knows takes seconds; once is enough."""
    monkeypatch.setattr("intake.app.load_knowledge", lambda: KNOWLEDGE)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A house in a folder of its own, on three free ports."""
    save_service_key(tmp_path / "service.key", ServiceKey.generate())
    public, inbox, ops = free_ports(3)
    return make_config(
        service={"national_desk": "nationell", "key_file": str(tmp_path / "service.key")},
        database={"url": f"sqlite:///{tmp_path / 'hamn.db'}"},
        web={"public_url": f"http://127.0.0.1:{public}", "listen": f"127.0.0.1:{public}"},
        inbox={"url": f"http://127.0.0.1:{inbox}", "listen": f"127.0.0.1:{inbox}", "totp": False},
        ops={"listen": f"127.0.0.1:{ops}"},
    )


class Told:
    """The service's log, as somebody reads it who waits for the pages to wait."""

    def __init__(self, waits: asyncio.Event) -> None:
        self._waits = waits

    def warning(self, event: str, **_: object) -> None:
        if "wait" in event:
            self._waits.set()


async def opens(address: str) -> bool:
    try:
        async with ClientSession() as session, session.get(f"http://{address}/"):
            return True
    except ClientError:
        return False


async def test_a_service_is_opened_with_a_new_database_and_closed_again(config: Config):
    async with open_service(config) as service:
        assert (
            await service.database.read(lambda conn: conn.exec_driver_sql("SELECT count(*) FROM cases").scalar()) == 0
        )
    with pytest.raises(StoreUnavailable):
        await service.database.write(lambda _: None)


async def test_the_public_pages_wait_for_the_national_desk(config: Config, monkeypatch: pytest.MonkeyPatch):
    announced, stop, waits = asyncio.Event(), asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(app, "_ASK_AGAIN", 0.05)
    monkeypatch.setattr(app, "_LOG", Told(waits))
    async with open_service(config) as service:
        serving = asyncio.create_task(run(service, stop, announced.set))
        await asyncio.wait_for(waits.wait(), PATIENCE)
        assert await opens(config.inbox.listen)
        assert await opens(config.ops.listen)
        assert not await opens(config.web.listen)
        assert not announced.is_set()
        await staff(service, "nationell@test", "nationell", service.clock())
        await asyncio.wait_for(announced.wait(), PATIENCE)
        assert await opens(config.web.listen)
        stop.set()
        await serving
    for address in (config.web.listen, config.inbox.listen, config.ops.listen):
        assert not await opens(address)


async def test_a_house_that_waits_can_be_stopped(config: Config, monkeypatch: pytest.MonkeyPatch):
    stop = asyncio.Event()
    async with open_service(config) as service:
        serving = asyncio.create_task(run(service, stop, lambda: pytest.fail("announced")))
        await asyncio.sleep(0.1)
        stop.set()
        await asyncio.wait_for(serving, PATIENCE)


@asynccontextmanager
async def nobody_comes(*_: object) -> AsyncIterator[None]:
    """Processes are hired, and none gets ready."""
    yield


async def test_a_house_whose_helpers_never_get_ready_can_be_stopped(config: Config, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("intake.app.helping_processes", lambda _: 1)
    monkeypatch.setattr("intake.app.at_work", nobody_comes)
    monkeypatch.setattr("intake.app._READY_WITHIN", 3 * PATIENCE)
    stop = asyncio.Event()
    async with open_service(config) as service:
        serving = asyncio.create_task(run(service, stop, lambda: pytest.fail("announced")))
        await asyncio.sleep(0.1)
        stop.set()
        await asyncio.wait_for(serving, PATIENCE)


async def test_a_house_whose_helpers_never_get_ready_opens_without_them(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    waits = asyncio.Event()
    monkeypatch.setattr(app, "_LOG", Told(waits))
    monkeypatch.setattr("intake.app.helping_processes", lambda _: 1)
    monkeypatch.setattr("intake.app.at_work", nobody_comes)
    monkeypatch.setattr("intake.app._READY_WITHIN", 0.1)
    stop = asyncio.Event()
    async with open_service(config) as service:
        serving = asyncio.create_task(run(service, stop, lambda: pytest.fail("announced")))
        await asyncio.wait_for(waits.wait(), PATIENCE)
        assert await opens(config.inbox.listen)
        stop.set()
        await serving


def without_key(config: Config) -> None:
    Path(config.service.key_file).unlink()


def exposed_key(config: Config) -> None:
    Path(config.service.key_file).chmod(0o644)


@pytest.mark.parametrize(
    ("fault", "refusal"), [(without_key, ConfigError), (exposed_key, KeyFileRefused)], ids=["missing", "exposed"]
)
async def test_nothing_is_opened_without_the_service_key(config: Config, fault, refusal):
    fault(config)
    with pytest.raises(refusal):
        async with open_service(config):
            pytest.fail("opened")
    assert not database_file(config).exists()


def database_file(config: Config) -> Path:
    return Path(config.database.url.removeprefix("sqlite:///"))


def test_a_password_is_put_into_the_address(config: Config, tmp_path: Path):
    (tmp_path / "password").write_text("p@ss/wörd\n", encoding="utf-8")
    section = msgspec.structs.replace(
        config.database, url="postgresql://hamn@localhost/hamn", password_file=str(tmp_path / "password")
    )
    assert make_url(database_url(replace(config, database=section))).password == "p@ss/wörd"


def test_a_password_file_that_is_missing_is_named(config: Config, tmp_path: Path):
    section = msgspec.structs.replace(config.database, password_file=str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match=r"^database\.password_file"):
        database_url(replace(config, database=section))


@pytest.mark.parametrize("content", ["", "zz", "00" * (PUBLIC_KEY_BYTES - 1)], ids=["empty", "no hex", "short"])
def test_a_recovery_key_that_is_none_is_refused(config: Config, tmp_path: Path, content: str):
    (tmp_path / "recovery.pub").write_text(content)
    section = msgspec.structs.replace(config.service, recovery_key_file=str(tmp_path / "recovery.pub"))
    with pytest.raises(ConfigError, match=r"^service\.recovery_key_file"):
        recovery_recipient(replace(config, service=section))
    assert recovery_recipient(config) is None
