"""The only place that builds things: opens store and key, wires the service, starts and stops the listeners."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from intake.backup import catch_up
from intake.clock import start_clock
from intake.config import Config, ConfigError
from intake.crew import Crew, at_work
from intake.crew.shop import Tools
from intake.filing import assess_text
from intake.inbox.app import inbox_app
from intake.journal import copy_out
from intake.listener import listen
from intake.logs import log
from intake.model import Recipient, RecipientKind
from intake.ops import ops_app
from intake.phrases import load_phrases
from intake.receive import draft_report
from intake.service import Service
from intake.store import desks
from intake.store.alone import alone
from intake.store.database import Database
from intake.store.failure import StoreUnavailable
from intake.store.migrate import upgrade
from intake.vault.key_file import load_service_key
from intake.vault.service_key import ServiceKey
from intake.vault.suite import PUBLIC_KEY_BYTES
from intake.ways import attach_bridges, build_bridges, ways_open
from intake.web.app import public_app
from triage.assess import load_knowledge
from triage.atlas import load_atlas
from triage.calendar import swedish_calendar

_LOG = log(__name__)
_LOGINS_AT_ONCE = 2
"""Each costs 64 MiB and a tenth of a second of a core."""
_YEARS_AHEAD = 3
_MOST_HANDS = 3
"""With more of them the one thread that stores is what the others wait for."""
_READY_WITHIN = 30.0
"""Seconds after which the service reads the words itself; a process beside it takes four on an idle core."""
_ASK_AGAIN = 5.0
"""Seconds between looks whether the national desk has got its first member."""


def now() -> datetime:
    """The clock of the running service."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_service(config: Config) -> AsyncIterator[Service]:
    """Bring the store to this version's schema and open everything that the use cases need.

    Raises:
        ConfigError: a file that the configuration names cannot be used.
        KeyFileRefused: the service key's file is exposed or malformed.
        StoreUnavailable: the database does not answer.
    """
    key = _service_key(config)
    bridges = build_bridges(config, now)
    url = database_url(config)
    await upgrade(url)
    database = await Database.open(url)
    stretcher = ThreadPoolExecutor(_LOGINS_AT_ONCE, thread_name_prefix="argon2")
    year = now().year
    try:
        yield Service(
            config=config,
            key=key,
            database=database,
            knowledge=load_knowledge(),
            calendar=swedish_calendar(range(year - 1, year + _YEARS_AHEAD)),
            recovery=recovery_recipient(config),
            stretcher=stretcher,
            clock=now,
            phrases=load_phrases(config.languages.offered),
            atlas=load_atlas(),
            bridges=bridges,
        )
    finally:
        stretcher.shutdown(cancel_futures=True)
        await database.close()


async def run(service: Service, stop: asyncio.Event, announce: Callable[[], None]) -> None:
    """Serve until `stop`; inbox and operations first, the public pages as soon as a tip can be sealed to somebody.

    `announce` is called when everything is open.

    Raises:
        Occupied: another process serves this database.
        PortBusy: somebody else listens on one of the ports.
    """
    config = service.config
    async with AsyncExitStack() as stack:
        stack.enter_context(alone(config.database.url))
        hands = helping_processes(config)
        tools = Tools(config, service.key, service.calendar, service.recovery, (draft_report, assess_text))
        await stack.enter_async_context(at_work(service.crew, tools, hands))
        await _read(service, hands, stop)
        await _bring_up(service)
        for app, address in ((ops_app(service), config.ops.listen), (inbox_app(service), config.inbox.listen)):
            stack.push_async_callback((await listen(app, address)).close)
        scheduler = start_clock(service)
        stack.callback(scheduler.shutdown, wait=False)
        if await _national_desk_has_key(service, stop):
            public = public_app(service)
            attach_bridges(public, service)
            stack.push_async_callback((await listen(public, config.web.listen)).close)
            await stack.enter_async_context(ways_open(service))
            announce()
        await stop.wait()


def helping_processes(config: Config) -> int:
    """How many processes seal and assess beside this one: as configured, else one a core, and none on a single one."""
    wanted, cores = config.service.helping_processes, _cores()
    if wanted is not None:
        return wanted
    return min(_MOST_HANDS, cores) if cores > 1 else 0


def _cores() -> int:
    """The cores that this process may use, where the system tells; a container may have few of many."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


async def _read(service: Service, hands: int, stop: asyncio.Event) -> None:
    """Read what is needed here: the places, for the forms; the words too where no process beside this one has them.

    In a thread, so that those processes start meanwhile and read on other cores.
    """
    await asyncio.to_thread(lambda: service.gazetteer)
    if hands and await _begins(service.crew, stop):
        return
    if not stop.is_set():
        await asyncio.to_thread(service.knowledge.ready)
        # Nobody is served yet, so that nothing of theirs is among what the collector leaves alone from now on.
        gc.freeze()


async def _begins(crew: Crew, stop: asyncio.Event) -> bool:
    """Whether a process beside this one is ready in time, before the service is to stop."""
    ready, stopped = asyncio.create_task(crew.is_at_work()), asyncio.create_task(stop.wait())
    await asyncio.wait([ready, stopped], timeout=_READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if ready.done():
        return ready.result()
    ready.cancel()
    return False


async def _bring_up(service: Service) -> None:
    """Let the database and the journal beside it know the same, before anybody is served."""
    if lines := await catch_up(service, service.clock()):
        _LOG.warning("the database was older than its journal: carried out again, texts held", lines=lines)
    await copy_out(service)


def database_url(config: Config) -> str:
    """The database's address with its password put in from the file. Raises `ConfigError`."""
    section = config.database
    if section.password_file is None:
        return section.url
    try:
        password = Path(section.password_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError("database.password_file", f"cannot be read ({error.strerror})") from None
    return make_url(section.url).set(password=password).render_as_string(hide_password=False)


def recovery_recipient(config: Config) -> Recipient | None:
    """The public half of the offline recovery key, where one is configured. Raises `ConfigError`."""
    name = config.service.recovery_key_file
    if name is None:
        return None
    try:
        public_key = bytes.fromhex(Path(name).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise ConfigError("service.recovery_key_file", "cannot be read as a public key in hexadecimal") from None
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise ConfigError("service.recovery_key_file", f"a public key has {PUBLIC_KEY_BYTES} bytes")
    return Recipient(RecipientKind.RECOVERY, "recovery", 0, public_key)


def service_key_file(config: Config) -> Path:
    """Where the service key is read: among systemd's credentials, where one of the same name lies there."""
    file = Path(config.service.key_file)
    handed_over = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / file.name
    return handed_over if "CREDENTIALS_DIRECTORY" in os.environ and handed_over.exists() else file


def _service_key(config: Config) -> ServiceKey:
    try:
        return load_service_key(service_key_file(config))
    except OSError as error:
        raise ConfigError("service.key_file", f"cannot be read ({error.strerror})") from None


async def _national_desk_has_key(service: Service, stop: asyncio.Event) -> bool:
    """Wait until a report can be sealed at all, or the service stops."""
    told = False
    while not stop.is_set():
        try:
            if service.config.national_desk in await service.database.read(desks.current_keys, service.key):
                return True
        except StoreUnavailable as error:
            _LOG.warning("store unavailable", reason=error.reason.value)
        if not told:
            _LOG.warning("the public pages wait: the national desk has no member yet")
            told = True
        try:
            await asyncio.wait_for(stop.wait(), _ASK_AGAIN)
        except TimeoutError:
            continue
    return False
