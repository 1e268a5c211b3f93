"""The demo's phones admit only the demo's own bridges, and only lines that their own page sends."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bridges.hooks import basic
from intake.demo.phones.chats import Chats, text_content
from intake.demo.phones.exchange import Exchange, Way
from intake.demo.phones.page import Phones
from intake.demo.phones.texts import ACCOUNT, Texts

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
async def client(exchange: Exchange) -> AsyncIterator[TestClient]:
    texts = Texts(exchange, "http://127.0.0.1:9/hooks/phone", "token", "+46701740699")
    phones = Phones(exchange, texts, Chats(exchange, "1:token"), {})
    async with TestClient(TestServer(phones.app())) as opened:
        yield opened


@pytest.mark.parametrize("given", ["", basic(ACCOUNT, "wrong"), basic("other", "token")])
async def test_a_text_needs_the_accounts_credentials(client: TestClient, exchange: Exchange, given) -> None:
    answer = await client.post(MESSAGES, data={"To": "+46701740605", "Body": "x"}, headers={"Authorization": given})
    assert answer.status == 401
    assert exchange.lines() == ()


async def test_a_bot_needs_its_token(client: TestClient) -> None:
    assert (await client.post("/bot1:other/sendMessage", data={"chat_id": "1", "text": "x"})).status == 401


async def test_a_form_of_another_page_writes_nothing(client: TestClient, exchange: Exchange) -> None:
    assert (await client.post("/write", data={"way": "sms", "text": "x"})).status == 415
    assert (await client.post("/write", json={"way": "pigeon"})).status == 400
    assert exchange.lines() == ()


async def test_a_service_that_does_not_answer_is_said_so(client: TestClient) -> None:
    answer = await client.post("/write", json={"way": "sms", "text": "Hej"})
    assert await answer.json() == {"status": 503}


async def test_what_was_taken_back_is_gone(client: TestClient, exchange: Exchange) -> None:
    line = exchange.put("1", Way.CHAT, "x", ours=True)
    gone = {"chat_id": "1", "message_id": str(line.number)}
    assert [(await client.post("/bot1:token/deleteMessage", data=gone)).status for _ in range(2)] == [200, 400]
    assert exchange.lines() == ()


def test_a_command_is_marked_as_one() -> None:
    assert text_content("/start abc")["entities"][0]["length"] == 6
    assert text_content("Hej") == {"text": "Hej"}
