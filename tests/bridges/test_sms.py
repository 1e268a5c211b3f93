"""What every SMS provider's webhook must do alike, in one table for all of them."""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from bridges.contract import NotStored
from bridges.load import build
from tests.bridges.phones import ELKS, INFOBIP, PHONES, TWILIO, Phone, Raw, Said, infobip_entry
from tests.bridges.runner import NOW, Service, made, staged, surroundings
from tests.doubles import serve

EVERY = pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)


@dataclass(frozen=True)
class Case:
    """A text that must be kept, and how."""

    label: str
    said: Said
    text: str
    address: str = "+46701234567"
    answerable: bool = True


PLAIN = Said().text
KEPT = (
    Case("accepted", Said(), PLAIN),
    Case("emoji with a skin tone", Said("Hjälp 🙏🏽"), "Hjälp 🙏🏽"),
    Case("half an emoji", Said("hej \ud83d du"), "hej \ufffd du"),
    Case("two halves that make one", Said("hej \ud83d\ude4f"), "hej 🙏"),
    Case("NUL in the text", Said("a\x00b"), "a\x00b"),
    Case("empty text", Said(""), ""),
    Case("as long as ten texts", Said("å" * 1530), "å" * 1530),
    Case("right to left", Said("أحتاج مساعدة"), "أحتاج مساعدة"),
    Case("signs that forms and signatures use", Said("a&b=c+d%20;e#f"), "a&b=c+d%20;e#f"),
    Case("a name for a sender", Said(sender="SVT Nyheter"), PLAIN, "SVT Nyheter", answerable=False),
    Case("a short code for a sender", Said(sender="71120"), PLAIN, "71120", answerable=False),
    Case("no sender", Said(sender=""), PLAIN, "", answerable=False),
    Case("a number written nationally", Said(sender="070-123 45 67"), PLAIN),
    Case("a number with two zeros", Said(sender="0046701234567"), PLAIN),
    Case("a number without its plus", Said(sender="46701234567"), PLAIN),
)


@EVERY
@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.label)
async def test_a_message_is_kept(phone: Phone, case: Case):
    async with staged(made(phone)) as stage:
        heard = await stage.knock(phone.send(case.said, NOW))
    assert 200 <= heard.status < 300
    [inbound] = stage.service.inbound
    assert (inbound.text, inbound.address.value) == (case.text, case.address)
    assert inbound.reply_possible is case.answerable
    assert inbound.id == "m-1"
    inbound.text.encode()


@dataclass(frozen=True)
class Refusal:
    """A request that must go no further."""

    label: str
    status: tuple[int, ...]
    change: str


REFUSED = (
    Refusal("tampered with", (401, 403), "forged"),
    Refusal("without a signature", (401, 403), "unproved"),
    Refusal("larger than any message", (413,), "huge"),
    Refusal("not to be read", (400,), "garbage"),
    Refusal("stale", (403,), "stale"),
    Refusal("from the future", (403,), "future"),
)


def _changed(phone: Phone, change: str) -> Raw:
    raw = phone.send(Said(), NOW)
    if change in ("forged", "unproved"):
        return getattr(phone, change)(raw)
    if change == "huge":
        return replace(raw, body=b" " * 300_000)
    if change == "garbage":
        return phone.send(Said(), NOW, body=b"\xff\xfe{]")
    return phone.send(Said(), NOW + (timedelta(minutes=10) if change == "future" else -timedelta(days=3)))


@EVERY
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.label)
async def test_a_request_is_refused(phone: Phone, case: Refusal):
    if case.change in ("stale", "future") and not phone.window:
        case = replace(case, status=(200, 204))  # the provider stamps nothing, so nothing can be stale
    async with staged(made(phone)) as stage:
        heard = await stage.knock(_changed(phone, case.change))
    assert heard.status in case.status
    if heard.status >= 400:
        assert (heard.body, stage.service.inbound) == (b"", [])


@EVERY
async def test_a_stray_byte_costs_itself_and_not_the_message(phone: Phone):
    body = phone.write(Said("cafXX")).replace(b"cafXX", b"caf%E9" if b"=" in phone.write(Said()) else b"caf\xe9")
    async with staged(made(phone)) as stage:
        heard = await stage.knock(phone.send(Said(), NOW, body=body))
    if phone.broken_utf8 != 200:
        assert heard.status == phone.broken_utf8
        return
    assert [inbound.text for inbound in stage.service.inbound] == ["caf\ufffd"]


