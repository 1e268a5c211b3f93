"""The list of a message's files as canonical JSON, sealed like a message; knows no desk, no row and no content.

A file's content is a stream of its own (`vault.stream`) under the key that stands here, bound to the file's id.
"""

import json
from collections.abc import Sequence
from typing import Any

from intake.model import Attachment, AttachmentId, Context, Direction, Envelope, Recipient, RecipientKind
from intake.parser.verdict import Media
from intake.vault.base64url import from_text, to_text
from intake.vault.envelope import open_envelope, seal_envelope
from intake.vault.errors import Tampered
from intake.vault.suite import PrivateKey

_FORM = 1


def seal_attachments(context: Context, files: Sequence[Attachment], recipients: Sequence[Recipient]) -> Envelope:
    """Seal a list. Raises as `seal_envelope`, and `ValueError` for a context that is no list's."""
    if context.direction is not Direction.ATTACHMENTS:
        raise ValueError("a list of files is sealed as one")
    return seal_envelope(context, attachments_to_json(files), recipients)


def open_attachments(
    envelope: Envelope, kind: RecipientKind, recipient_id: str, generation: int, private: PrivateKey
) -> tuple[Attachment, ...]:
    """Return the list. Raises as `open_envelope`; `Tampered` also for what is no list."""
    if envelope.context.direction is not Direction.ATTACHMENTS:
        raise Tampered("not a list of files")
    return attachments_from_json(open_envelope(envelope, kind, recipient_id, generation, private))


def attachments_to_json(files: Sequence[Attachment]) -> bytes:
    """Return the one JSON text of a list: keys sorted, no spaces, ASCII (so that any name at all survives)."""
    value = {"form": _FORM, "files": [_value(one) for one in files]}
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def attachments_from_json(text: bytes) -> tuple[Attachment, ...]:
    """Read what `attachments_to_json` wrote. Raises `Tampered`."""
    try:
        value = json.loads(text)
        if value["form"] != _FORM:
            raise Tampered("a list of files of a form that is not known")
        return tuple(_attachment(one) for one in value["files"])
    except (ValueError, KeyError, TypeError):
        raise Tampered("not a list of files") from None


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
