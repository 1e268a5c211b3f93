"""Fixtures: a service over a fresh store, its desks staffed; on SQLite and on PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, select

from intake import people
from intake.config import Config, packaged_regions, parse
from intake.login import log_in, resume
from intake.model import MemberId, Role
from intake.phrases import load_phrases
from intake.reading import Reader
from intake.service import Service
from intake.store.database import Database
from intake.store.fast import bulk_insert
from intake.store.schema import members, metadata
from intake.vault.passphrase import Cost
from intake.vault.service_key import ServiceKey
from intake.vault.session import SessionToken
from triage.assess import Knowledge, load_knowledge
from triage.atlas import load_atlas
from triage.calendar import swedish_calendar
from triage.language import Tongues
from triage.lexicons import Lexicons
from triage.model import DeskName

MONDAY_MORNING = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
"""Half past nine in Stockholm, on duty."""
SUNDAY_NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
PASSPHRASE = "wharf-lantern-quilted-otter"
CHEAP = Cost(memory_kib=64, passes=1)
"""Argon2id as tests can pay it a thousand times."""
KNOWLEDGE = load_knowledge()
GAZETTEER = KNOWLEDGE.gazetteer
PHRASES = load_phrases(["sv", "en", "th", "ro", "uk", "es", "ar"])
ATLAS = load_atlas()
CALENDAR = swedish_calendar(range(2025, 2030))


Rows = Mapping[Table, Sequence[Mapping[str, object]]]


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass(frozen=True)
class Person:
    """A member who has joined, and what they log in with."""

    login: str
    member: MemberId


def make_config(**changes: object) -> Config:
    """The packaged regions without one-time codes; `changes` replace whole tables of the file."""
    table = {
        "service": {"national_desk": "nationell", "key_file": "unused"},
        "operator": {"kind": "organisation"},
        "database": {"url": "sqlite:///unused"},
        "web": {"public_url": "http://127.0.0.1:8080"},
        "inbox": {"url": "http://127.0.0.1:8081", "totp": False},
        "limits": {"everybody_a_minute": 0, "desk_a_minute": 0},
        **packaged_regions(),
    }
    return parse(table | changes)


async def staff(
    service: Service, login: str, desk: str | None, now: datetime = MONDAY_MORNING, role: Role | None = None
) -> Person:
    """Invite somebody and let them join: a coordinator, or without a desk an administrator, unless told."""
    role = role or (Role.ADMIN if desk is None else Role.COORDINATOR)
    code = await people.invite(service, login, role, None if desk is None else DeskName(desk), now)
    invited = await people.read_invitation(service, code, now)
    return Person(login, await people.join(service, invited.ticket, PASSPHRASE, "", now))


async def staff_all(service: Service, wanted: Mapping[str, str | None], now: datetime = MONDAY_MORNING) -> list[Person]:
    """Let in everybody of `wanted`, desk by login. Whoever joined just so before is laid in, in a tenth of the time."""
    nobody = await service.database.read(lambda conn: conn.execute(select(members.c.id)).first() is None)
    known = next((one for one in _STAFFED if one.fits(service, wanted, now)), None)
    if nobody and known is not None:
        await service.database.write(_lay_in, known.rows)
        return [*known.people]
    before = await service.database.read(_rows)
    people = [await staff(service, login, desk, now) for login, desk in wanted.items()]
    if service.recovery is None and not any(before.values()):
        rows = await service.database.read(_rows)
        _STAFFED.append(Staffed(service.key, service.config, wanted, now, people, rows))
    return people


@dataclass(frozen=True)
class Staffed:
    """Who once joined an empty house, and the rows that were there then."""

    key: ServiceKey
    config: Config
    wanted: Mapping[str, str | None]
    now: datetime
    people: Sequence[Person]
    rows: Rows

    def fits(self, service: Service, wanted: Mapping[str, str | None], now: datetime) -> bool:
        """Whether joining now would make rows like these."""
        asked = (service.key, service.config, [*wanted.items()], now, service.recovery)
        return asked == (self.key, self.config, [*self.wanted.items()], self.now, None)


_STAFFED: list[Staffed] = []


async def log_in_as(service: Service, person: Person, now: datetime = MONDAY_MORNING) -> SessionToken:
    """A session of somebody's."""
    return await log_in(service, person.login, PASSPHRASE, "", now)


async def reader_of(service: Service, person: Person, now: datetime = MONDAY_MORNING) -> Reader:
    """What somebody can open."""
    token = await log_in_as(service, person, now)
    return (await resume(service, token.cookie, now)).reader


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """All that triage knows, read once for all tests."""
    return KNOWLEDGE


@pytest.fixture(scope="session")
def lexicons() -> Lexicons:
    return KNOWLEDGE.lexicons


@pytest.fixture(scope="session")
def tongues() -> Tongues:
    return KNOWLEDGE.tongues


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def house_key() -> ServiceKey:
    """One service key for all: what was sealed once can be laid into every test's database."""
    return ServiceKey.generate()


@pytest.fixture
async def make_service(
    database: Database, clock: Clock, house_key: ServiceKey
) -> AsyncIterator[Callable[..., Service]]:
    """Build services over one store, each with its own configuration."""
    stretcher = ThreadPoolExecutor(2)

    def make(config: Config | None = None) -> Service:
        return service_on(database, house_key, stretcher, clock, config)

    yield make
    stretcher.shutdown()


@pytest.fixture
def empty_service(make_service: Callable[..., Service]) -> Service:
    """A service whose desks have no member yet."""
    return make_service()


@pytest.fixture(scope="session")
def staffed(house_key: ServiceKey, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The rows of a service with everybody in it: joining eight times takes ten times as long as laying them in."""
    file = tmp_path_factory.mktemp("staffed") / "hamn.db"
    shutil.copy(sqlite_template, file)
    return asyncio.run(_staffed_rows(f"sqlite:///{file}", house_key))


@pytest.fixture
async def service(empty_service: Service, staffed: Rows) -> Service:
    """A service with one member at every desk, `DESK@test`, and the administrator `admin@test`."""
    await empty_service.database.write(_lay_in, staffed)
    return empty_service


def service_on(
    database: Database, key: ServiceKey, stretcher: Executor, clock: Clock, config: Config | None = None
) -> Service:
    """A service over an open store."""
    return Service(
        config=config or make_config(),
        key=key,
        database=database,
        knowledge=KNOWLEDGE,
        calendar=CALENDAR,
        recovery=None,
        stretcher=stretcher,
        clock=clock,
        phrases=PHRASES,
        atlas=ATLAS,
        cost=CHEAP,
    )


async def _staffed_rows(url: str, key: ServiceKey) -> Rows:
    database = await Database.open(url)
    with ThreadPoolExecutor(2) as stretcher:
        service = service_on(database, key, stretcher, Clock())
        await staff_all(service, {f"{desk or 'admin'}@test": desk for desk in [*service.config.desks, None]})
        rows = await database.read(_rows)
    await database.close()
    return rows


def _rows(conn: Connection) -> Rows:
    tables = metadata.sorted_tables
    return {table: [dict(row) for row in conn.execute(select(table)).mappings()] for table in tables}


def _lay_in(conn: Connection, rows: Rows) -> None:
    for table, found in rows.items():
        bulk_insert(conn, table, found)
