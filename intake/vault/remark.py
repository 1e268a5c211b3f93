"""Remarks among colleagues as canonical JSON, sealed like a message; knows no desk's key and no row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from intake.model import Context, Direction, Envelope, MemberId, Recipient, RecipientKind
from intake.vault.sealed_form import SealedForm
from triage.model import DeskName


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
    """Seal a remark. Raises as `SealedForm.seal`, and `ValueError` for a person's key.

    The recipients are checked here since nothing that colleagues write may ever reach the person.
    """
    if any(recipient.kind is RecipientKind.MAILBOX for recipient in recipients):
        raise ValueError("a remark is not sealed to a mailbox")
    return REMARKS.seal(context, remark, recipients)


def _value(remark: Remark) -> dict[str, Any]:
    return {
        "by": remark.by,
        "login": remark.login,
        "text": remark.text,
        "at": remark.at.isoformat(),
        "about": remark.about,
        "from_desk": remark.from_desk,
        "to_desk": remark.to_desk,
    }


def _remark(value: dict[str, Any]) -> Remark:
    return Remark(
        by=MemberId(value["by"]),
        login=str(value["login"]),
        text=str(value["text"]),
        at=datetime.fromisoformat(value["at"]),
        about=About(value["about"]),
        from_desk=_desk(value["from_desk"]),
        to_desk=_desk(value["to_desk"]),
    )


def _desk(value: str | None) -> DeskName | None:
    return None if value is None else DeskName(value)


REMARKS = SealedForm("a remark", Direction.REMARK, _value, _remark)