@EVERY
async def test_nothing_is_acknowledged_before_the_commit(phone: Phone):
    async with staged(made(phone)) as stage:
        stage.service.gate = asyncio.Event()
        waiting = asyncio.create_task(stage.knock(phone.send(Said(), NOW)))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        stage.service.gate.set()
        assert 200 <= (await waiting).status < 300


@EVERY
async def test_with_the_database_down_the_provider_is_asked_to_come_again(phone: Phone):
    async with staged(made(phone)) as stage:
        stage.service.failure = NotStored()
        assert (await stage.knock(phone.send(Said(), NOW))).status == 503
        stage.service.failure = None
        assert (await stage.knock(phone.send(Said(), NOW))).status < 300
    assert len(stage.service.inbound) == 1


@EVERY
async def test_two_copies_at_once_carry_the_same_name(phone: Phone):
    raw = phone.send(Said(), NOW)
    async with staged(made(phone)) as stage:
        await asyncio.gather(stage.knock(raw), stage.knock(raw))
    first, second = stage.service.inbound
    assert (first.provider, first.account, first.id) == (second.provider, second.account, second.id)


@EVERY
async def test_messages_without_an_id_are_told_apart_and_repetitions_are_not(phone: Phone):
    async with staged(made(phone)) as stage:
        for text in ("ett", "ett", "två"):
            await stage.knock(phone.send(Said(text, id=""), NOW))
    first, again, other = (inbound.id for inbound in stage.service.inbound)
    assert first == again != other


@EVERY
async def test_get_is_not_answered_unless_the_configuration_allows_it(phone: Phone):
    async with staged(made(phone)) as stage:
        assert (await stage.knock(Raw(b"", {}, method="GET"))).status == 405
    async with staged(made(phone, allow_get=True)) as stage:
        assert (await stage.knock(Raw(b"", {}, method="GET"))).status in (400, 401, 403)


async def test_46elks_is_never_given_a_body_because_it_would_be_texted_to_the_person():
    async with staged(made(ELKS)) as stage:
        heard = await stage.knock(ELKS.send(Said(), NOW))
        stage.service.failure = NotStored()
        down = await stage.knock(ELKS.send(Said(), NOW))
    assert (heard.status, heard.body, down.body) == (204, b"", b"")


async def test_twilio_is_given_empty_twiml():
    async with staged(made(TWILIO)) as stage:
        heard = await stage.knock(TWILIO.send(Said(), NOW))
    assert (heard.status, heard.body, heard.content_type) == (200, b"<Response/>", "text/xml")


async def test_one_message_that_cannot_be_stored_does_not_lose_the_rest_of_its_batch():
    entries = [infobip_entry(Said(text, id=text)) for text in ("ett", "två", "tre")]
    raw = INFOBIP.send(Said(), NOW, body=json.dumps({"results": entries}).encode())
    async with staged(made(INFOBIP)) as stage:
        stage.service.failure, stage.service.fails_on = RuntimeError(), "två"
        assert (await stage.knock(raw)).status == 500
    assert [inbound.text for inbound in stage.service.inbound] == ["ett", "tre"]


async def test_several_accounts_of_one_provider_stand_side_by_side():
    tables = {"norr": ELKS.table, "syd": ELKS.table | {"username": "u2", "hook_password": "another"}}
    service, app = Service(), web.Application()
    for name, table in tables.items():
        build(ELKS.type, name, table, surroundings()).attach(app, service.receive, service.report)
    raw = ELKS.send(Said(), NOW)
    async with serve(app) as base:
        statuses = [await _status(base + f"/hooks/{name}", raw) for name in ("norr", "syd", "mitt")]
    assert statuses == [204, 401, 404]
    assert [(inbound.bridge, inbound.account) for inbound in service.inbound] == [("norr", "u1")]


async def _status(url: str, raw: Raw) -> int:
    async with aiohttp.request("POST", url, data=raw.body, headers=raw.headers) as response:
        return response.status
