"""The promises of the design, each a test that bears its name; `docs/threat-model.md` says what they cannot cover.

Each is proven in depth elsewhere; here stands the shortest thing that would be false if the promise were broken.
"""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from intake import casework, people
from intake.casework import OpenCase
from intake.listener import listen
from intake.login import Refused
from intake.mailbox import NoMailbox
from intake.model import Case, Role
from intake.ops import ops_app
from intake.reading import NotYours
from intake.service import Service
from intake.store import outbox, schema
from intake.store.cases import grant
from intake.store.database import Database
from intake.vault.service_key import ServiceKey
from intake.web.app import public_app
from tests.flows.ears import listening, spoken
from tests.flows.steps import SYD, TEXT, VAST, by_form, erase, heard, look, only_case, read, staffed, tell
from tests.flows.stolen import found_in, loot
from tests.intake.store.samples import count
from tests.intake.store.test_outbox import an_outgoing
from tests.service import MONDAY_MORNING, Person, log_in_as, make_config, reader_of, staff
from triage.model import Pace

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def members(empty_service: Service) -> list[Person]:
    """Who works at Syd, at Väst and at the national desk."""
    return await staffed(empty_service, SYD, VAST, "nationell")


async def test_promise_1_a_stolen_database_opens_nothing(empty_service: Service, members, database_url: str):
    receipt = (await tell(empty_service)).receipt
    heap = await loot(empty_service, database_url)
    assert found_in(heap, {"text": TEXT, "receipt": receipt, "place": '"1280"', "login": members[0].login}) == []
    thief = replace(empty_service, key=ServiceKey.generate())
    with pytest.raises(NoMailbox):
        await look(thief, receipt)
    with pytest.raises(Refused):
        await log_in_as(thief, members[0])


async def test_promise_2_nobody_but_the_members_of_the_desk_reads(empty_service: Service, members: list[Person]):
    await tell(empty_service)
    syd, *others = [await reader_of(empty_service, person) for person in members]
    others.append(await reader_of(empty_service, await staff(empty_service, "admin@test", None)))
    others.append(await reader_of(empty_service, await staff(empty_service, "newcomer@test", SYD)))
    case = await only_case(empty_service, syd)
    assert [message.text for message in (await read(empty_service, syd)).messages] == [TEXT]
    for other in others:
        with pytest.raises(NotYours):
            await casework.open_case(empty_service, other, case, MONDAY_MORNING)
    # Even shown the case, a desk for which there is no wrap reads nothing of it.
    await empty_service.database.write(grant, empty_service.key, case, VAST, "escalation", MONDAY_MORNING)
    shown: OpenCase = await casework.open_case(empty_service, others[0], case, MONDAY_MORNING)
    assert (list(shown.messages), dict(shown.cards)) == ([], {})


