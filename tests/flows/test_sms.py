"""SMS end to end: the provider's signed webhook, our hooks, the desk, the queue, the provider's API, its report."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from bridges.contract import Surroundings
from bridges.load import build
from intake.arrival.take import deliver_late_parts
from intake.casework import open_case
from intake.mailbox import open_mailbox
from intake.outbox.carry import drain
from intake.reaching.codes import open_typed
from intake.reading import Reader
from intake.reply import reply
from intake.service import Service
from intake.store.envelopes import Stretch
from intake.store.failure import Reason, StoreUnavailable
from intake.ways import attach_bridges
from tests.bridges.phones import PHONES, PUBLIC, Phone, Said
from tests.databases import both_in_soak as database_url
from tests.doubles import SmsDouble, serve
from tests.intake.arrival.conftest import house, middle, national, north, people
from tests.intake.arrival.said import all_cases, the_case
from tests.patience import PATIENCE
from tests.service import Clock

__all__ = ["database_url", "house", "middle", "national", "north", "people"]

HELLO = "Jag tvingas sälja sex i Luleå."
ANSWER = "Vi kan träffas på torsdag."


@dataclass
class Stage:
    """One provider's account at work: `knock` as it would; `double` is its API."""

    service: Service
    phone: Phone
    base: str
    double: SmsDouble
    session: aiohttp.ClientSession
    clock: Clock

    async def knock(self, said: Said) -> int:
        """One webhook request, signed now; the status."""
        raw = self.phone.send(said, self.clock.advance(seconds=1))
        url = self.base + raw.path
        async with self.session.request(raw.method, url, data=raw.body, headers=raw.headers) as response:
            return response.status

    async def carry(self) -> list[str]:
        """Send what is due; all that the provider has accepted so far."""
        await drain(self.service, self.service.bridges["phone"], "node")
        return [text.text for text in self.double.texts]


@asynccontextmanager
async def staged(house: Service, phone: Phone, clock: Clock, patience: float = PATIENCE) -> AsyncIterator[Stage]:
    """The bridge between our hooks and a double of its provider."""
    double, app = SmsDouble(), web.Application()
    key = {"sms_vonage": "messages_url" if phone.variant else "sms_url", "sms_generic": "send_url"}.get(
        phone.type, "api_url"
    )
    async with serve(double.app()) as api, aiohttp.ClientSession() as session:
        table = phone.table | {key: api + ("/generic" if phone.type == "sms_generic" else "")}
        around = Surroundings(public_url=PUBLIC, now=clock, patience=timedelta(seconds=patience))
        service = replace(house, bridges={"phone": build(phone.type, "phone", table, around)})
        attach_bridges(app, service)
        async with serve(app) as base:
            yield Stage(service, phone, base, double, session, clock)


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)
async def test_from_a_phone_to_the_desk_and_back(phone: Phone, house: Service, north: Reader, clock: Clock):
    async with staged(house, phone, clock) as stage:
        assert 200 <= await stage.knock(Said(HELLO, id="a1")) < 300
        assert 200 <= await stage.knock(Said(HELLO, id="a1")) < 300
        assert 200 <= await stage.knock(Said("JA", id="a2")) < 300
        (received,) = await stage.carry()
        assert received.startswith("Hej! Meddelandet kom fram.")
        opened = await the_case(stage.service, north, clock)
        assert [message.text for message in opened.messages] == [HELLO, "JA"]
        await reply(stage.service, north, opened.case.id, ANSWER, clock.advance(minutes=9), Stretch(end=2))
        notice = (await stage.carry())[-1]
        assert ANSWER not in notice
        await stage.knock(Said("kod", id="a3"))
        code = (await stage.carry())[-1].partition(".")[0]
        opening = await open_typed(stage.service, code, clock.now)
        mailbox = await open_mailbox(stage.service, opening.key, clock.now)
        assert [message.text for message in mailbox.messages] == [ANSWER]
        assert (await open_case(stage.service, north, opened.case.id, clock.now)).sendings[0].state == "sent"


async def test_two_copies_at_once_are_one_message_on_two_nodes(house: Service, north: Reader, clock: Clock):
    phone = PHONES[0]
    async with staged(house, phone, clock) as one, staged(house, phone, clock) as other:
        said = Said(HELLO, id="same")
        statuses = await asyncio.gather(*(stage.knock(said) for stage in (one, other, one, other)))
        assert all(200 <= status < 300 for status in statuses)
        assert len((await the_case(house, north, clock)).messages) == 1


async def test_a_store_that_is_down_answers_503_and_the_provider_comes_again(house, north, clock, monkeypatch):
    async with staged(house, PHONES[0], clock) as stage:
        write = house.database.write

        async def down(*_: object) -> None:
            raise StoreUnavailable(Reason.LOCKED)

        monkeypatch.setattr(house.database, "write", down)
        assert await stage.knock(Said(HELLO, id="b1")) == 503
        monkeypatch.setattr(house.database, "write", write)
        assert await stage.knock(Said(HELLO, id="b1")) == 204
        assert len((await the_case(house, north, clock)).messages) == 1


async def test_vonages_parts_come_in_any_order_and_incomplete_after_ten_minutes(house, north: Reader, clock: Clock):
    vonage = next(phone for phone in PHONES if phone.label == "vonage")

    def part(text: str, number: int, ref: str, id_: str) -> Phone:
        more = {"concat": "true", "concat-ref": ref, "concat-total": "2", "concat-part": str(number)}
        return replace(vonage, write=lambda said: _with(vonage.write(said), more))

    async with staged(house, vonage, clock) as stage:
        for text, number, ref in (("i Luleå.", 2, "7"), ("Jag tvingas sälja sex ", 1, "7"), ("Luleå halv", 1, "8")):
            stage.phone = part(text, number, ref, text)
            assert await stage.knock(Said(text, id=f"{ref}-{number}")) in (200, 204)
        opened = await the_case(house, north, clock)
        assert [message.text for message in opened.messages] == ["Jag tvingas sälja sex i Luleå."]
        await deliver_late_parts(stage.service, clock.advance(minutes=11))
        assert len((await open_case(house, north, (await all_cases(house))[0], clock.now)).messages) == 2


def _with(body: bytes, more: dict[str, str]) -> bytes:
    return json.dumps(json.loads(body) | more).encode()
