"""Random names for cases, messages and members; they tell neither time nor order."""

import base64
import secrets

from intake.model import AttachmentId, CaseId, MemberId, MessageId


def new_id() -> str:
    """Return 128 random bits as 26 characters, a to z and 2 to 7."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def new_case_id() -> CaseId:
    """Name a case."""
    return CaseId(new_id())


def new_message_id() -> MessageId:
    """Name a message."""
    return MessageId(new_id())


def new_member_id() -> MemberId:
    """Name a member."""
    return MemberId(new_id())


def new_attachment_id() -> AttachmentId:
    """Name a file that came with a message."""
    return AttachmentId(new_id())
