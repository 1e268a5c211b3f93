"""How long a sweep takes that finds a hundred cases due, by how many are open; row (n)."""

import asyncio
import sqlite3
import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection

from benchmarks.rows import Row
from intake.app import open_service
from intake.config import load
from intake.nudging.sweep import sweep
from intake.service import Service
from intake.store import nudges
from intake.vault.ids import new_id
from tests.intake.nudging.town import SYD, VAST, carry, open_case, settle
from tests.processes import House, make_house
from triage.model import Kind, Pace

DUE = 100
_ROUNDS = 7
_AHEAD = timedelta(days=30)
_COPIES = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :number)
INSERT INTO cases (id, desk, status, pace, channel, received_at, due_at, messages, next_nudge_at, renewed_at, mac)
SELECT new_id(), CASE n % 2 WHEN 0 THEN 'syd' ELSE 'vast' END, 'opened', 'days', 'web', :now, :due + n, 1,
       :due + n, :now, zeroblob(38)
FROM numbers
"""


def measure(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """A sweep at each number of open cases, against the first; shows how SQLite finds what is due."""
    folder.mkdir()
    house = asyncio.run(make_house(folder))
    found, present = [], 0
    for size in sizes:
        _fill(house, size - present)
        present = size
        found.append((size, asyncio.run(_swept(house))))
    first, base = found[0]
    return [
        Row("n", f"sweep, {DUE} due of {size:,} open cases", took, "ms", f"at {first:,} open cases", base)
        for size, took in found
    ]


def _fill(house: House, number: int) -> None:
    """Open cases of which nobody need be told for a month."""
    now = datetime.now().astimezone()
    connection = sqlite3.connect(house.folder / "hamn.db", isolation_level=None)
    connection.create_function("new_id", 0, new_id)
    times = {"now": int(now.timestamp()), "due": int((now + _AHEAD).timestamp()), "number": number}
    connection.execute(_COPIES, times)
    connection.execute("ANALYZE")
    connection.close()


async def _swept(house: House) -> float:
    """The fastest quarter, in milliseconds: what disturbs a sweep only ever slows it."""
    async with open_service(load(house.config_file)) as opened:
        service = (await settle(opened)).service
        took = [await _once(service) for _ in range(_ROUNDS)]
        print(f"  {await service.database.read(_plan)}")
    return statistics.quantiles(took, n=4)[0]


async def _once(service: Service) -> float:
    """A hundred cases come in at two desks and are due at once."""
    now = service.clock()
    await service.database.write(_come_in, service, now)
    began = perf_counter()
    told = await sweep(service, now)
    took = 1000 * (perf_counter() - began)
    if told != DUE:
        raise RuntimeError("the sweep did not find what is due")
    await service.database.write(carry, now)
    await service.database.write(_clear)
    return took


def _come_in(conn: Connection, service: Service, now: datetime) -> None:
    for number in range(DUE):
        open_case(conn, service, Pace.NOW, (SYD, VAST)[number % 2], Kind.TIP, now)


def _clear(conn: Connection) -> None:
    """The next round begins where this one did."""
    conn.exec_driver_sql("DELETE FROM cases WHERE status = 'new'")
    conn.exec_driver_sql("DELETE FROM desk_nudges")


def _plan(conn: Connection) -> str:
    query = nudges.due_cases(SYD, datetime.now().astimezone(), 200).compile(
        conn, compile_kwargs={"literal_binds": True}
    )
    return "; ".join(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
