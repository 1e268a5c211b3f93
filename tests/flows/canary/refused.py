"""Requests that are refused: forms, addresses, bytes that will not do."""

import asyncio
import io

import pytest

from intake import people
from intake.model import Role
from tests.flows.canary.house import DIGITS, HEADER, JSON, NAME, PATH, SECRET, TEXT, House
from tests.flows.steps import SYD
from tests.service import MONDAY_MORNING


async def bad_json(house: House) -> None:
    bodies = [
        TEXT.encode(),
        b'{"text": "' + TEXT.encode(),
        b"\xff" + TEXT.encode(),
        {"text": [TEXT]},
        {"text": ""},
        {"text": TEXT, "kind": SECRET},
        {"text": TEXT, "county": DIGITS},
        {"text": TEXT, "municipality": SECRET},
        {"text": TEXT, SECRET: DIGITS},
        {"text": TEXT, "lang": {SECRET: TEXT}},
        [TEXT],
    ]
    for body in bodies:
        assert (await house.api("reports", body)).status in (400, 422)
    assert (await house.api("reports", {"text": TEXT * 2000})).status in (413, 422)
    assert (await house.api("reports", {"text": TEXT * 40_000})).status == 413


async def wrong_receipts(house: House) -> None:
    for digits in (DIGITS, DIGITS[:-1], SECRET, "\ud800"):
        assert (await house.api("mailbox", {"receipt": digits})).status == 404
        assert (await house.api("mailbox/erase", {"receipt": digits})).status == 404
        await house.api("mailbox/messages", {"receipt": digits, "text": TEXT})
    await house.page(house.public, "/sv/mailbox", receipt=DIGITS, action="open")
    await house.page(house.public, "/sv/mailbox", handle=SECRET, token=HEADER, text=TEXT, action="add")


async def forms_that_will_not_do(house: House) -> None:
    await house.page(house.public, "/sv/tip", text="", place=TEXT)
    await house.page(house.public, "/sv/tip", text=TEXT, token=SECRET)
    await house.call("POST", house.public, "/sv/tip", data={"text": TEXT}, headers={"Sec-Fetch-Site": "cross-site"})
    await house.call("POST", house.public, "/sv/tip", data=io.BytesIO(TEXT.encode() * 40_000), headers=JSON)
    await house.call(
        "POST", house.public, "/sv/tip", data={"file": io.BytesIO(TEXT.encode())}, headers={"Cookie": HEADER}
    )


async def addresses_that_lead_nowhere(house: House) -> None:
    for port in await house.ports():
        for path in (f"/{PATH}", f"/sv/{PATH}?x={HEADER}", f"/{PATH}/%00%ff/..", f"/cases/{PATH}", f"/api/v1/{PATH}"):
            for method in ("GET", "POST", "DELETE", "KANARIE"):
                await house.call(method, port, path, headers={"User-Agent": HEADER})


async def logins_that_fail(house: House) -> None:
    for login, passphrase in ((NAME, SECRET), (house.syd.login, SECRET), (NAME, "\x00"), (NAME * 99, SECRET * 99)):
        await house.page(house.inbox, "/login", login=login, passphrase=passphrase, code=DIGITS)
    for _ in range(7):
        await house.page(house.inbox, "/login", login=NAME, passphrase=SECRET)
    for cookie in (SECRET, "hamn=" + SECRET, "__Host-hamn=" + SECRET):
        await house.call(
            "GET", house.inbox, "/", headers={"Cookie": cookie.encode("latin-1", "ignore").decode("latin-1")}
        )
    await house.page(house.inbox, "/join", code=SECRET)


async def a_join_that_fails(house: House) -> None:
    code = house.made["code"] = await people.invite(house.service, NAME, Role.COORDINATOR, SYD, MONDAY_MORNING)
    ticket = (await people.read_invitation(house.service, code, MONDAY_MORNING)).ticket
    for passphrase in ("kanarie", NAME, SECRET * 40):
        with pytest.raises(people.WeakPassphrase) as refused:
            await people.join(house.service, ticket, passphrase, "", MONDAY_MORNING)
        house.refusals.append(repr(refused.value))
    await house.page(house.inbox, "/join", code=code)


MALFORMED = [
    f"GET /{PATH} {HEADER}\r\n\r\n",
    f"{PATH}\r\n\r\n",
    f"GET /{PATH} HTTP/1.1\r\n{HEADER}\r\n\r\n",
    f"GET /{PATH} HTTP/1.1\r\nHost: x\r\nX-{HEADER}\x00: {TEXT}\r\n\r\n",
    f"GET /{PATH} HTTP/1.1\r\nHost: x\r\nX: {HEADER * 9000}\r\n\r\n",
    f"GET /{PATH * 9000} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: {HEADER}\r\n\r\n{TEXT}",
    f"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{TEXT}",
    f"POST /sv/tip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{HEADER}\r\n{TEXT}",
    f"POST /sv/tip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {HEADER}\r\n\r\n{TEXT}",
    f"POST /sv/tip HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 30\r\n\r\n{TEXT}",
    f"GET /{PATH} HTTP/9.9\r\nHost: {HEADER}\r\n\r\n",
    f"GET http://{HEADER}:99999/{PATH} HTTP/1.1\r\nHost: {HEADER}\r\n\r\n",
    f"CONNECT {HEADER}:443 HTTP/1.1\r\nHost: {HEADER}\r\n\r\n",
    f"GET /{PATH} HTTP/1.1\r\nHost: x\r\nExpect: {HEADER}\r\nContent-Length: 2\r\n\r\nxx",
    f"GET /{PATH} HTTP/1.1\r\nHost: x\r\nUpgrade: {HEADER}\r\nConnection: upgrade\r\n\r\n",
    f"\x16\x03\x01\x02\x00{HEADER}",
]


async def malformed_http(house: House) -> None:
    for port in await house.ports():
        for sent in MALFORMED:
            await house.raw(port, sent.encode())


async def a_sender_who_hangs_up(house: House) -> None:
    for path in ("/api/v1/reports", "/sv/tip"):
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
        _, writer = await asyncio.open_connection("127.0.0.1", house.public)
        writer.write((head + TEXT).encode())
        await writer.drain()
        writer.transport.abort()
    await asyncio.sleep(0.1)
