"""Markers go through every flow and every failure; none comes out in a log, an error, an address or on the terminal.

A new way in or out adds its rows to `FLOWS`.
"""

import asyncio
import gc
import io
import json
import logging
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, FormData
from sqlalchemy import Connection

from bridges.telegram import silence
from intake import clock, mailbox, people
from intake.casework import list_cases
from intake.inbox.app import inbox_app
from intake.listener import listen
from intake.logs import log_uncaught
from intake.model import Role
from intake.ops import ops_app
from intake.reply import reply
from intake.service import Service
from intake.store.failure import StoreUnavailable
from intake.web.app import public_app
from tests.bridges.phones import PHONES, Said
from tests.doubles import Mood
from tests.flows.ears import Ears, listening, spoken
from tests.flows.steps import NATIONAL, SYD, only_case, staffed, tell
from tests.flows.test_sms import staged
from tests.flows.test_telegram import ID, talking
from tests.intake.parser.samples import MARK, PICTURES
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, reader_of
from tests.telegram_double import TelegramDouble

TEXT = "kanariefågel-text i Trelleborg"
NAME = "kanarie.namn@example.org"
SECRET = "kanarie-lösenfras-9-xylofon"
DIGITS = "4711" * 7
HEADER = "kanarie-huvud-1234"
PATH = "kanarie-stig"
NUMBER = "46709876543"
MARKS = {"text": TEXT, "login": NAME, "passphrase": SECRET, "digits": DIGITS, "header": HEADER, "path": PATH}
SHOWN_AGAIN = {"text", "login"}
"""What a page that is filled in anew keeps, so that nobody loses a word: bodies of HTML may hold these."""
JSON = {"Content-Type": "application/json", "User-Agent": HEADER, "X-Anything": HEADER}


