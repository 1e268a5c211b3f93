"""Verbs for sealed files: write them piece by piece, give them to a message, read them back; opens none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from intake.model import AttachmentId, CaseId, MessageId
from intake.store.fast import bulk_insert
from intake.store.rows import check, seconds, sign
from intake.store.schema import attachment_pieces, attachments
from intake.vault.service_key import ServiceKey


@dataclass(frozen=True, slots=True)
class Kept:
    """A file where it lies: with which message, of how many sealed bytes, in how many pieces."""

    id: AttachmentId
    case: CaseId
    message: MessageId
    size: int
    pieces: int


def begin(conn: Connection, key: ServiceKey, attachment: AttachmentId, until: datetime) -> None:
    """Begin a file that goes at `until` unless a message claims it."""
    row = {"id": attachment, "case_id": None, "message_id": None, "size": 0, "until": seconds(until)}
    bulk_insert(conn, attachments, [sign(key, attachments, row)])


def add_piece(conn: Connection, attachment: AttachmentId, number: int, sealed: bytes) -> None:
    """Write the next piece down, counted from 0."""
    bulk_insert(conn, attachment_pieces, [{"attachment_id": attachment, "number": number, "sealed": sealed}])
    longer = attachments.c.size + len(sealed)
    conn.execute(update(attachments).where(attachments.c.id == attachment).values(size=longer))


def claim(
    conn: Connection, key: ServiceKey, ids: Sequence[AttachmentId], case_id: CaseId, message_id: MessageId
) -> frozenset[AttachmentId]:
    """Give files to a message, in the transaction that writes it; returns those that were there and free."""
    return frozenset(one for one in ids if _claim(conn, key, one, case_id, message_id))


def discard(conn: Connection, ids: Sequence[AttachmentId]) -> None:
    """Delete files that no message has claimed."""
    conn.execute(delete(attachments).where(attachments.c.id.in_(ids), attachments.c.case_id.is_(None)))


def forget_unclaimed(conn: Connection, now: datetime) -> int:
    """Delete the files that no message has claimed in time; returns how many."""
    return conn.execute(delete(attachments).where(attachments.c.until <= seconds(now))).rowcount


def stored_bytes(conn: Connection) -> int:
    """How many bytes all files together are."""
    return int(conn.execute(select(func.coalesce(func.sum(attachments.c.size), 0))).scalar_one())


def find(conn: Connection, key: ServiceKey, attachment: AttachmentId) -> Kept | None:
    """A file that belongs to a message. Raises `Tampered` when it was moved to another behind our back."""
    claimed = attachments.c.case_id.is_not(None)
    row = conn.execute(select(attachments).where(attachments.c.id == attachment, claimed)).mappings().one_or_none()
    if row is None:
        return None
    check(key, attachments, row)
    count = select(func.count()).where(attachment_pieces.c.attachment_id == attachment)
    pieces = int(conn.execute(count).scalar_one())
    return Kept(attachment, CaseId(row["case_id"]), MessageId(row["message_id"]), row["size"], pieces)


def read_piece(conn: Connection, attachment: AttachmentId, number: int) -> bytes | None:
    """One piece; None when it is gone."""
    place = (attachment_pieces.c.attachment_id == attachment, attachment_pieces.c.number == number)
    found: bytes | None = conn.execute(select(attachment_pieces.c.sealed).where(*place)).scalar_one_or_none()
    return found


def _claim(conn: Connection, key: ServiceKey, attachment: AttachmentId, case_id: CaseId, message_id: MessageId) -> bool:
    row = sign(key, attachments, {"id": attachment, "case_id": case_id, "message_id": message_id})
    free = update(attachments).where(attachments.c.id == attachment, attachments.c.case_id.is_(None))
    return conn.execute(free.values(**row, until=None)).rowcount == 1
