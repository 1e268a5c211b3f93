"""Files on their way in: kept with the text or named as not kept, and whatever happens to them, the text arrives."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from intake.attachments import uploads
from intake.casework import OpenCase, list_cases, open_case
from intake.model import Attachment, MemberId
from intake.service import Service
from intake.store import schema
from intake.web.app import public_app
from tests.intake.parser.samples import MARK, jpeg, pdf
from tests.intake.web.conftest import Page, Visitor, _read, once
from tests.patience import PATIENCE
from tests.service import Person, make_config, reader_of

Files = Mapping[str, bytes]
MALMO = {"chosen": "1280"}
BOUNDARY = "kant"
KIND = f"multipart/form-data; boundary={BOUNDARY}"

pytestmark = once


async def send(visitor: Visitor, path: str, files: Files, **fields: str) -> Page:
    """Fill in a form and pick files, as a browser sends them: the fields, the files, then the button."""
    hidden = fields.pop("hidden", None) or (await visitor.get(path)).hidden
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, value in {**hidden, **fields}.items():
        form.add_field(name, value)
    for name, content in files.items():
        form.add_field("files", content, filename=name, content_type="image/jpeg")
    form.add_field("send", "1")
    return await _read(await visitor.client.post(path, data=form))


async def opened(service: Service) -> OpenCase:
    """The only case, as the coordinator in Malmö sees it."""
    reader = await reader_of(service, Person("syd@test", MemberId("")))
    (line,) = (await list_cases(service, reader, None, 10)).lines
    return await open_case(service, reader, line.case.id, service.clock())


async def kept(service: Service) -> list[Attachment]:
    return [one for files in (await opened(service)).files.values() for one in files]


async def rows(service: Service) -> int:
    counted = select(func.count()).select_from(schema.attachments)
    return await service.database.read(lambda conn: conn.execute(counted).scalar_one())


@asynccontextmanager
async def visiting(service: Service):
    async with TestClient(TestServer(public_app(service))) as client:
        yield Visitor(client)


async def test_a_text_brings_its_files_to_the_desk(visitor: Visitor, service: Service):
    page = await send(visitor, "/en/tip", {"hotell.jpg": jpeg(), "kvitto.pdf": pdf()}, text="Se bilderna", **MALMO)
    assert (page.status, len(page.receipt)) == (201, 28)
    assert "Files that we have received: 2" in page.text
    assert [(one.name, one.original) for one in await kept(service)] == [("hotell.jpg", False), ("kvitto.pdf", False)]


async def test_originals_are_kept_only_where_the_sender_says_so(visitor: Visitor, service: Service):
    page = await send(visitor, "/en/tip", {"a.jpg": jpeg()}, text="Bevis", originals="yes", **MALMO)
    assert "Files that we have received: 1" in page.text
    assert [one.original for one in await kept(service)] == [False, True]


@pytest.mark.parametrize("door", ["help", "buyer", "professional"])
async def test_only_the_tip_door_asks_for_originals(door: str, visitor: Visitor):
    assert 'name="originals"' in (await visitor.get("/en/tip")).text
    assert 'name="originals"' not in (await visitor.get(f"/en/{door}")).text


async def test_a_message_in_the_mailbox_brings_files_too(visitor: Visitor, service: Service):
    receipt = (await visitor.fill("/en/tip", text="Först", **MALMO)).receipt
    page = await visitor.open(receipt)
    sent = await send(visitor, "/en/mailbox", {"b.jpg": jpeg()}, hidden=page.hidden, action="write", text="Sedan")
    assert "Your message has been received" in sent.text
    assert "Files that we have received: 1" in sent.text
    case = await opened(service)
    assert list(case.files) == [case.messages[1].id]


REFUSED = {
    "film.mp4": (b"\x00\x00\x00\x18ftypmp42" + bytes(500), "not a photo"),
    "picture.jpg": (b"MZ\x90\x00" + bytes(500), "whatever its name says"),
    "page.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "not a photo"),
    "archive.pdf": (b"PK\x03\x04" + bytes(500), "not a photo"),
    "torn.jpg": (jpeg()[:200], "cannot be read"),
    "empty.jpg": (b"", "not a photo"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refused_file_is_named_in_plain_words_and_the_text_arrives(
    name: str, visitor: Visitor, service: Service
):
    content, why = REFUSED[name]
    page = await send(visitor, "/en/help", {name: content, "good.jpg": jpeg()}, text="Mitt brev", **MALMO)
    assert page.status == 201
    assert "Your text has been received, but not these files" in page.text
    assert f"<bdi>{name}</bdi>" in page.text
    assert why in page.text
    assert [one.name for one in await kept(service)] == ["good.jpg"]
    assert (await opened(service)).messages[0].text == "Mitt brev"


async def test_a_name_is_shown_without_its_path_and_as_text(visitor: Visitor):
    page = await send(visitor, "/en/tip", {"../../etc/<img src=x>": b"nothing"}, text="Hej")
    assert "<bdi>&lt;img src=x&gt;</bdi>" in page.text
    assert "etc" not in page.text


async def test_a_sixth_file_is_not_taken(visitor: Visitor, service: Service):
    page = await send(visitor, "/en/tip", {f"{n}.jpg": jpeg() for n in range(6)}, text="Sex bilder", **MALMO)
    assert "<bdi>5.jpg</bdi>: At most 5 files" in " ".join(page.text.split())
    assert len(await kept(service)) == 5


async def test_a_file_that_is_too_large_is_heard_out_and_what_follows_arrives(
    visitor: Visitor, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "LARGEST_CONTENT", 100_000)
    page = await send(visitor, "/en/tip", {"big.jpg": bytes(900_000), "a.jpg": jpeg()}, text="Hej", **MALMO)
    assert "It is too large. A file may have 20 MB." in page.text
    assert [one.name for one in await kept(service)] == ["a.jpg"]


@pytest.mark.parametrize("limits", [{"attachments_megabytes": 0}, {"disk_reserve_megabytes": 10**9}])
async def test_where_there_is_no_room_for_files_the_text_is_taken_all_the_same(
    limits: dict[str, int], make_service: Callable[..., Service], service: Service
):
    full = make_service(make_config(limits=limits))
    async with visiting(full) as visitor:
        page = await send(visitor, "/en/tip", {"a.jpg": jpeg()}, text="Ändå", **MALMO)
    assert page.status == 201
    assert "We cannot take any files just now" in page.text
    assert (await opened(service)).messages[0].text == "Ändå"


@pytest.mark.parametrize("fields", [{"text": " "}, {"text": "Kvar", "token": "AAAA"}, {"text": "Kvar", "search": "1"}])
async def test_where_a_form_is_shown_again_every_word_is_there_and_files_are_asked_for_anew(
    fields: dict[str, str], visitor: Visitor, service: Service
):
    page = await send(visitor, "/en/tip", {"a.jpg": jpeg()}, place="Lund", originals="yes", **fields)
    assert "Choose your files once more" in page.text
    assert fields["text"] in page.text
    assert 'value="Lund"' in page.text
    assert 'value="yes" checked' in page.text
    assert (await rows(service), service.under_way.files) == (0, 0)


async def test_searching_for_a_place_sends_no_file(visitor: Visitor):
    assert (
        'name="search" value="1" formenctype="application/x-www-form-urlencoded"' in (await visitor.get("/en/tip")).text
    )
    page = await visitor.fill("/en/tip", text="Hej", place="Lund", search="1", files="a.jpg")
    assert "Choose your files once more" in page.text


async def test_a_report_that_is_sent_again_has_its_files_once(visitor: Visitor, service: Service):
    hidden = (await visitor.get("/en/tip")).hidden
    first, again = [
        await send(visitor, "/en/tip", {"a.jpg": jpeg()}, hidden=hidden, text="Hej", **MALMO) for _ in range(2)
    ]
    assert first.receipt == again.receipt
    assert "Files that we have received" not in again.text
    assert len(await kept(service)) == 1


async def test_a_file_that_comes_too_slowly_does_not_take_the_text_with_it(
    visitor: Visitor, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "STRETCH_WITHIN", 0.1)
    async with slow_uploads(visitor, 1, text="Långsam") as (line,):
        answer = await asyncio.wait_for(line.readuntil(b"</html>"), PATIENCE)
    assert b"201 Created" in answer
    assert b"It came in too slowly" in answer
    assert await rows(service) == 0


async def test_128_slow_uploads_at_once_stop_no_text_and_leave_nothing(visitor: Visitor, service: Service):
    async with slow_uploads(visitor, 128):
        await _until(lambda: service.under_way.files == 128)
        assert len(await visitor.send("En text emellan")) == 28
        page = await send(visitor, "/en/tip", {"a.jpg": jpeg()}, text="Med bild")
        assert page.status == 201
        assert "We cannot take any files just now" in page.text
    await _until(lambda: service.under_way.files == 0)
    assert await rows(service) == 0


async def test_a_line_that_breaks_leaves_nothing_half(visitor: Visitor, service: Service):
    async with slow_uploads(visitor, 3):
        await _until(lambda: service.under_way.files == 3)
    await _until(lambda: service.under_way.files == 0)
    assert await rows(service) == 0
    reader = await reader_of(service, Person("nationell@test", MemberId("")))
    assert (await list_cases(service, reader, None, 10)).lines == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=kant", b"nothing of the kind"),
        ("multipart/form-data", b"--kant--"),
        ("multipart/form-data; boundary=kant", b"--kant\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--"),
        ("multipart/form-data; boundary=kant", b"--kant\r\nContent-Disposition: form-data; name=text\r\n\r\nabc"),
        ("text/plain", b"text=Hej"),
    ],
)
async def test_a_broken_form_is_refused_and_repeats_nothing(kind: str, body: bytes, visitor: Visitor):
    page = await _read(await visitor.client.post("/en/tip", data=body, headers={"Content-Type": kind}))
    assert page.status in (400, 415)
    assert "abc" not in page.text


async def test_a_form_says_how_long_it_is(visitor: Visitor):
    async def without_end():
        yield f"--{BOUNDARY}\r\n".encode()

    assert (await visitor.client.post("/en/tip", data=without_end(), headers={"Content-Type": KIND})).status == 411


async def test_neither_name_nor_content_lies_on_the_disk_as_it_came(visitor: Visitor, service: Service):
    await send(visitor, "/en/tip", {"kanarie.jpg": jpeg()}, text="Hej", originals="yes", **MALMO)
    path = Path(await service.database.read(lambda conn: conn.exec_driver_sql("PRAGMA database_list").one()[2]))
    on_disk = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
    assert MARK not in on_disk
    assert b"kanarie" not in on_disk


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def slow_uploads(visitor: Visitor, number: int, **fields: str):
    """So many forms at once, each stopping within its file; the readers of their answers."""
    server = visitor.client.server
    lines = [await asyncio.open_connection(server.host, server.port) for _ in range(number)]
    token = (await visitor.get("/en/tip")).hidden["token"]
    head = f"POST /en/tip HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\nContent-Type: {KIND}\r\n\r\n"
    begun = _part("files", "", "; filename=a.jpg")[:-2] + b"\xff\xd8\xff"
    for piece in (head.encode(), *(_part(*one) for one in {"token": token, **fields}.items()), begun, bytes(1000)):
        for _, writer in lines:
            writer.write(piece)
            await writer.drain()
        await asyncio.sleep(0.05)  # what is read ahead of a part must come by itself
    try:
        yield [reader for reader, _ in lines]
    finally:
        for _, writer in lines:
            writer.transport.abort()


def _part(name: str, value: str, more: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + value.encode() + b"\r\n"
