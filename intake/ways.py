"""The configured ways in and out: builds bridges, gives them hooks, keeps texts flowing; knows no provider."""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bridges.contract import (
    BadSetting,
    Bridge,
    Clock,
    Fetching,
    Inbound,
    NotStored,
    Polling,
    Registering,
    Report,
    Surroundings,
    Undelivered,
)
from bridges.load import build, load, secrets
from intake.arrival.fetching import fetch_due, fetching
from intake.arrival.take import arrive
from intake.config import Config, ConfigError
from intake.logs import log
from intake.outbox.carry import AT_ONCE, carrying, drain
from intake.outbox.settle import take_report
from intake.parser.verdict import Refused
from intake.service import Service
from intake.store import passing
from intake.store.failure import StoreUnavailable
from intake.vault.errors import VaultError
from intake.vault.ids import new_id
from triage.route import NoDesk

_LOG = log(__name__)

_LOOK_EVERY = 2.0
"""Seconds between looks for texts that another node promised, or that are due by now."""
_LONGEST_REST = 60.0
_FETCH_EVERY = 5.0
_POLL_WAIT = timedelta(seconds=25)
_POLL_LEASE = timedelta(seconds=90)


def build_bridges(config: Config, clock: Clock) -> dict[str, Bridge]:
    """Every `[bridges.NAME]` table as a bridge; opens no connection.

    Raises:
        ConfigError: a table has a wrong key, or a file that it names cannot be read.
    """
    web_section = config.web
    around = Surroundings(
        public_url=web_section.public_url.rstrip("/"), now=clock, trusted_proxies=web_section.trusted_proxies
    )
    return {name: _build(name, dict(table), around) for name, table in config.bridges.items()}


def attach_bridges(app: web.Application, service: Service) -> None:
    """Mount every bridge's hooks; bridges live as long as the app."""

    async def receive(inbound: Inbound) -> None:
        await arrive(service, inbound, service.clock())

    async def report(reported: Report) -> None:
        await take_report(service, reported)

    for bridge in service.bridges.values():
        bridge.attach(app, receive, report)


