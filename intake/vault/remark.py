"""Remarks among colleagues as canonical JSON, sealed like a message; knows no desk's key and no row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from intake.model import Context, Direction, Envelope, MemberId, Recipient, RecipientKind
from intake.vault.envelope import open_envelope, seal_envelope
from intake.vault.errors import Tampered
from intake.vault.suite import PrivateKey
from triage.model import DeskName

_FORM = 1


class About(StrEnum):
    """What a remark goes with."""

    NOTE = "note"
    MOVED = "moved"
    LENT = "lent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody wrote for colleagues: `login` is who, as they were called then, also for another desk's eyes."""

    by: MemberId
    login: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime
    about: About = About.NOTE
    from_desk: DeskName | None = None
    to_desk: DeskName | None = None


def seal_remark(context: Context, remark: Remark, recipients: Sequence[Recipient]) -> Envelope:
    """Seal a remark. Raises as `seal_envelope`, and `ValueError` for a context that is no remark's, or a person's key.

    The recipients are checked here since nothing that colleagues write may ever reach the person.
    """
    if context.direction is not Direction.REMARK:
        raise ValueError("a remark is sealed as one")
    if any(recipient.kind is RecipientKind.MAILBOX for recipient in recipients):
        raise ValueError("a remark is not sealed to a mailbox")
    return seal_envelope(context, remark_to_json(remark), recipients)


def open_remark(
    envelope: Envelope, kind: RecipientKind, recipient_id: str, generation: int, private: PrivateKey
) -> Remark:
    """Return the remark. Raises as `open_envelope`; `Tampered` also for what is none."""
    if envelope.context.direction is not Direction.REMARK:
        raise Tampered("not a remark")
    return remark_from_json(open_envelope(envelope, kind, recipient_id, generation, private))


def remark_to_json(remark: Remark) -> bytes:
    """Return the one JSON text of a remark: keys sorted, no spaces, ASCII (so that any text at all survives)."""
    value = {
        "form": _FORM,
        "by": remark.by,
        "login": remark.login,
        "text": remark.text,
        "at": remark.at.isoformat(),
        "about": remark.about,
        "from_desk": remark.from_desk,
        "to_desk": remark.to_desk,
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def remark_from_json(text: bytes) -> Remark:
    """Read what `remark_to_json` wrote. Raises `Tampered`."""
    try:
        value = json.loads(text)
        if value["form"] != _FORM:
            raise Tampered("a remark of a form that is not known")
        return Remark(
            by=MemberId(value["by"]),
            login=str(value["login"]),
            text=str(value["text"]),
            at=datetime.fromisoformat(value["at"]),
            about=About(value["about"]),
            from_desk=_desk(value["from_desk"]),
            to_desk=_desk(value["to_desk"]),
        )
    except (ValueError, KeyError, TypeError):
        raise Tampered("not a remark") from None


def _desk(value: str | None) -> DeskName | None:
    return None if value is None else DeskName(value)
