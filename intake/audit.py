"""Who did what to which case, in a chain per desk that shows a change, a gap and a cut tail; knows no content."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from intake.model import CaseId, MemberId
from intake.store import audit as rows
from intake.vault.audit_chain import EMPTY, Head, next_link, open_head, seal_head, verify_chain
from intake.vault.errors import Tampered
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose, ServiceKey
from triage.model import DeskName


class Act(StrEnum):
    """What can be logged."""

    JOINED = "joined"
    LET_IN = "let_in"
    DEACTIVATED = "deactivated"
    OPENED = "opened"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"
    ERASED = "erased"
    DELETED = "deleted"
    RESTORED = "restored"
    FILE_OPENED = "file_opened"
    FILED = "filed"
    REFERRED = "referred"
    HELD = "held"
    RELEASED = "released"
    EXPORTED = "exported"
    BEGUN_ANEW = "begun_anew"
    PASSPHRASE_CHANGED = "passphrase_changed"  # noqa: S105 (the name of an act, not a secret)
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    RECOVERED = "recovered"
    LINKS_LOOKED_UP = "links_looked_up"
    REGISTER_EXPORTED = "register_exported"
    REMARKED = "remarked"
    MOVED = "moved"
    LENT = "lent"
    RECEIVED = "received"
    TAKEN_BACK = "taken_back"
    CORRECTED = "corrected"
    SET_WAITING = "set_waiting"
    COPIED = "copied"
    ESCALATED = "escalated"
    PUT_OFF = "put_off"
    TRIED_AGAIN = "tried_again"
    SET_ASIDE = "set_aside"
    CONTACT_SET = "contact_set"
    CHECK_IN_PLANNED = "check_in_planned"
    CHECK_IN_GIVEN_UP = "check_in_given_up"
    NOTICES_CHANGED = "notices_changed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: who, None for the service itself, did what, with which case or member, and when."""

    at: datetime
    act: Act
    actor: MemberId | None
    case: CaseId | None = None
    member: MemberId | None = None


def record(conn: Connection, key: ServiceKey, desk: DeskName, line: Line) -> None:
    """Append a line to the desk's chain, in the transaction of what it tells."""
    last = rows.last_entry(conn, desk)
    head = EMPTY if last is None else Head(last.number, last.link)
    sealed = seal_under(key, Purpose.AUDIT, _to_json(line), desk, head.count + 1)
    following = next_link(key, desk, head, sealed)
    rows.append(conn, desk, rows.Entry(following.count, sealed, following.link), seal_head(key, desk, following))


def read(conn: Connection, key: ServiceKey, desk: DeskName) -> list[Line]:
    """The desk's log, from the first line on. Raises `Tampered` for a line that is not ours."""
    entries = rows.read_chain(conn, desk)
    return [_from_json(open_under(key, Purpose.AUDIT, e.sealed, desk, e.number)) for e in entries]


def verify(conn: Connection, key: ServiceKey) -> dict[DeskName, int]:
    """Check every desk's chain against its kept head; returns how many lines each has.

    Raises:
        Tampered: a line was changed, taken out, moved or cut off; the message names desk and line.
    """
    counts = {}
    for desk in rows.logged_desks(conn):
        sealed = rows.find_head(conn, desk)
        kept = EMPTY if sealed is None else open_head(key, desk, sealed)
        chain = [(entry.sealed, entry.link) for entry in rows.read_chain(conn, desk)]
        try:
            verify_chain(key, desk, chain, kept)
        except Tampered as error:
            raise Tampered(f"desk {desk}: {error}") from None
        counts[desk] = len(chain)
    return counts


def _to_json(line: Line) -> bytes:
    value = {"at": line.at.isoformat(), "act": line.act, "actor": line.actor, "case": line.case, "member": line.member}
    return json.dumps(value).encode()


def _from_json(text: bytes) -> Line:
    value = json.loads(text)
    at = datetime.fromisoformat(value["at"])
    return Line(at, Act(value["act"]), value["actor"], value["case"], value["member"])
