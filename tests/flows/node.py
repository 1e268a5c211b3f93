"""One node as a process of its own: sweeps, then carries what was promised; says on its output how far it has come.

Light: it loads nothing of triage, which nudging does not ask.
"""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from bridges.contract import Channel, Outbound, Sent
from intake.config import packaged_regions, parse
from intake.nudging import sweep as sweeping
from intake.outbox.carry import drain
from intake.service import Service
from intake.store.database import Database
from intake.vault.key_file import load_service_key
from triage.calendar import swedish_calendar

TABLE: dict[str, Any] = {
    "service": {"national_desk": "nationell", "key_file": "unused"},
    "operator": {"kind": "organisation"},
    "database": {"url": "sqlite:///unused"},
    "web": {"public_url": "http://127.0.0.1:8080"},
    "inbox": {"url": "http://127.0.0.1:8081", "totp": False},
    "bridges": {"phone": {"type": "none"}},
}


class Phone:
    """Says which text it sends; where it hangs, it has not sent it."""

    name, channel = "phone", Channel.SMS

    def __init__(self, *, hangs: bool) -> None:
        self.hangs = hangs

    async def send(self, outbound: Outbound) -> Sent:
        if self.hangs:
            say("holds leases")
            await asyncio.sleep(3600)
        say(f"sent {outbound.id}")
        return Sent((outbound.id,))

    def attach(self, *_: object) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def say(words: str) -> None:
    """A line for whoever started the process."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def hang(*_: object) -> None:
    """In the middle of a transaction that holds a desk and its cases."""
    say("holds cases")
    time.sleep(3600)


async def main(url: str, key_file: str, at: str, hangs: str) -> None:
    """Sweep and carry at one moment; `hangs` is where it stops for ever: sweeping, carrying, or nowhere."""
    now = datetime.fromisoformat(at)
    if hangs == "sweeping":
        sweeping.tell = hang
    phone = Phone(hangs=hangs == "carrying")
    nothing = cast("Any", None)
    with ThreadPoolExecutor(1) as stretcher:
        database = await Database.open(url)
        service = Service(
            config=parse(TABLE | packaged_regions()),
            key=load_service_key(Path(key_file)),
            database=database,
            knowledge=nothing,
            calendar=swedish_calendar(range(2025, 2030)),
            recovery=None,
            stretcher=stretcher,
            clock=lambda: now,
            phrases=nothing,
            atlas=nothing,
            bridges={phone.name: phone},
        )
        sys.stdin.readline()  # All are started at once, and go when they are told to.
        await sweeping.sweep(service, now)
        say("swept")
        await drain(service, phone, f"node-{hangs}")
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
