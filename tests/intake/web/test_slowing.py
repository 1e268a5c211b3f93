"""When too much comes the pages wait and say so, and every text arrives."""

import pytest
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from intake.crowd import Rate
from intake.service import Service
from intake.web import slowing
from intake.web.app import public_app
from intake.web.slowing import sender_of
from tests.intake.web.conftest import Visitor, once
from tests.service import make_config

CIRCUIT = "fc00:dead:beef:4dad::1:2"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits that were asked for, without their time."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(slowing.asyncio, "sleep", note)
    return waits


@once
async def test_whoever_writes_too_much_waits_and_every_text_arrives(make_service, service: Service, slept: list[float]):
    limits = {"sender_a_minute": 2, "everybody_a_minute": 0, "desk_a_minute": 0}
    web = {"public_url": "http://x", "trusted_proxies": ["127.0.0.1"]}
    slow = make_service(make_config(limits=limits, web=web))
    async with TestClient(TestServer(public_app(slow))) as client:
        for address in ["192.0.2.7"] * 3 + ["192.0.2.8"]:
            heads = {"X-Forwarded-For": address}
            answer = await client.post("/api/v1/reports", json={"text": "Hej"}, headers=heads)
            assert answer.status == 201
    assert [one for one in slept if one] == [8]


@once
async def test_in_a_flood_the_page_says_that_it_is_slow_and_takes_the_text(visitor: Visitor, service: Service):
    assert "It is slow here just now" not in (await visitor.get("/en/help")).text
    for _ in range(3):
        service.crowd.wait_for_desk("Syd", Rate(2), service.clock())
    assert "It is slow here just now" in (await visitor.get("/en/help")).text
    assert len(await visitor.send("Hej")) == 28


@once
async def test_the_answer_waits_where_a_desk_gets_too_much(make_service, service: Service, slept: list[float]):
    slow = make_service(make_config(limits={"desk_a_minute": 1}))
    async with TestClient(TestServer(public_app(slow))) as client:
        for _ in range(2):
            assert (await client.post("/api/v1/reports", json={"text": "Hej", "county": "12"})).status == 201
    assert slept.count(8) == 1


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "sender"),
    [
        ("192.0.2.1", None, (), "192.0.2.1"),
        ("192.0.2.1", "203.0.113.5", (), "192.0.2.1"),
        ("192.0.2.1", "203.0.113.5", ("127.0.0.1",), "192.0.2.1"),
        ("127.0.0.1", "203.0.113.5", ("127.0.0.1",), "203.0.113.5"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.5", ("127.0.0.1",), "203.0.113.5"),
        ("10.1.1.1", "203.0.113.5, 10.0.0.3", ("10.0.0.0/8",), "203.0.113.5"),
        ("127.0.0.1", CIRCUIT, ("127.0.0.1",), CIRCUIT),
        ("127.0.0.1", None, ("127.0.0.1",), None),
        ("10.1.1.1", "nonsense", ("10.0.0.0/8",), None),
        ("127.0.0.1", None, (), None),
        ("::1", "203.0.113.5", (), None),
        (None, None, (), None),
    ],
)
def test_only_a_proxy_that_is_trusted_says_who_asks(peer, forwarded, trusted, sender):
    heads = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = make_mocked_request("POST", "/", headers=heads).clone(remote=peer or "")
    assert sender_of(request, trusted) == sender


@once
async def test_providers_hooks_and_pages_that_are_only_read_do_not_wait(make_service, service: Service, slept):
    slow = make_service(make_config(limits={"everybody_a_minute": 1}))
    async with TestClient(TestServer(public_app(slow))) as client:
        for path in ("/hooks/none", "/hooks/none", "/hooks/none"):
            assert (await client.post(path)).status == 404
        for _ in range(3):
            assert (await client.get("/en/help")).status == 200
    assert not any(slept)