@asynccontextmanager
async def ways_open(service: Service) -> AsyncIterator[None]:
    """Meanwhile texts go out, providers know our hooks, and messages are asked for where no hook is."""
    node = new_id()
    bridges = service.bridges.values()
    loops = dict(_loops(service, node))
    for name in loops:
        # Before its first turn: a loop that dies in it must be missed too.
        service.signs.turn(name, service.clock())
    tasks = [asyncio.create_task(loop) for loop in loops.values()]
    tasks += [asyncio.create_task(_register(bridge)) for bridge in bridges if isinstance(bridge, Registering)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in loops:
            service.signs.end(name)


def polling(name: str) -> str:
    """The loop that asks a bridge for messages, as its signs of life name it."""
    return f"polling {name}"


def _loops(service: Service, node: str) -> Iterator[tuple[str, Coroutine[Any, Any, None]]]:
    """What turns for as long as the service does, by the names of its signs of life."""
    for name, bridge in service.bridges.items():
        yield carrying(bridge), _carry_on(service, bridge, node)
        if isinstance(bridge, Fetching):
            yield fetching(bridge), _fetch_on(service, bridge, node)
        if isinstance(bridge, Polling) and bridge.polls:
            yield polling(name), _poll_on(service, name, bridge, node)


def _build(name: str, table: dict[str, Any], around: Surroundings) -> Bridge:
    type_ = table.pop("type", None)
    try:
        _quieten(load(str(type_)))
        names = secrets(str(type_))
        return build(str(type_), name, _with_secrets(name, table, names), around)
    except BadSetting as error:
        raise ConfigError(f"bridges.{name}.{error.key}", str(error).partition(": ")[2]) from None


def _quieten(module: object) -> None:
    """Shut the loggers of a bridge's library up, where it has such."""
    silence = getattr(module, "silence", None)
    if callable(silence):
        silence()


def _with_secrets(name: str, table: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """The table with the content of each file that a `KEY_file` names."""
    given = dict(table)
    for key in names:
        if key in given:
            raise ConfigError(f"bridges.{name}.{key}", f"a secret never stands here: name its file as {key}_file")
        file = given.pop(f"{key}_file", None)
        if file is not None:
            given[key] = _read(f"bridges.{name}.{key}_file", str(file))
    return given


def _read(key: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(key, f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(key, "is not text") from None


async def _carry_on(service: Service, bridge: Bridge, node: str) -> None:
    """One bridge's texts, for ever. A bridge that is down rests, longer each time, and is then tried with one text."""
    failures = 0
    while True:
        heard = service.bell.listen()
        try:
            well = await drain(service, bridge, node, 1 if failures else AT_ONCE)
        except StoreUnavailable as error:
            _LOG.warning("store unavailable", reason=error.reason.value)
            well = False
        except Exception as error:  # noqa: BLE001 (this loop is the only one that carries the bridge's texts)
            _LOG.error("carrying failed", bridge=bridge.name, exception=type(error).__name__)
            well = False
        failures = 0 if well else failures + 1
        if failures:
            await asyncio.sleep(_rest(failures))
            continue
        try:
            await asyncio.wait_for(heard.wait(), _LOOK_EVERY)
        except TimeoutError:
            continue


async def _fetch_on(service: Service, bridge: Bridge, node: str) -> None:
    """One bridge's pictures and recordings, for ever."""
    while True:
        try:
            await fetch_due(service, bridge, node)
        except StoreUnavailable as error:
            _LOG.warning("store unavailable", reason=error.reason.value)
        except (VaultError, Refused, NoDesk) as error:
            # That message's files are tried again once the lease ends; the next ones do not wait for it.
            _LOG.error("files could not be fetched", bridge=bridge.name, exception=type(error).__name__)
        except Exception as error:  # noqa: BLE001 (this loop is the only one that fetches the bridge's files)
            _LOG.error("fetching failed", bridge=bridge.name, exception=type(error).__name__)
        await asyncio.sleep(_FETCH_EVERY)


async def _register(bridge: Registering) -> None:
    failures = 0
    while True:
        try:
            await bridge.register()
            return
        except Undelivered as error:
            failures += 1
            _LOG.warning("a bridge could not be registered", reason=error.reason.value)
        except Exception as error:  # noqa: BLE001 (unregistered, the bridge would be told of no message)
            failures += 1
            _LOG.error("registering a bridge broke", exception=type(error).__name__)
        await asyncio.sleep(_rest(failures))


async def _poll_on(service: Service, name: str, bridge: Polling, node: str) -> None:
    """Ask for messages, for ever, and let another node do so at once when this one ends."""
    try:
        await _ask_on(service, name, bridge, node)
    finally:
        await asyncio.shield(_let_go(service, name, node))


async def _ask_on(service: Service, name: str, bridge: Polling, node: str) -> None:
    """Ask for messages, one node at a time; what was asked for and not stored is asked for again."""
    failures = 0
    while True:
        try:
            if not await _poll_once(service, name, bridge, node):
                await asyncio.sleep(_LOOK_EVERY)
            failures = 0
            continue
        except (Undelivered, NotStored, StoreUnavailable) as error:
            _LOG.warning("asking for messages failed", bridge=name, exception=type(error).__name__)
        except Exception as error:  # noqa: BLE001 (this loop is the only one that asks for the bridge's messages)
            _LOG.error("asking for messages broke", bridge=name, exception=type(error).__name__)
        failures += 1
        await asyncio.sleep(_rest(failures))


async def _poll_once(service: Service, name: str, bridge: Polling, node: str) -> bool:
    """Whether it was this node's turn."""
    write = service.database.write
    service.signs.turn(polling(name), service.clock())
    ours, offset = await write(passing.lease_poll, name, node, service.clock(), _POLL_LEASE)
    if ours:
        following = await bridge.poll_once(offset, _POLL_WAIT)
        if following != offset:
            await write(passing.note_poll, name, node, following)
    return ours


async def _let_go(service: Service, name: str, node: str) -> None:
    try:
        await service.database.write(passing.end_poll, name, node)
    except StoreUnavailable:
        _LOG.info("the lease ends by itself", bridge=name)


def _rest(failures: int) -> float:
    """Seconds, longer each time, never in step with other nodes."""
    grown = min(float(1 << min(failures - 1, 10)), _LONGEST_REST)
    return grown * (0.75 + random.SystemRandom().random() / 2)
