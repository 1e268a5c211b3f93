"""How fast webhooks are taken in, provider by provider, and how fast a long queue goes out to a chat; rows (h) and (i).

Everything runs in this process, sender included, for the bare insert too: only the ratio says something.
"""

import asyncio
import statistics
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import ClientSession, web
from sqlalchemy import Connection

from benchmarks.rows import Row
from bridges.contract import Address, Channel, Outbound, Reason, Sent, Surroundings, Undelivered
from bridges.load import build
from intake import addressbook, promise
from intake.app import open_service
from intake.config import load
from intake.contact import consent
from intake.outbox.carry import drain
from intake.service import Service
from intake.store.engines import create_file, thread_engine
from intake.store.schema import outbox
from intake.store.writer import Writer
from intake.ways import attach_bridges
from tests.bridges.phones import PHONES, PUBLIC, Phone, Said
from tests.doubles import serve
from tests.processes import make_house

AT_ONCE = 32
TELEGRAM_A_SECOND = 30
_TEXT = "Jag tvingas jobba i Umeå och får ingen lön. Passet har de tagit."


@dataclass(slots=True)
class Pace:
    """What a run came to: how many a second, and how long each took in seconds."""

    rate: float
    waits: Sequence[float]

    @property
    def p99(self) -> float:
        """Ninety-nine of a hundred were faster; in milliseconds."""
        return statistics.quantiles(self.waits, n=100)[98] * 1000


@dataclass
class Chat:
    """A chat network that takes so many messages a second, and says 429 to the rest."""

    name: str = "bot"
    channel: Channel = Channel.TELEGRAM
    taken: deque[float] = field(default_factory=deque)
    refused: int = 0

    async def send(self, outbound: Outbound) -> Sent:
        now = time.monotonic()
        while self.taken and self.taken[0] <= now - 1:
            self.taken.popleft()
        if len(self.taken) >= TELEGRAM_A_SECOND:
            self.refused += 1
            raise Undelivered(Reason.THROTTLED, timedelta(seconds=1))
        self.taken.append(now)
        return Sent((outbound.id,))


def measure(folder: Path, hooks: int, texts: int) -> list[Row]:
    """All rows, from a house made in the folder."""
    folder.mkdir(parents=True)
    return asyncio.run(_measure(folder, hooks, texts))


async def _measure(folder: Path, hooks: int, texts: int) -> list[Row]:
    house = await make_house(folder)
    bare = await _bare(folder, hooks)
    rows = []
    async with open_service(load(house.config_file)) as service:
        service.knowledge.ready()
        for number, phone in enumerate(PHONES):
            pace = await _hooks(service, phone, number, hooks)
            what = f"webhooks of {phone.label}, {AT_ONCE} at a time"
            rows.append(Row("h", what, pace.rate, "a second", "one bare durable insert", bare.rate))
            rows.append(
                Row("h", f"{phone.label}: p99 until it is in the inbox", pace.p99, "ms", "the same, bare", bare.p99)
            )
        rows.append(await _drained(service, texts))
    return rows


async def _bare(folder: Path, number: int) -> Pace:
    """The same requests at a listener that only writes each into a durable row."""
    create_file(folder / "bare.db")
    writer = Writer(thread_engine(folder / "bare.db"))
    await writer.do(lambda conn: conn.exec_driver_sql("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB)"))

    async def insert(request: web.Request) -> web.Response:
        body = await request.read()
        await writer.do(lambda conn: conn.exec_driver_sql("INSERT INTO bare (body) VALUES (?)", (body,)))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hooks/phone", insert)
    return await _knocking(app, PHONES[0], 99, number)


async def _hooks(service: Service, phone: Phone, run: int, number: int) -> Pace:
    """One provider's hook, each text by somebody else: each answer means that the row is on disk, in the inbox."""
    around = Surroundings(public_url=PUBLIC, now=lambda: datetime.now(UTC))
    bridge = build(phone.type, "phone", phone.table, around)
    app = web.Application()
    attach_bridges(app, replace(service, bridges={"phone": bridge}))
    return await _knocking(app, phone, run, number)


async def _knocking(app: web.Application, phone: Phone, run: int, number: int) -> Pace:
    waits: list[float] = []
    requests = iter(range(number))

    async def knock(session: ClientSession, base: str) -> None:
        for n in requests:
            said = Said(_TEXT, f"+4670{run:02}{n:05}", id=f"m-{run}-{n}")
            raw = phone.send(said, datetime.now(UTC))
            begun = time.perf_counter()
            async with session.post(base + raw.path, data=raw.body, headers=raw.headers) as answer:
                assert answer.status < 300, answer.status
            waits.append(time.perf_counter() - begun)

    async with serve(app) as base, ClientSession() as session:
        begun = time.perf_counter()
        await asyncio.gather(*(knock(session, base) for _ in range(AT_ONCE)))
        return Pace(number / (time.perf_counter() - begun), waits)


async def _drained(service: Service, number: int) -> Row:
    """So many answers wait for as many chats; until the last has gone, at the pace that the network allows."""
    now = service.clock()
    await service.database.write(_promise, service, number, now)
    chat = Chat()
    begun = time.perf_counter()
    while await service.database.read(_waiting):
        await drain(service, chat, "bench")
        await asyncio.sleep(0.2)
    rate = number / (time.perf_counter() - begun)
    what = f"{number:,} queued replies drained, {chat.refused} told 429"
    return Row("i", what, rate, "a second", "what Telegram takes in all", TELEGRAM_A_SECOND)


def _promise(conn: Connection, service: Service, number: int, now: datetime) -> None:
    for n in range(number):
        known = addressbook.meet(service.key, Address(Channel.TELEGRAM, str(n + 1)), "bot", "sv")
        willing = replace(known, contact=replace(consent(known.contact), whole=True))
        known = addressbook.keep(conn, service.key, willing, now)
        promise.hand_over(conn, service, known, None, "Vi ses på torsdag klockan tio.", now)
    conn.execute(
        outbox.update().where(outbox.c.bridge == "bot").values(expires_at=int((now + timedelta(hours=1)).timestamp()))
    )


def _waiting(conn: Connection) -> bool:
    return (
        conn.execute(outbox.select().where(outbox.c.bridge == "bot", outbox.c.state == "waiting").limit(1)).first()
        is not None
    )
