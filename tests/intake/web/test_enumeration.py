"""Guessing leads nowhere: what is not there, what is erased and what was typed wrong look alike and take as long."""

from contextlib import suppress
from time import perf_counter

import pytest

from intake.mailbox import NoMailbox, key_from_receipt
from intake.service import Service
from tests.intake.web.conftest import Visitor, once

pytestmark = once
ROUNDS = 120
A_MILLISECOND = 0.001


def neighbours(receipt: str) -> list[str]:
    """The receipts that differ from this one in one digit, each digit once."""
    return [receipt[:at] + str((int(one) + 1) % 10) + receipt[at + 1 :] for at, one in enumerate(receipt)]


async def took(service: Service, receipt: str) -> float:
    begun = perf_counter()
    with suppress(NoMailbox):
        await key_from_receipt(service, receipt)
    return perf_counter() - begun


async def test_no_neighbour_of_a_receipt_opens_anything_and_all_answers_are_alike(visitor: Visitor):
    receipt = await visitor.send("Hemligt")
    answers = [await visitor.json("/api/v1/mailbox", {"receipt": one}) for one in [*neighbours(receipt), "1", ""]]
    assert {answer.status for answer in answers} == {404}
    assert len({await answer.read() for answer in answers}) == 1


async def test_an_erased_receipt_looks_like_one_that_never_was(visitor: Visitor):
    receipt = await visitor.send("Hemligt")
    assert (await visitor.json("/api/v1/mailbox/erase", {"receipt": receipt})).status == 204
    for path, more in (("mailbox", {}), ("mailbox/messages", {"text": "Mer"}), ("mailbox/erase", {})):
        erased, unknown = [
            await visitor.json(f"/api/v1/{path}", {"receipt": one, **more}) for one in (receipt, "0" * 28)
        ]
        assert (erased.status, await erased.read()) == (unknown.status, await unknown.read())


async def test_a_receipt_that_is_there_and_one_that_is_not_take_as_long_to_look_up(visitor: Visitor, service: Service):
    known = await visitor.send("Hemligt")
    unknown = neighbours(known)
    times = [(await took(service, known), await took(service, unknown[at % 28])) for at in range(ROUNDS)]
    # The quickest of many: what else this machine does only ever slows one.
    there, not_there = (min(column) for column in zip(*times, strict=True))
    assert abs(there - not_there) < A_MILLISECOND


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fconfig.example.toml",
        "/static/%2e%2e/app.py",
        "/..%2f..%2fetc/passwd",
        "/sv/..%2fen%2ftip",
        "/sv/%00",
        "/sv/tip/",
        "/%e2%80%ae/tip",
        "/api/v1/reports/1",
        "/api/v1/../v1/mailbox",
        "/cases/" + "a" * 26,
        "/metrics",
        "/login",
    ],
)
async def test_no_path_leads_where_nothing_is_meant_to_be(path: str, visitor: Visitor):
    answer = await visitor.client.get(path, allow_redirects=False)
    assert answer.status in (404, 405)
