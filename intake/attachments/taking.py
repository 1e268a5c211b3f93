"""From files that came in to files that a message can name: drawn anew, sealed, on disk; knows no page and no case."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake.attachments.spool import Spool
from intake.attachments.uploads import Upload
from intake.attachments.washing import washed
from intake.model import Attachment, AttachmentId
from intake.parser.verdict import Media, Refusal, Refused
from intake.service import Service
from intake.store import attachments
from intake.store.failure import StoreUnavailable
from intake.vault.ids import new_attachment_id
from intake.vault.padding import padded_length
from intake.vault.stream import StreamSealer, new_stream_key

UNCLAIMED_FOR = timedelta(hours=1)
"""So long a file waits for its message, which follows within seconds unless something breaks."""
PIECE = 256 * 1024
"""Bytes of one row: few rows a file, and none that keeps the one writer from others' messages for long."""

_OGG = b"OggS"


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file that was not taken in, by its name, and why."""

    name: str = field(repr=False)
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """What a message may name, and what was not taken in. Whatever happens to files, the text goes its way."""

    files: tuple[Attachment, ...] = ()
    refused: tuple[NotTaken, ...] = ()

    @property
    def count(self) -> int:
        """How many of the files that came are kept, however often each."""
        return sum(not one.original for one in self.files)


async def take_in(service: Service, uploads: Sequence[Upload], now: datetime, *, originals: bool = False) -> Taken:
    """Read, draw anew and store what came in, one after the other; `originals`: keep each as it came beside that."""
    files: list[Attachment] = []
    refused: list[NotTaken] = []
    for upload in uploads:
        try:
            files += await _take_one(service, upload, now, originals)
        except Refused as refusal:
            refused.append(NotTaken(upload.name, refusal.reason))
        except StoreUnavailable:
            refused.append(NotTaken(upload.name, Refusal.NO_ROOM))
    return Taken(tuple(files), tuple(refused))


async def take_recording(service: Service, upload: Upload, now: datetime) -> Taken:
    """Store a voice note as it came, to be saved and never shown: nothing here draws sound anew."""
    spool = upload.spool
    if spool is None:
        return Taken(refused=(NotTaken(upload.name, upload.refusal or Refusal.DAMAGED),))
    begun: list[AttachmentId] = []
    try:
        if not next(iter(spool.read()), b"").startswith(_OGG):
            return Taken(refused=(NotTaken(upload.name, Refusal.UNKNOWN_TYPE),))
        whole = _as_it_came(spool)
        return Taken((await _keep(service, begun, upload.name, Media.OGG, Media.OGG, whole, now, original=True),))
    except BaseException:
        await service.database.write(attachments.discard, begun)
        raise
    finally:
        spool.close()


async def _take_one(service: Service, upload: Upload, now: datetime, originals: bool) -> list[Attachment]:
    spool = upload.spool
    if spool is None:
        raise Refused(upload.refusal or Refusal.DAMAGED)
    begun: list[AttachmentId] = []
    try:
        async with service.under_way.parsers, washed(spool.read()) as clean:
            files = [await _keep(service, begun, upload.name, clean.kind, clean.media, clean.content, now)]
        if originals:
            whole = _as_it_came(spool)
            files.append(await _keep(service, begun, upload.name, clean.kind, clean.kind, whole, now, original=True))
    except BaseException:
        await service.database.write(attachments.discard, begun)
        raise
    finally:
        spool.close()
    return files


async def _keep(
    service: Service,
    begun: list[AttachmentId],
    name: str,
    kind: Media,
    media: Media,
    content: AsyncIterator[bytes],
    now: datetime,
    *,
    original: bool = False,
) -> Attachment:
    """Store a content; `begun` learns of it first, so that half of it can be taken out again."""
    attachment, key = new_attachment_id(), new_stream_key()
    await service.database.write(attachments.begin, service.key, attachment, now + UNCLAIMED_FOR)
    begun.append(attachment)
    writing = _Writing(service, attachment, StreamSealer(key, attachment))
    async for piece in content:
        await writing.add(piece)
    size = await writing.finish()
    return Attachment(attachment, kind, media, size, name, key, original)


class _Writing:
    """One content on its way into rows; holds at most a row of it."""

    def __init__(self, service: Service, attachment: AttachmentId, sealer: StreamSealer) -> None:
        self._service, self._attachment, self._sealer = service, attachment, sealer
        self._ready, self._size, self._number = bytearray(), 0, 0

    async def add(self, content: bytes) -> None:
        self._size += len(content)
        self._ready += self._sealer.update(content)
        while len(self._ready) >= PIECE:
            await self._write(PIECE)

    async def finish(self) -> int:
        """Fill up and end; returns how long the content is."""
        size = self._size
        for zeros in _zeros(padded_length(size) - size):
            await self.add(zeros)
        self._ready += self._sealer.finish()
        while self._ready:
            await self._write(PIECE)
        return size

    async def _write(self, length: int) -> None:
        piece = bytes(self._ready[:length])
        del self._ready[:length]
        await self._service.database.write(attachments.add_piece, self._attachment, self._number, piece)
        self._number += 1


def _zeros(length: int) -> Iterator[bytes]:
    while length > 0:
        yield bytes(min(length, PIECE))
        length -= PIECE


async def _as_it_came(spool: Spool) -> AsyncIterator[bytes]:
    try:
        for piece in spool.read():
            yield piece
    except OSError:
        raise Refused(Refusal.NO_ROOM) from None
