"""The list of a message's files as canonical JSON, sealed like a message; knows no desk, no row and no content.

A file's content is a stream of its own (`vault.stream`) under the key that stands here, bound to the file's id.
"""

from collections.abc import Sequence
from typing import Any

from intake.model import Attachment, AttachmentId, Direction
from intake.parser.verdict import Media
from intake.vault.base64url import from_text, to_text
from intake.vault.sealed_form import SealedForm


def _list_value(files: Sequence[Attachment]) -> dict[str, Any]:
    return {"files": [_value(one) for one in files]}


def _list(value: dict[str, Any]) -> Sequence[Attachment]:
    return tuple(_attachment(one) for one in value["files"])


def _value(one: Attachment) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "media": one.media,
        "size": one.size,
        "name": one.name,
        "key": to_text(one.key),
        "original": one.original,
    }


def _attachment(value: dict[str, Any]) -> Attachment:
    return Attachment(
        id=AttachmentId(value["id"]),
        kind=Media(value["kind"]),
        media=Media(value["media"]),
        size=int(value["size"]),
        name=str(value["name"]),
        key=from_text(value["key"]),
        original=bool(value["original"]),
    )


ATTACHMENT_LISTS = SealedForm("a list of files", Direction.ATTACHMENTS, _list_value, _list)