_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass
class House:
    """The three listeners, open, and what they answered that was no success."""

    service: Service
    session: ClientSession
    public: int
    inbox: int
    ops: int
    syd: Person
    refusals: list[str] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)
    """Marks that came to be on the way: receipts and the like."""

    async def call(self, method: str, port: int, path: str, **options: object) -> ClientResponse:
        """Send a request; keep the whole answer unless it is a page of ours that went well."""
        address = f"http://127.0.0.1:{port}{path}"
        async with self.session.request(method, address, allow_redirects=False, **options) as answer:
            body = await answer.text(errors="replace")
            head = "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
            self.refusals.append(head)
            if answer.status >= 400:
                self.refusals.append(_without_kept(body) if answer.content_type == "text/html" else body)
        return answer

    async def api(self, path: str, body: object) -> ClientResponse:
        sent = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        return await self.call("POST", self.public, f"/api/v1/{path}", data=sent, headers=JSON)

    async def page(self, port: int, path: str, **fields: str) -> ClientResponse:
        """Open a page and send its form in with these fields."""
        async with self.session.get(f"http://127.0.0.1:{port}{path}") as answer:
            hidden = {name: unescape(value) for name, value in _HIDDEN.findall(await answer.text())}
        headers = {"User-Agent": HEADER, "Referer": f"http://{HEADER}/"}
        return await self.call("POST", port, path, data={**hidden, **fields}, headers=headers)

    async def raw(self, port: int, sent: bytes) -> None:
        """Speak to a port byte by byte."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        if writer.can_write_eof():
            writer.write_eof()
        self.refusals.append((await asyncio.wait_for(reader.read(), 5)).decode("latin-1"))
        writer.close()

    async def ports(self) -> tuple[int, int, int]:
        return self.public, self.inbox, self.ops


def _without_kept(page: str) -> str:
    for name in SHOWN_AGAIN:
        page = page.replace(MARKS[name], "")
    return page


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    with listening() as found:
        yield found


@pytest.fixture
async def house(empty_service: Service, ears: Ears) -> AsyncIterator[House]:
    """The house, staffed, with every ear open."""
    assert ears
    syd, _ = await staffed(empty_service, SYD, NATIONAL)
    async with AsyncExitStack() as stack:
        ports = []
        for app in (public_app(empty_service), inbox_app(empty_service), ops_app(empty_service)):
            listener = await listen(app, "127.0.0.1:0")
            stack.push_async_callback(listener.close)
            ports.append(listener.port)
        session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        yield House(empty_service, session, *ports, syd)


# Flows that go well -----------------------------------------------------------------------------------------------


async def write_and_come_back(house: House) -> None:
    answer = await house.session.post(
        f"http://127.0.0.1:{house.public}/api/v1/reports",
        json={"text": TEXT, "county": "12"},
        headers={"Idempotency-Key": HEADER * 2},
    )
    receipt = house.made["receipt"] = (await answer.json())["receipt"]
    assert (await house.api("mailbox", {"receipt": receipt})).status == 200
    assert (await house.api("mailbox/messages", {"receipt": receipt, "text": TEXT})).status == 201
    assert (await house.api("mailbox/erase", {"receipt": receipt})).status == 204
    assert (await house.api("mailbox", {"receipt": receipt})).status == 404


async def write_by_the_form(house: House) -> None:
    assert (await house.page(house.public, "/sv/tip", text=TEXT, place="Trelleborg")).status == 201
    receipt = house.made["receipt"] = (await tell(house.service, TEXT)).receipt
    assert (await house.page(house.public, "/sv/mailbox", receipt=receipt, action="open")).status == 200


async def send_files(house: House) -> None:
    """A picture that tells, one that is none, and a form that breaks off."""
    async with house.session.get(f"http://127.0.0.1:{house.public}/sv/tip") as answer:
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(await answer.text())}
    form = FormData({**hidden, "text": TEXT, "originals": "yes"}, default_to_multipart=True)
    for name, content in ((f"{PATH}.jpg", PICTURES["jpeg"]), (f"{HEADER}.exe", TEXT.encode())):
        form.add_field("files", content, filename=name)
    assert (await house.call("POST", house.public, "/sv/tip", data=form)).status == 201
    house.made["camera"] = MARK.decode()
    kind = {"Content-Type": f"multipart/form-data; boundary={HEADER}"}
    torn = f'--{HEADER}\r\nContent-Disposition: form-data; name="files"; filename="{NAME}"\r\n\r\n{TEXT}'
    answer = await house.call("POST", house.public, "/sv/tip", data=io.BytesIO(torn.encode()), headers=kind)
    assert answer.status == 400


async def work_at_the_desk(house: House) -> None:
    house.made["receipt"] = (await tell(house.service, TEXT)).receipt
    assert (await house.page(house.inbox, "/login", login=house.syd.login, passphrase=PASSPHRASE)).status == 303
    reader = await reader_of(house.service, house.syd)
    case = await only_case(house.service, reader)
    assert (await house.call("GET", house.inbox, f"/cases/{case}")).status == 200
    await reply(house.service, reader, case, TEXT, MONDAY_MORNING)
    assert (await house.call("GET", house.inbox, "/")).status == 200


async def work_on_a_case(house: House) -> None:
    await work_at_the_desk(house)
    case = await only_case(house.service, await reader_of(house.service, house.syd))
    async with house.session.get(f"http://127.0.0.1:{house.inbox}/cases/{case}") as answer:
        mark = {"csrf": dict(_HIDDEN.findall(await answer.text()))["csrf"]}
    put = {"kind": "tip", "type": "labour", "urgency": "high", "minor": "no", "place": "", "lang": "th", "cards": "1"}
    for form, fields in (
        ("remark", {"remark": TEXT}),
        ("remark", {"remark": TEXT * 2000}),
        ("labels", put),
        ("labels", put | {"place": TEXT, "lang": SECRET}),
        ("wait", {"on": TEXT, "until": TEXT}),
        ("interpreter", {"hidden": NAME}),
        ("hand-on", {"desk": SECRET, "reason": TEXT}),
        ("hand-on", {"desk": NATIONAL, "reason": TEXT, "way": "lend"}),
        ("take-back", {"desk": HEADER}),
    ):
        await house.call("POST", house.inbox, f"/cases/{case}/{form}", data=mark | fields)
    await house.call("POST", house.inbox, "/views", data=mark | {"view": TEXT, "query": f"place={SECRET}&kind=help"})
    for path in (f"/?place={SECRET}&kind={HEADER}", f"/list?after={PATH}", "/changes"):
        assert (await house.call("GET", house.inbox, path)).status == 200


async def change_the_own_account(house: House) -> None:
    """Every form of the account page, rightly and wrongly, and a case that names a number."""
    house.made["named"] = "0709182736"
    await tell(house.service, f"{TEXT}, ring 0709182736")
    assert (await house.page(house.inbox, "/login", login=house.syd.login, passphrase=PASSPHRASE)).status == 303
    reader = await reader_of(house.service, house.syd)
    assert (await house.call("GET", house.inbox, f"/cases/{await only_case(house.service, reader)}")).status == 200
    for end, fields in (
        ("passphrase", {"current": SECRET, "passphrase": SECRET, "again": SECRET}),
        ("passphrase", {"current": PASSPHRASE, "passphrase": "kanarie", "again": "kanarie"}),
        ("passkeys/add", {"current": PASSPHRASE, "name": NAME, "challenge": SECRET, "answer": SECRET}),
        ("passkeys/remove", {"passkey": SECRET, "current": PASSPHRASE}),
        ("sessions/end", {"session": SECRET}),
        ("authenticator", {"ticket": SECRET, "current": SECRET, "code": DIGITS}),
        ("passphrase", {"current": PASSPHRASE, "passphrase": SECRET, "again": SECRET}),
    ):
        async with house.session.get(f"http://127.0.0.1:{house.inbox}/account") as answer:
            hidden = {name: unescape(value) for name, value in _HIDDEN.findall(await answer.text())}
        await house.call("POST", house.inbox, f"/account/{end}", data={**hidden, **fields})


async def look_at_the_counts(house: House) -> None:
    await tell(house.service, TEXT)
    for path in ("/healthz", "/readyz", "/metrics", f"/metrics?{PATH}={HEADER}"):
        assert (await house.call("GET", house.ops, path)).status == 200


async def forget_what_is_due(house: House) -> None:
    house.made["receipt"] = receipt = (await tell(house.service, TEXT)).receipt
    await mailbox.erase(house.service, await mailbox.key_from_receipt(house.service, receipt), MONDAY_MORNING)
    for job in clock.TABLE:
        await clock._run(house.service, job)


async def write_from_every_phone(house: House) -> None:
    """Every provider's webhook, forged too; the desk's answer, a code, a provider that fails."""
    reader, pace = await reader_of(house.service, house.syd), house.service.clock
    house.made |= {"number": NUMBER, "chat": str(ID), "user name": "smeknamn"}
    for phone in PHONES:
        async with staged(house.service, phone, pace) as stage:
            await stage.knock(Said(f"{TEXT}, jag tvingas sälja sex", f"+{NUMBER}", id=f"{phone.label}-1"))
            await stage.knock(Said("JA", f"+{NUMBER}", id=f"{phone.label}-2"))
            stage.phone = replace(phone, sign=lambda body, at: (body, {}))
            assert await stage.knock(Said(TEXT, f"+{NUMBER}", id=f"{phone.label}-3")) in (401, 403)
            case = (await list_cases(house.service, reader, None, 1)).lines[0].case
            await reply(house.service, reader, case.id, TEXT, pace.now)
            for mood in (Mood.LIES, Mood.FORBIDS, Mood.HANGS, Mood.WELL):
                stage.double.mood = mood
                await stage.carry()
                pace.advance(seconds=20)
            stage.phone = phone
            pace.advance(minutes=4)
            await stage.knock(Said("KOD", f"+{NUMBER}", id=f"{phone.label}-4"))
            house.made[f"code {phone.label}"] = (await stage.carry())[-1].partition(".")[0]


async def write_in_the_chat(house: House) -> None:
    """A whole conversation, its answer, a bot that is blocked, an erasure."""
    house.made |= {"chat": str(ID), "user name": "smeknamn", "token": TelegramDouble().token}
    silence()
    async with talking(house.service, house.service.clock) as talk:
        await talk.say("/start", TEXT, "/safe")
        await talk.press("lang:sv", "door:help", "may:yes", "ask")
        await talk.say(TEXT, TEXT, f"{TEXT} nej", "allt")
        talk.double.mood = Mood.LIES
        await talk.say(TEXT)
        talk.double.mood = Mood.WELL
        await talk.say("/erase")
        await talk.press("erase:yes")
        await talk.say(TEXT)
        talk.double.block(ID)
        await talk.go_on()


# Requests that are refused ----------------------------------------------------------------------------------------


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


# What fails inside ------------------------------------------------------------------------------------------------


async def report_everywhere(house: House, status: int) -> None:
    assert (await house.api("reports", {"text": TEXT})).status == status
    assert (await house.page(house.public, "/sv/tip", text=TEXT)).status == status


def forbid_mailboxes(conn: Connection) -> None:
    """Make the database itself refuse what is written, and say so in its own words."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ALTER TABLE mailboxes ADD CONSTRAINT never CHECK (kept)")
        return
    conn.exec_driver_sql("CREATE TRIGGER never BEFORE INSERT ON mailboxes BEGIN SELECT RAISE(ABORT, 'never'); END")


