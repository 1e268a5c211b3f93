"""The files that come with a form of ours: taken in sealed while they arrive, then kept or named; opens none."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from intake.attachments.uploads import Upload, refuse_upload, take_upload
from intake.pages.forms import read_form_with_files
from intake.parser.verdict import Refusal
from intake.web.site import Visit
from intake.web.tokens import genuine

FIELD = "files"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: its fields, and its files in their order."""

    fields: Mapping[str, str] = field(repr=False)
    uploads: list[Upload]

    @property
    def chose_files(self) -> bool:
        """Whether files were picked, though perhaps only their names were sent."""
        return bool(self.uploads or self.fields.get(FIELD))


@asynccontextmanager
async def sent(visit: Visit) -> AsyncIterator[Sent]:
    """Read the form of a visit; files that nobody took over go at the end. Raises as `read_form_with_files`."""
    uploads: list[Upload] = []

    async def take(fields: Mapping[str, str], name: str, pieces: AsyncIterator[bytes]) -> bool:
        if not name:
            first = await anext(pieces, None)
            if first is None:  # a field in which no file was picked
                return True
            pieces = _beginning_with(first, pieces)
        if genuine(visit, fields) is None:
            uploads.append(await refuse_upload(name, Refusal.NO_ROOM, pieces))
        else:
            uploads.append(await take_upload(visit.service, name, len(uploads), pieces))
        return uploads[-1].refusal is not Refusal.TOO_SLOW

    try:
        yield Sent(await read_form_with_files(visit.request, take), uploads)
    finally:
        for upload in uploads:
            if upload.spool is not None:
                upload.spool.close()


async def _beginning_with(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece
