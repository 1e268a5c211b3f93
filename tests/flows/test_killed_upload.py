"""`kill -9` while a file comes in: nothing of it lies anywhere, and the same form sent again is taken once."""

import asyncio
import re
from pathlib import Path

from aiohttp import ClientSession, FormData, TCPConnector

from tests.intake.parser.samples import jpeg
from tests.processes import House, Running, make_house, served_here

TEXT = "kanariefagel-4711 de sover i källaren"
PIECE = b"kanariebild-4711" * 65_536
"""A megabyte; a handful of them is more than sockets hold back."""
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_RECEIPT = re.compile(r'<p class="receipt" dir="ltr">(.*?)</p>')


def files_of(house: House) -> set[str]:
    return {str(file.relative_to(house.folder)) for file in house.folder.rglob("*") if file.is_file()}


async def break_off(house: House, hidden: dict[str, str], service: Running) -> None:
    """Send the form with the beginning of a long file; the service dies before its end."""
    head = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**hidden, "text": TEXT}.items()
    )
    head += '--b\r\nContent-Disposition: form-data; name="files"; filename="bild.jpg"\r\n\r\n'
    _, line = await asyncio.open_connection("127.0.0.1", house.public_port)
    line.write(
        b"POST /en/tip HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        b"Content-Length: 30000000\r\n\r\n" + head.encode()
    )
    for _ in range(8):
        line.write(PIECE)
        await line.drain()
    service.kill()
    line.close()


async def send_again(http: ClientSession, hidden: dict[str, str]) -> str:
    form = FormData({**hidden, "text": TEXT}, default_to_multipart=True)
    form.add_field("files", jpeg(), filename="bild.jpg", content_type="image/jpeg")
    async with http.post("/en/tip", data=form) as answer:
        assert answer.status == 201
        return re.sub(r"\D", "", re.sub("<[^>]*>", "", _RECEIPT.search(await answer.text())[1]))


async def test_a_service_killed_while_a_file_comes_in_leaves_nothing_of_it(tmp_path: Path, begin):
    house = await make_house(tmp_path)
    service, before = begin(house), files_of(house)
    each_anew = TCPConnector(force_close=True)  # no connection of the killed one's is used again
    async with ClientSession(f"http://127.0.0.1:{house.public_port}", connector=each_anew) as http:
        async with http.get("/en/tip") as page:
            hidden = dict(_HIDDEN.findall(await page.text()))
        await break_off(house, hidden, service)
        assert files_of(house) <= before
        for file in files_of(house):
            assert b"4711" not in (house.folder / file).read_bytes(), file
        async with served_here(house):
            assert len({await send_again(http, hidden) for _ in range(2)}) == 1
    assert files_of(house) <= before
