"""A file on its way to a coordinator: named on the case page, shut in when it is opened, out of others' sight."""

import re
from collections.abc import Callable

import pytest
from aiohttp import ClientResponse

from intake.inbox.case.filepages import saved_name
from intake.model import Attachment, AttachmentId, CaseId, Channel
from intake.parser.verdict import Media
from intake.receive import Once, Report, receive
from intake.service import Service
from tests.intake.attachments.steps import taken
from tests.intake.inbox.browser import Browser
from tests.intake.inbox.conftest import UMEA
from tests.intake.parser.samples import MARK, jpeg, pdf
from tests.service import MONDAY_MORNING


@pytest.fixture
async def paths(house: Service, nord: Browser) -> list[str]:
    """A picture, its original, a document and its original, as Nord's case page links to them."""
    files = (await taken(house, jpeg(), pdf(), originals=True)).files
    report = Report("Bilder från hotellet.", Channel.WEB, place=UMEA, files=files)
    await receive(house, report, Once.by_chance(), MONDAY_MORNING)
    case = CaseId((await nord.get("/")).cases[0])
    page = await nord.get(f"/cases/{case}")
    return list(dict.fromkeys(re.findall(r"/cases/\w{26}/files/\w{26}", page.text)))


async def fetch(visitor: Browser, path: str) -> tuple[ClientResponse, bytes]:
    cookie = {"Cookie": f"hamn={visitor.cookie}"}
    async with visitor.client.get(path, headers=cookie, allow_redirects=False) as answer:
        return answer, await answer.read()


async def test_each_file_comes_as_what_it_is_and_shut_in(paths: list[str], nord: Browser) -> None:
    expected = [("image/jpeg", "inline"), ("application/octet-stream", "attachment"), ("application/pdf", "attachment")]
    for path, (kind, way) in zip(paths, expected, strict=False):
        answer, content = await fetch(nord, path)
        assert answer.status == 200
        assert (answer.content_type, answer.content_length) == (kind, len(content))
        assert answer.headers["Content-Disposition"].startswith(f"{way}; filename*=UTF-8''fil%20")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_only_the_original_tells_what_the_camera_wrote(paths: list[str], nord: Browser) -> None:
    contents = [(await fetch(nord, path))[1] for path in paths]
    assert [MARK in content for content in contents] == [False, True, False, True]


async def test_a_picture_waits_blurred_behind_a_question_and_nothing_else_is_shown(
    paths: list[str], nord: Browser
) -> None:
    page = await nord.get(paths[0].partition("/files/")[0])
    shown = re.findall(r'<img class="veiled" src="([^"]*)"[^>]*loading="lazy"', page.text)
    assert shown == paths[:1]
    assert page.text.count("<img") == 1
    assert "<details open" not in page.text


async def test_others_find_no_such_file(
    paths: list[str], another_browser: Callable[[], Browser], nord: Browser
) -> None:
    for login in ("mitt", "national"):
        other = another_browser()
        await other.log_in(login)
        assert (await fetch(other, paths[0]))[0].status == 404
    assert (await fetch(nord, paths[0][:-26] + "a" * 26))[0].status == 404
    answer, content = await fetch(another_browser(), paths[0])
    assert (answer.status, content) == (303, b"")


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("bild.JPG", "bild.jpg"),
        ("rapport.pdf.exe", "rapport.pdf.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Windows\\win.ini", "win.jpg"),
        ("..", "file.jpg"),
        ("", "file.jpg"),
        (".htaccess", "file.jpg"),
        ("bild\u202egpj.exe", "bildgpj.jpg"),
        ("a\r\nX: y", "aX y.jpg"),
        ("x" * 400, "x" * 100 + ".jpg"),
    ],
)
def test_no_name_leads_anywhere(name: str, saved: str) -> None:
    file = Attachment(AttachmentId("a" * 26), Media.JPEG, Media.JPEG, 1, name, b"")
    assert saved_name(file).replace(":", "") == saved.replace(":", "")