async def a_table_that_is_gone(house: House) -> None:
    receipt = house.made["receipt"] = (await tell(house.service, TEXT)).receipt
    await house.service.database.write(lambda conn: conn.exec_driver_sql("ALTER TABLE envelopes RENAME TO away"))
    await report_everywhere(house, 500)
    assert (await house.api("mailbox", {"receipt": receipt})).status == 500
    await house.page(house.public, "/sv/mailbox", receipt=receipt, action="open")
    await house.page(house.inbox, "/login", login=house.syd.login, passphrase=PASSPHRASE)
    await house.call("GET", house.inbox, "/")


async def a_row_that_the_database_refuses(house: House) -> None:
    await house.service.database.write(forbid_mailboxes)
    await report_everywhere(house, 500)


def take_no_writes(conn: Connection) -> None:
    conn.exec_driver_sql(f"ALTER DATABASE {conn.engine.url.database} SET default_transaction_read_only = on")


def end_connections(conn: Connection) -> None:
    conn.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")


async def a_store_that_takes_nothing(house: House) -> None:
    database = house.service.database
    if database.dialect == "postgresql":
        await database.write(take_no_writes)
        with pytest.raises(StoreUnavailable):
            await database.write(end_connections)
    else:
        await database.close()
    await report_everywhere(house, 503)
    await house.api("mailbox", {"receipt": DIGITS})
    await house.page(house.inbox, "/login", login=NAME, passphrase=SECRET)
    for path in ("/readyz", "/metrics"):
        await house.call("GET", house.ops, path)
    for job in clock.TABLE:
        await clock._run(house.service, job)


