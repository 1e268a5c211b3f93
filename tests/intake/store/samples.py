"""Values for the tests of verbs: one service key, and cases, accounts, desks' keys and envelopes made by it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Table, func, select

from intake.model import (
    Case,
    CaseId,
    Channel,
    Context,
    Direction,
    Envelope,
    Member,
    MemberId,
    MemberState,
    MessageId,
    Recipient,
    RecipientKind,
    Role,
    Status,
)
from intake.store import cases, members
from intake.store.envelopes import Stored
from intake.store.members import Credentials
from intake.vault.envelope import seal_envelope
from intake.vault.ids import new_case_id, new_member_id, new_message_id
from intake.vault.service_key import ServiceKey
from intake.vault.suite import PrivateKey
from triage.model import DeskName, Pace

KEY = ServiceKey({1: b"k" * 32})
NOW = datetime(2026, 11, 23, 8, 34, 56, tzinfo=UTC)
NORD, SYD, VAST = DeskName("nord"), DeskName("syd"), DeskName("vast")
DESK, MAILBOX, ANNA = PrivateKey(b"d" * 32), PrivateKey(b"m" * 32), PrivateKey(b"a" * 32)
TO_DESK = Recipient(RecipientKind.DESK, SYD, 1, DESK.public_bytes)


def a_case(desk: DeskName = SYD, due_in: float = 60, pace: Pace = Pace.DAYS) -> Case:
    """A new case, due in so many minutes."""
    due_at = (NOW + timedelta(minutes=due_in)).replace(microsecond=0)
    return Case(new_case_id(), desk, Status.NEW, pace, Channel.WEB, received_at=NOW, due_at=due_at)


def add_case(conn: Connection, desk: DeskName = SYD, due_in: float = 60) -> CaseId:
    """Write a new case down."""
    case = a_case(desk, due_in)
    cases.add(conn, KEY, case)
    return case.id


def to_mailbox(case: CaseId) -> Recipient:
    return Recipient(RecipientKind.MAILBOX, case, 0, MAILBOX.public_bytes)


def an_envelope(case: CaseId, direction: Direction = Direction.FROM_PERSON, message: str | None = None) -> Envelope:
    """A message sealed to the desk and to the mailbox."""
    context = Context(case, MessageId(message or new_message_id()), direction)
    return seal_envelope(context, b"text", [TO_DESK, to_mailbox(case)])


def stored(case: CaseId, position: int = 0, direction: Direction = Direction.FROM_PERSON) -> Stored:
    return Stored(an_envelope(case, direction), position, NOW.replace(microsecond=0))


def an_account(role: Role = Role.COORDINATOR) -> Credentials:
    """An account whose protected key and secret open nothing: the verbs do not look inside."""
    member = Member(new_member_id(), role, MemberState.ACTIVE, b"sealed login", ANNA.public_bytes)
    return Credentials(member, b"protected", b"sealed secret")


def add_account(conn: Connection, login: bytes = b"login", role: Role = Role.COORDINATOR) -> MemberId:
    """Write an account down."""
    account = an_account(role)
    members.add_member(conn, KEY, account, login, NOW)
    return account.member.id


def to_member(member: MemberId) -> Recipient:
    return Recipient(RecipientKind.MEMBER, member, 0, ANNA.public_bytes)


def count(conn: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())
