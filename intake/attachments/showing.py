"""Opens a file for somebody of the case's desk; nothing of it is given out before all of it has verified."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.model import Attachment, AttachmentId, CaseId, Direction, RecipientKind
from intake.reading import NotYours, Reader, open_lists, readable_case
from intake.service import Service
from intake.store import attachments, envelopes
from intake.store.attachments import Kept
from intake.vault.errors import Tampered
from intake.vault.stream import StreamOpener


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that has verified, and its content once more, as it is given out."""

    attachment: Attachment
    content: AsyncIterator[bytes] = field(repr=False)


async def open_attachment(
    service: Service, reader: Reader, case_id: CaseId, attachment_id: AttachmentId, now: datetime
) -> Shown:
    """Open a file of a case, and note who did.

    Raises:
        NotYours: no such case or file, or another desk's, or sealed before the reader came.
        Tampered: it is not what was sealed here.
    """
    attachment, kept = await service.database.read(_find, service, reader, case_id, attachment_id)
    async for _ in _content(service, attachment, kept):
        pass
    await service.database.write(_note, service, reader, case_id, now)
    return Shown(attachment, _content(service, attachment, kept))


def _find(
    conn: Connection, service: Service, reader: Reader, case_id: CaseId, attachment_id: AttachmentId
) -> tuple[Attachment, Kept]:
    readable_case(conn, service.key, reader, case_id)
    lists = envelopes.of_case(conn, service.key, case_id, [Direction.ATTACHMENTS], RecipientKind.DESK)
    listed = open_lists(reader, [one.envelope for one in lists])
    kept = attachments.find(conn, service.key, attachment_id)
    for message, files in listed.items():
        for one in files:
            if kept is not None and one.id == kept.id and (kept.case, kept.message) == (case_id, message):
                return one, kept
    raise NotYours


async def _content(service: Service, attachment: Attachment, kept: Kept) -> AsyncIterator[bytes]:
    opener, left = StreamOpener(attachment.key, attachment.id), attachment.size
    for number in range(kept.pieces):
        sealed = await service.database.read(attachments.read_piece, attachment.id, number)
        if sealed is None:
            raise Tampered("a piece is gone")
        opened = opener.update(sealed)
        yield opened[:left]
        left -= min(left, len(opened))
    yield opener.finish()[:left]


def _note(conn: Connection, service: Service, reader: Reader, case_id: CaseId, now: datetime) -> None:
    case = readable_case(conn, service.key, reader, case_id)
    audit.record(conn, service.key, case.desk, Line(now, Act.FILE_OPENED, reader.member, case_id))
