"""Gives a file of a case to somebody of its desk: streamed through decryption, shut in, never under a foreign name."""

from collections.abc import Mapping
from urllib.parse import quote

from aiohttp import hdrs, web

from intake.attachments.showing import open_attachment
from intake.attachments.uploads import plain_name
from intake.inbox.visit import WorkVisit
from intake.model import Attachment, AttachmentId, CaseId
from intake.parser.verdict import Media
from intake.reading import NotYours

_TYPES: Mapping[Media, str] = {
    Media.JPEG: "image/jpeg",
    Media.PNG: "image/png",
    Media.WEBP: "image/webp",
    Media.HEIC: "image/heic",
    Media.PDF: "application/pdf",
    Media.OGG: "audio/ogg",
}
_ENDS: Mapping[Media, str] = {Media.JPEG: "jpg"}
_SHUT_IN = "sandbox; default-src 'none'"
"""Whatever a browser makes of the bytes: no script, no form, no request, an origin of its own."""
_UNSEEN = "application/octet-stream"
"""What the parser has not drawn anew is saved, never shown."""


async def give_file(visit: WorkVisit) -> web.StreamResponse:
    """The file whole: a drawn picture to look at, everything else to be saved."""
    info = visit.request.match_info
    case, file = CaseId(info["case"]), AttachmentId(info["file"])
    try:
        shown = await open_attachment(visit.service, visit.work.reader, case, file, visit.now)
    except NotYours:
        raise web.HTTPNotFound from None
    response = web.StreamResponse(headers=headers_of(shown.attachment))
    response.content_length = shown.attachment.size
    await response.prepare(visit.request)
    async for piece in shown.content:
        await response.write(piece)
    await response.write_eof()
    return response


def headers_of(file: Attachment) -> Mapping[str, str]:
    """What tells a browser how to treat a file, whatever its sender called it."""
    seen = file.media.is_picture and not file.original
    way = "inline" if seen else "attachment"
    return {
        hdrs.CONTENT_TYPE: _UNSEEN if file.original else _TYPES[file.media],
        hdrs.CONTENT_DISPOSITION: f"{way}; filename*=UTF-8''{quote(saved_name(file), safe='')}",
        hdrs.CONTENT_SECURITY_POLICY: _SHUT_IN,
    }


def saved_name(file: Attachment) -> str:
    """The sender's name for it without path and ending, and the ending that it truly has."""
    stem = plain_name(file.name).rsplit(".", 1)[0].strip(". ") or "file"
    return f"{stem}.{_ENDS.get(file.media, file.media.value)}"
