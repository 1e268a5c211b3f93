"""How long a coordinator waits for the list of cases, by how many there are; row (e)."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

from benchmarks.processes import serving
from benchmarks.rows import Row
from benchmarks.seeding import SEEDED, fill_up, seal_for_real
from intake.app import open_service
from intake.casework import list_cases
from intake.config import load
from intake.inbox.lists.worklist import PAGE
from intake.login import log_in, resume
from intake.service import Service
from tests.processes import House, make_house
from tests.service import PASSPHRASE

_LOOKS = 40


def measure(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """The use case and the page over HTTP at each size, against the first size."""
    folder.mkdir()
    house = asyncio.run(make_house(folder))
    found, present = [], 0
    for size in sizes:
        asyncio.run(_grow(house, present, size))
        present = size
        found.append((size, *asyncio.run(_looked_at(house))))
    (smallest, first_case, first_page), *_ = found
    rows = []
    for size, use_case, page in found:
        than = f"at {smallest:,} cases"
        rows.append(Row("e", f"list of {PAGE}, use case, {size:,} cases", use_case, "ms", than, first_case))
        rows.append(Row("e", f"list of {PAGE}, HTTP page, {size:,} cases", page, "ms", than, first_page))
    return rows


async def _grow(house: House, present: int, size: int) -> None:
    async with open_service(load(house.config_file)) as service:
        if not present:
            await seal_for_real(service, size, service.clock())
        now = service.clock()
    if present:
        await asyncio.to_thread(fill_up, str(house.folder / "hamn.db"), size - present, now)


async def _looked_at(house: House) -> tuple[float, float]:
    """The use case, then the page, in milliseconds."""
    async with open_service(load(house.config_file)) as service:
        cookie = (await log_in(service, f"{SEEDED.desk}@test", PASSPHRASE, "", service.clock())).cookie
        use_case = await _undisturbed(lambda: _list(service, cookie))
    with serving(house, "service"):
        line = HTTPConnection("127.0.0.1", house.inbox_port)
        page = await _undisturbed(lambda: asyncio.to_thread(_open_page, line, cookie))
        line.close()
    return use_case, page


async def _list(service: Service, cookie: str) -> None:
    reader = (await resume(service, cookie, service.clock())).reader
    page = await list_cases(service, reader, None, PAGE)
    if len([line for line in page.lines if line.cards]) != PAGE:
        raise RuntimeError("the page shows cases that nobody can open")


def _open_page(line: HTTPConnection, cookie: str) -> None:
    line.request("GET", "/", headers={"Cookie": f"hamn={cookie}", "Accept-Language": "en"})
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200 or body.count(b'href="/cases/') < PAGE:
        raise RuntimeError("this is not the list")


async def _undisturbed(look: Callable[[], Awaitable[None]]) -> float:
    """The lower quartile: what disturbs a look only ever slows it."""
    took = []
    for _ in range(_LOOKS):
        began = perf_counter()
        await look()
        took.append(1000 * (perf_counter() - began))
    return statistics.quantiles(took, n=4)[0]
