"""The JSON API as the design promises it: strict, silent about its input, and true after the commit."""

import json
import re
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from aiohttp import ClientPayloadError

from intake import mailbox
from intake.model import Direction, Message, MessageId
from intake.store.database import Database
from intake.store.failure import Reason, StoreUnavailable
from tests.intake.web.conftest import Visitor, once
from tests.service import MONDAY_MORNING, Clock

KEY = "0123456789abcdef0123456789abcdef"
CANARY = "kanariefågel"


async def _receipt(visitor: Visitor, text: str = "Hej", **headers: str) -> str:
    answer = await visitor.json("/api/v1/reports", {"text": text}, **headers)
    assert answer.status == 201
    return (await answer.json())["receipt"]


async def test_a_report_gets_a_receipt_and_who_has_it(visitor: Visitor):
    answer = await visitor.json("/api/v1/reports", {"text": "Hej", "county": "25", "police": "ask", "kind": "help"})
    body = await answer.json()
    assert (answer.status, answer.content_type) == (201, "application/json")
    assert re.fullmatch(r"\d{28}", body["receipt"])
    assert body["received_by"]["name"] == "Regionkoordinator Nord"
    assert datetime.fromisoformat(body["received_by"]["answer_by"]).utcoffset() is not None


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x" * 20_000},
        {"text": "🚨" * 20_000},
        {"text": "\0"},
        {"text": "Hej", "lang": "zh-Hant", "kind": None},
        {"text": "Hej", "municipality": "1281", "county": "25"},
    ],
    ids=["longest", "longest in four bytes", "a zero", "nulls", "places that contradict"],
)
async def test_what_a_person_may_send_is_taken(body: dict, visitor: Visitor):
    assert (await visitor.json("/api/v1/reports", body)).status == 201


@once
@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({}, 422, "field text"),
        ({"text": ""}, 422, "field text"),
        ({"text": "x" * 20_001}, 422, "field text"),
        ({"text": 4}, 422, "field text"),
        ({"text": "Hej", "kind": CANARY}, 422, "field kind"),
        ({"text": "Hej", "county": "99"}, 422, "county"),
        ({"text": "Hej", "police": CANARY}, 422, "field police"),
        ({"text": "Hej", CANARY: 1}, 422, "as described"),
        ([CANARY], 422, "as described"),
        ({"text": CANARY * 60_000}, 413, "too large"),
    ],
)
async def test_a_refusal_names_our_field_and_repeats_nothing(body: object, status: int, detail: str, visitor: Visitor):
    answer = await visitor.json("/api/v1/reports", body)
    problem = json.loads(await answer.text())
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert problem["status"] == status
    assert detail in problem["detail"]
    assert CANARY not in str(problem)


@once
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"text": "\\ud8"}', "application/json", 400),
        (b'{"text": "\\ud800", "x": ' + b"[" * 100_000, "application/json", 400),
        (b"", "application/json", 400),
        (b'{"text": "Hej"}', "text/plain", 415),
        (b"text=Hej", "application/x-www-form-urlencoded", 415),
    ],
)
async def test_what_is_no_json_is_refused(body: bytes, content_type: str, status: int, visitor: Visitor):
    answer = await visitor.client.post("/api/v1/reports", data=body, headers={"Content-Type": content_type})
    assert answer.status == status


@once
@pytest.mark.parametrize("text", ["\ud83d", "a\ude00b", "\ud83d\ud83d"])
async def test_half_a_surrogate_loses_no_text(text: str, visitor: Visitor):
    receipt = await _receipt(visitor, text)
    answer = await visitor.json("/api/v1/mailbox", {"receipt": receipt})
    assert json.loads(await answer.text())["messages"][0]["text"] == text
    assert (await visitor.open(receipt)).status == 200


async def test_a_retry_with_its_key_gets_the_same_receipt_and_no_second_case(visitor: Visitor, clock: Clock):
    first = await _receipt(visitor, "Hej", **{"Idempotency-Key": KEY})
    await visitor.open(first)
    clock.advance(minutes=59)
    assert await _receipt(visitor, "Hej", **{"Idempotency-Key": KEY}) == first


async def test_a_key_serves_one_report_only(visitor: Visitor):
    await _receipt(visitor, "Hej", **{"Idempotency-Key": KEY})
    answer = await visitor.json("/api/v1/reports", {"text": "Another"}, **{"Idempotency-Key": KEY})
    assert answer.status == 409


@once
@pytest.mark.parametrize("key", ["x", "x" * 31, "x" * 256])
async def test_a_key_that_could_be_guessed_is_refused(key: str, visitor: Visitor):
    assert (await visitor.json("/api/v1/reports", {"text": "Hej"}, **{"Idempotency-Key": key})).status == 422