def explode(*_: object, **__: object) -> None:
    raise ValueError(f"{TEXT} {NAME} {SECRET} {DIGITS}")


async def a_fault_of_ours_that_quotes(house: House) -> None:
    """The worst that a mistake can do: an exception with everything in its words."""
    receipt = (await tell(house.service, TEXT)).receipt
    with pytest.MonkeyPatch.context() as patch:
        for place in ("intake.receive.assess", "intake.filing.assess", "intake.login.login_indexes"):
            patch.setattr(place, explode)
        patch.setattr("intake.ops.generate_latest", explode)
        await report_everywhere(house, 500)
        await house.api("mailbox/messages", {"receipt": receipt, "text": TEXT})
        await house.page(house.inbox, "/login", login=NAME, passphrase=SECRET)
        assert (await house.call("GET", house.ops, "/metrics")).status == 500


async def a_job_that_quotes(house: House) -> None:
    async def job(_: Service, __: datetime) -> None:
        explode()

    await clock._run(house.service, job)


Flow = Callable[[House], Awaitable[None]]

FLOWS: list[Flow] = [
    write_and_come_back,
    write_by_the_form,
    send_files,
    work_at_the_desk,
    work_on_a_case,
    change_the_own_account,
    look_at_the_counts,
    forget_what_is_due,
    write_from_every_phone,
    write_in_the_chat,
    bad_json,
    wrong_receipts,
    forms_that_will_not_do,
    addresses_that_lead_nowhere,
    logins_that_fail,
    a_join_that_fails,
    malformed_http,
    a_sender_who_hangs_up,
    a_table_that_is_gone,
    a_row_that_the_database_refuses,
    a_store_that_takes_nothing,
    a_fault_of_ours_that_quotes,
    a_job_that_quotes,
]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
async def test_no_marker_comes_out_of(house: House, ears: Ears, capfd: pytest.CaptureFixture[str], flow: Flow):
    await flow(house)
    await asyncio.sleep(0)
    out, err = capfd.readouterr()
    marks = {**MARKS, **house.made, "passphrase of a member": PASSPHRASE}
    assert spoken(marks, ears.heard()) == []
    assert spoken(marks, out + err) == []
    assert spoken(marks, "".join(house.refusals)) == []
    assert house.syd.login not in ears.heard()
    assert "127.0.0.1" not in ears.house.getvalue()


def crash() -> None:
    try:
        explode()
    except ValueError:
        log_uncaught(*sys.exc_info())


def quoting_library() -> None:
    try:
        explode()
    except ValueError:
        logging.getLogger("library").exception("sent %s to %s", TEXT, NAME, extra={"login": NAME}, stack_info=True)


def forgotten_task() -> None:
    async def fail() -> None:
        explode()

    async def forget() -> None:
        asyncio.create_task(fail())  # noqa: RUF006 - forgotten on purpose
        await asyncio.sleep(0)

    asyncio.run(forget())


@pytest.mark.parametrize("noise", [crash, quoting_library, forgotten_task], ids=lambda noise: noise.__name__)
def test_what_others_say_is_told_by_place_and_kind_alone(noise: Callable[[], None]):
    with listening() as ears:
        noise()
        gc.collect()
        said = ears.house.getvalue()
    assert '"exception": "ValueError"' in said
    assert spoken(MARKS, said) == []


def test_the_search_would_hear_a_marker():
    with listening() as ears:
        logging.getLogger("library").debug("sent %s", TEXT)
        assert spoken(MARKS, ears.heard()) == ["text"]
    for form in (TEXT, repr(TEXT.encode()), TEXT.encode().hex()):
        assert spoken(MARKS, form) == ["text"]