async def test_promise_2_the_operators_pages_show_numbers_only(empty_service: Service, members: list[Person]):
    assert members
    await tell(empty_service)
    async with TestClient(TestServer(ops_app(empty_service))) as client, client.get("/metrics") as answer:
        text = await answer.text()
    values = [line.rsplit(" ", 1)[1] for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[0-9.e+-]+", value) for value in values)


async def test_promise_3_received_means_on_disk(empty_service: Service, members: list[Person], database_url: str):
    """Seen through another connection, at the very moment of the answer."""
    assert members
    received = await tell(empty_service)
    other = await Database.open(database_url)
    assert await heard(replace(empty_service, database=other), received.receipt) == [TEXT]
    await other.close()


async def test_promise_3_without_a_commit_there_is_no_receipt(empty_service: Service, members: list[Person]):
    assert members
    await empty_service.database.write(lambda conn: conn.exec_driver_sql("ALTER TABLE wraps RENAME TO away"))
    with pytest.raises(DBAPIError):
        await tell(empty_service)
    assert await empty_service.database.read(count, schema.cases) == 0


async def test_promise_3_who_tries_again_gets_the_same_receipt(empty_service: Service, members: list[Person]):
    assert members
    once = by_form(empty_service)
    receipts = await asyncio.gather(*(tell(empty_service, once=once) for _ in range(5)))
    assert len({received.receipt for received in receipts}) == 1
    assert await empty_service.database.read(count, schema.cases) == 1


PAGES = [
    "/",
    "/sv/",
    "/sv/tip",
    "/en/help",
    "/sv/buyer",
    "/sv/professional",
    "/sv/mailbox",
    "/sv/support",
    "/sv/privacy",
    "/sv/accessibility",
    "/leave",
]


async def test_promise_4_a_public_page_sets_no_cookie_and_calls_nobody(empty_service: Service, members: list[Person]):
    assert members
    async with TestClient(TestServer(public_app(empty_service))) as visitor:
        for path in PAGES:
            async with visitor.get(path, allow_redirects=False) as answer:
                page = await answer.text()
            assert answer.status == 200, path
            assert "Set-Cookie" not in answer.headers, path
            loaded = re.findall(r"<(?:script|link|img|iframe|form)\b[^>]*\b(?:src|href|action)=\"([^\"]*)\"", page)
            assert not [address for address in loaded if re.match(r"(?:\w+:)?//", address)], path
            assert "<noscript" not in page, path


async def test_promise_4_nothing_of_a_sender_is_logged(empty_service: Service, members: list[Person]):
    assert members
    marks = {"text": TEXT, "agent": "Kanarie/4711"}
    with listening() as ears:
        listener = await listen(public_app(empty_service), "127.0.0.1:0")
        async with ClientSession(f"http://127.0.0.1:{listener.port}", headers={"User-Agent": "Kanarie/4711"}) as sender:
            answer = await sender.post("/api/v1/reports", json={"text": TEXT})
            marks["receipt"] = (await answer.json())["receipt"]
        await listener.close()
        assert spoken(marks, ears.heard()) == []
        assert "127.0.0.1" not in ears.heard()


async def test_promise_5_out_of_hours_the_sender_is_told_when_somebody_reads(empty_service: Service, members):
    assert members
    friday_night = MONDAY_MORNING - timedelta(days=3) + timedelta(hours=12)
    received = await tell(empty_service, now=friday_night)
    assert not received.on_duty
    assert received.answer_by >= MONDAY_MORNING.replace(hour=7, minute=0)
    case: Case = (await look(empty_service, received.receipt, friday_night)).case
    assert case.due_at > friday_night


async def test_promise_5_what_cannot_wait_is_due_by_the_clock_and_lies_with_the_deputies_too(
    empty_service: Service, members: list[Person]
):
    assert members
    night = MONDAY_MORNING - timedelta(hours=10)
    received = await tell(empty_service, "Hjälp! Han slår henne nu, hon blöder och är inlåst i lägenheten.", now=night)
    case = (await look(empty_service, received.receipt, night)).case
    assert case.pace is Pace.NOW
    assert case.due_at - night == timedelta(minutes=10)
    held = await empty_service.database.read(lambda conn: set(conn.execute(select(schema.wraps.c.recipient)).scalars()))
    assert {SYD, VAST} <= held


async def test_promise_6_nothing_more_is_sent_to_who_has_erased(empty_service: Service, members: list[Person]):
    assert members
    receipt = (await tell(empty_service)).receipt
    text = an_outgoing((await look(empty_service, receipt)).case.id)
    await empty_service.database.write(outbox.enqueue, text, MONDAY_MORNING)
    await erase(empty_service, receipt)
    left = await empty_service.database.read(
        lambda conn: conn.execute(select(schema.outbox.c.state, schema.outbox.c.sealed_text)).all()
    )
    assert all(row.state != "waiting" and row.sealed_text is None for row in left)


async def test_promise_7_triage_says_why(empty_service: Service, members: list[Person]):
    text = "En flicka hålls i en lägenhet i Malmö och säljs varje kväll."
    await tell(empty_service, text)
    (card,) = (await read(empty_service, await reader_of(empty_service, members[0]))).cards.values()
    told = {reason.label.partition("=")[0] for reason in card.assessment.reasons}
    assert {"kind", "urgency"} <= told
    quoted = {text[span.start : span.end] for reason in card.assessment.reasons for span in reason.spans}
    assert quoted
    assert all(words and words in text for words in quoted)


def test_promise_8_what_the_service_sees_is_written_down():
    model = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    written = model.partition("## What the service sees while it works")[2].partition("\n## ")[0]
    for seen in ("text", "addresses", "assphrases", "unlocked keys", "eceipts", "opened text"):
        assert seen in written, seen


async def test_an_administrator_invites_and_reads_nothing(make_service):
    service = make_service(make_config())
    (syd,) = await staffed(service, SYD)
    admin = await reader_of(service, await staff(service, "admin@test", None))
    with pytest.raises(ValueError, match="desk"):
        await people.invite(service, "x@test", Role.ADMIN, SYD, MONDAY_MORNING)
    assert dict(admin.keyring) == {}
    assert (await reader_of(service, syd)).keyring
