"""What somebody says on a phone or in a chat, and what the desk and the queue have of it."""

from dataclasses import replace
from itertools import count

from sqlalchemy import select

from bridges.contract import Address, Channel, Inbound, Kind, Part
from intake.arrival.take import arrive
from intake.casework import OpenCase, list_cases, open_case
from intake.model import CaseId, OutgoingKind
from intake.reading import Reader
from intake.service import Service
from intake.store.outbox import outgoing_of
from intake.store.schema import cases as case_table
from intake.store.schema import outbox as outbox_table
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose
from tests.service import MONDAY_MORNING, Clock, Person, reader_of

ANNA = Address(Channel.SMS, "+46701234567")
BOB = Address(Channel.SMS, "+46709999999")
CHAT = Address(Channel.TELEGRAM, "987654321")
_IDS = count(1)


def sms(text: str, address: Address = ANNA, **more: object) -> Inbound:
    """A text as a bridge hands it over."""
    values = {
        "bridge": "phone",
        "provider": "46elks",
        "account": "u1",
        "id": f"m{next(_IDS)}",
        "address": address,
        "to": "+46766861004",
        "kind": Kind.TEXT,
        "text": text,
        "received_at": MONDAY_MORNING,
    }
    return Inbound(**(values | more))


def update(text: str = "", kind: Kind = Kind.TEXT, address: Address = CHAT, **more: object) -> Inbound:
    """A Telegram update as the bridge hands it over."""
    number = next(_IDS)
    values = {"bridge": "bot", "provider": "telegram", "account": "1", "id": str(number), "handle": str(number)}
    return sms(text, address, **(values | {"kind": kind, "language": "sv"} | more))


def part(text: str, number: int, total: int, ref: str = "r1", **more: object) -> Inbound:
    """One part of an SMS that the provider has not joined."""
    return sms(text, part=Part(ref, total, number), **more)


async def say(service: Service, clock: Clock, *texts: str | Inbound, address: Address = ANNA) -> None:
    """One after the other, a second apart."""
    for text in texts:
        inbound = sms(text, address) if isinstance(text, str) else text
        await arrive(service, inbound, clock.advance(seconds=1))


async def everybody(service: Service, clock: Clock, people: list[Person]) -> list[Reader]:
    """What each of them can open."""
    return [await reader_of(service, person, clock.now) for person in people]


async def all_cases(service: Service) -> list[CaseId]:
    """Every case, in the order of its coming."""
    query = select(case_table.c.id).order_by(case_table.c.received_at)
    return await service.database.read(lambda conn: list(conn.execute(query).scalars()))


async def desk_of(service: Service, case: CaseId) -> str:
    query = select(case_table.c.desk).where(case_table.c.id == case)
    return await service.database.read(lambda conn: conn.execute(query).scalar_one())


async def queued(service: Service, *kinds: OutgoingKind, state: str = "waiting") -> list[str]:
    """What is on its way, in order: each text, or its template's name."""
    query = select(outbox_table).where(outbox_table.c.state == state).order_by(outbox_table.c.turn)
    rows = await service.database.read(lambda conn: [outgoing_of(row) for row in conn.execute(query).mappings()])
    return [
        row.template
        if row.sealed_text is None
        else open_under(service.key, Purpose.OUTBOX, row.sealed_text, row.id, row.contact).decode()
        for row in rows
        if not kinds or row.kind in kinds
    ]


async def rows_of(service: Service, table) -> int:
    return len(await service.database.read(lambda conn: conn.execute(select(table)).all()))


async def the_case(service: Service, reader: Reader, clock: Clock) -> OpenCase:
    """The only case that a reader has."""
    (line,) = (await list_cases(service, reader, None, 9)).lines
    return await open_case(service, reader, line.case.id, clock.now)


def again(inbound: Inbound) -> Inbound:
    """The same message from the same sender, once more under another id."""
    return replace(inbound, id=f"m{next(_IDS)}")
