"""The steps that tests of files are made of: send one along, find it at its case, open it."""

from collections.abc import AsyncIterator

from intake.attachments.showing import open_attachment
from intake.attachments.taking import Taken, take_in
from intake.attachments.uploads import Upload, take_upload
from intake.casework import OpenCase
from intake.model import Attachment
from intake.reading import Reader
from intake.receive import Once, Received, Report, receive
from intake.service import Service
from tests.flows.steps import MALMO, a_report, only_case, read
from tests.service import MONDAY_MORNING


async def arriving(content: bytes, piece: int = 50_000) -> AsyncIterator[bytes]:
    """Bytes as a network brings them."""
    for at in range(0, len(content), piece):
        yield content[at : at + piece]


async def upload(service: Service, content: bytes, name: str = "bild.jpg", number: int = 0) -> Upload:
    return await take_upload(service, name, number, arriving(content))


async def taken(service: Service, *contents: bytes, originals: bool = False) -> Taken:
    uploads = [await upload(service, content, f"fil {n}", n) for n, content in enumerate(contents)]
    return await take_in(service, uploads, MONDAY_MORNING, originals=originals)


async def send(service: Service, *contents: bytes, originals: bool = False) -> Received:
    """A tip about Malmö with files."""
    found = await taken(service, *contents, originals=originals)
    report = a_report(place=MALMO)
    whole = Report(report.text, report.channel, report.kind, report.place, files=found.files)
    return await receive(service, whole, Once.by_chance(), MONDAY_MORNING)


async def opened_case(service: Service, reader: Reader) -> tuple[OpenCase, list[Attachment]]:
    """The only case that somebody sees, and its files."""
    found = await read(service, reader)
    return found, [one for files in found.files.values() for one in files]


async def content_of(service: Service, reader: Reader, attachment: Attachment) -> bytes:
    shown = await open_attachment(service, reader, await only_case(service, reader), attachment.id, MONDAY_MORNING)
    return b"".join([piece async for piece in shown.content])