async def test_without_a_key_every_report_is_new(visitor: Visitor):
    assert await _receipt(visitor) != await _receipt(visitor)


async def test_the_mailbox_shows_who_said_what_on_which_day_in_sweden(visitor: Visitor, clock: Clock):
    clock.advance(hours=15)
    answer = await visitor.json("/api/v1/mailbox", {"receipt": await _receipt(visitor)})
    assert await answer.json() == {"messages": [{"from": "you", "text": "Hej", "day": "2026-11-24"}]}


async def test_more_is_written_and_all_is_erased(visitor: Visitor):
    receipt = await _receipt(visitor)
    assert (await visitor.json("/api/v1/mailbox/messages", {"receipt": receipt, "text": "Mer"})).status == 201
    read = await (await visitor.json("/api/v1/mailbox", {"receipt": receipt})).json()
    assert [one["text"] for one in read["messages"]] == ["Hej", "Mer"]
    assert (await visitor.json("/api/v1/mailbox/erase", {"receipt": receipt})).status == 204
    assert (await visitor.json("/api/v1/mailbox", {"receipt": receipt})).status == 404


@once
@pytest.mark.parametrize("receipt", ["0" * 28, "12", "", "x" * 5000, "\ud800"])
@pytest.mark.parametrize("call", ["mailbox", "mailbox/messages", "mailbox/erase"])
async def test_unknown_and_malformed_receipts_are_alike(call: str, receipt: str, visitor: Visitor):
    body = {"receipt": receipt} | ({"text": "Hej"} if call == "mailbox/messages" else {})
    answer = await visitor.json(f"/api/v1/{call}", body)
    assert (answer.status, await answer.text()) == (404, await _unknown(visitor))


async def _unknown(visitor: Visitor) -> str:
    return await (await visitor.json("/api/v1/mailbox", {"receipt": "1" * 28})).text()


@once
async def test_without_a_store_it_says_not_received(visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    async def full(*_: object, **__: object) -> None:
        raise StoreUnavailable(Reason.FULL)

    monkeypatch.setattr(Database, "_write", full)
    answer = await visitor.json("/api/v1/reports", {"text": "Hej"})
    assert answer.status == 503
    assert "Not received" in await answer.text()


@once
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/reports", 405), ("GET", "/api/nowhere", 404), ("PUT", "/api/v1/mailbox", 405)],
)
async def test_wrong_addresses_and_methods_are_problem_documents(method: str, path: str, status: int, visitor: Visitor):
    answer = await visitor.client.request(method, path)
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert ("Allow" in answer.headers) == (status == 405)


@once
async def test_no_other_site_may_call_it(visitor: Visitor):
    answer = await visitor.client.options("/api/v1/reports", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_a_message_sent_again_with_its_key_is_there_once(visitor: Visitor):
    receipt = await _receipt(visitor)
    for text in ("Mer", "Mer", "Något annat"):
        body = {"receipt": receipt, "text": text, "lang": "sv"}
        assert (await visitor.json("/api/v1/mailbox/messages", body, **{"Idempotency-Key": KEY})).status == 201
    shown = (await (await visitor.json("/api/v1/mailbox", {"receipt": receipt})).json())["messages"]
    assert [one["text"] for one in shown] == ["Hej", "Mer", "Något annat"]


@once
async def test_a_key_that_can_be_guessed_is_refused_for_a_message_too(visitor: Visitor):
    body = {"receipt": await _receipt(visitor), "text": "Mer"}
    assert (await visitor.json("/api/v1/mailbox/messages", body, **{"Idempotency-Key": "1"})).status == 422


async def test_a_long_conversation_is_read_whole_and_in_order(visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mailbox, "AT_ONCE", 2)
    receipt = await visitor.send("0")
    for number in range(1, 6):
        await visitor.json("/api/v1/mailbox/messages", {"receipt": receipt, "text": str(number)})
    answer = await visitor.json("/api/v1/mailbox", {"receipt": receipt})
    assert answer.content_type == "application/json"
    assert [message["text"] for message in (await answer.json())["messages"]] == list("012345")


@once
async def test_where_the_store_fails_in_the_middle_the_line_breaks(visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    receipt = await visitor.send("0")
    await visitor.json("/api/v1/mailbox/messages", {"receipt": receipt, "text": "1"})

    async def half(*_: object) -> AsyncIterator[Message]:
        yield Message(MessageId("a"), Direction.FROM_PERSON, "0", MONDAY_MORNING)
        raise StoreUnavailable(Reason.FULL)

    monkeypatch.setattr(mailbox, "read_whole", half)
    answer = await visitor.json("/api/v1/mailbox", {"receipt": receipt})
    with pytest.raises(ClientPayloadError):
        await answer.text()
