"""The files that came with each message of a case, by name and kind; their content comes only when somebody asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from intake.casework import OpenCase
from intake.inbox.shown import plain
from intake.inbox.visit import WorkVisit
from intake.model import Attachment
from intake.parser.verdict import Media

_KINDS: Mapping[Media, str] = {
    Media.JPEG: "JPEG",
    Media.PNG: "PNG",
    Media.WEBP: "WebP",
    Media.HEIC: "HEIC",
    Media.PDF: "PDF",
    Media.OGG: "OGG",
}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file as the case page names it. `size` is in kilobytes; `seen`: a picture that the page itself can show."""

    id: str
    path: str
    name: str = field(repr=False)
    kind: str
    size: int
    seen: bool
    original: bool


async def panel(visit: WorkVisit, found: OpenCase) -> Mapping[str, object]:
    """The files of each message, by its id."""
    return {"enclosed": {message: _enclosed(found, files) for message, files in found.files.items()}}


def _enclosed(found: OpenCase, files: Sequence[Attachment]) -> list[Enclosed]:
    return [
        Enclosed(
            id=one.id,
            path=f"/cases/{found.case.id}/files/{one.id}",
            name=plain(one.name),
            kind=_KINDS[one.media],
            size=ceil(one.size / 1000),
            seen=one.media.is_picture and not one.original,
            original=one.original,
        )
        for one in files
    ]
