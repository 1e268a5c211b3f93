"""Verbs for the persons' side: mailboxes, and the tokens that a report spends; sees keyed hashes, never a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from intake.model import CaseId
from intake.store.fast import bulk_insert, insert_new
from intake.store.rows import check, moment, moment_or_none, seconds, sign
from intake.store.schema import mailboxes, spent_tokens
from intake.vault.service_key import ServiceKey


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a person reads: found by a keyed hash of the receipt, sealed to a key that only the receipt gives."""

    lookup_id: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    case: CaseId
    kept: bool = False


def add(conn: Connection, key: ServiceKey, mailbox: Mailbox) -> None:
    """Write a person's mailbox down."""
    row = {
        "lookup_id": mailbox.lookup_id,
        "salt": mailbox.salt,
        "public_key": mailbox.public_key,
        "case_id": mailbox.case,
        "kept": mailbox.kept,
    }
    bulk_insert(conn, mailboxes, [sign(key, mailboxes, row)])


def find(conn: Connection, key: ServiceKey, lookup_ids: Sequence[bytes]) -> Mailbox | None:
    """The mailbox of a receipt, or None; `lookup_ids` are its hashes under every generation of the service key."""
    return _one(conn, key, mailboxes.c.lookup_id.in_(lookup_ids))


def of_case(conn: Connection, key: ServiceKey, case_id: CaseId) -> Mailbox | None:
    """The mailbox that a case's answers are sealed to, or None when it was erased."""
    return _one(conn, key, mailboxes.c.case_id == case_id)


def mark_kept(conn: Connection, lookup_id: bytes) -> None:
    """The person has the receipt: from now on it is not shown again."""
    conn.execute(update(mailboxes).where(mailboxes.c.lookup_id == lookup_id).values(kept=True))


def delete_of_case(conn: Connection, case_id: CaseId) -> None:
    """Destroy the person's way back."""
    conn.execute(delete(mailboxes).where(mailboxes.c.case_id == case_id))


def spend(conn: Connection, token_hash: bytes, now: datetime) -> datetime | None:
    """Use a token up. Returns None when this was its first use, else when it was spent first."""
    if insert_new(conn, spent_tokens, {"token_hash": token_hash, "spent_at": seconds(now)}):
        return None
    spent_at = conn.execute(select(spent_tokens.c.spent_at).where(spent_tokens.c.token_hash == token_hash))
    return moment(spent_at.scalar_one())


def spent_before(conn: Connection, token_hashes: Sequence[bytes]) -> datetime | None:
    """When one of these tokens was spent, or None."""
    if not token_hashes:
        return None
    query = select(func.min(spent_tokens.c.spent_at)).where(spent_tokens.c.token_hash.in_(token_hashes))
    return moment_or_none(conn.execute(query).scalar_one())


def forget_spent(conn: Connection, before: datetime) -> int:
    """Delete tokens spent before this; returns how many."""
    return conn.execute(delete(spent_tokens).where(spent_tokens.c.spent_at < seconds(before))).rowcount


def _one(conn: Connection, key: ServiceKey, condition: ColumnElement[bool]) -> Mailbox | None:
    row = conn.execute(select(mailboxes).where(condition)).mappings().one_or_none()
    if row is None:
        return None
    check(key, mailboxes, row)
    return Mailbox(row["lookup_id"], row["salt"], row["public_key"], CaseId(row["case_id"]), row["kept"])
