"""What colleagues tell each other about a case: sealed to the desks that read it, never to the person."""

from datetime import datetime

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.model import Case, CaseId, Context, Direction, MemberId
from intake.reading import Reader, held_case
from intake.sealing import desk_recipients
from intake.service import Service
from intake.store import cases, desks, envelopes, handling, members
from intake.store.envelopes import Stored
from intake.vault.ids import new_message_id
from intake.vault.remark import Remark, seal_remark
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose


async def add_remark(service: Service, reader: Reader, case_id: CaseId, text: str, now: datetime) -> None:
    """Write something for colleagues, whoever of them reads the case now or is shown it later. Raises `NotYours`."""
    await service.database.write(_add, service, reader, case_id, text, now)


def find_login(conn: Connection, service: Service, member_id: MemberId) -> str:
    """Under which login somebody works here; empty for who is gone."""
    member = members.find_member(conn, service.key, member_id)
    return "" if member is None else open_under(service.key, Purpose.ADDRESS, member.sealed_login, "login").decode()


def file_remark(conn: Connection, service: Service, case: Case, remark: Remark) -> None:
    """Put a remark into a case, sealed to the desks that may read it at this moment."""
    readers = (case.desk, *sorted(cases.granted_desks(conn, service.key, case.id)))
    recipients = desk_recipients(service, desks.keys_to_seal_to(conn, service.key), readers)
    sealed = seal_remark(Context(case.id, new_message_id(), Direction.REMARK), remark, recipients)
    envelopes.add(conn, service.key, Stored(sealed, handling.last_position(conn, case.id), remark.at))


def file_words(conn: Connection, service: Service, reader: Reader, case: Case, text: str, now: datetime) -> None:
    """Put what a reader says, such as the reason of what they do, among the case's remarks."""
    login = find_login(conn, service, reader.member)
    file_remark(conn, service, case, Remark(by=reader.member, login=login, text=text, at=now))


def file_note(conn: Connection, service: Service, reader: Reader, case: Case, text: str, now: datetime) -> None:
    """Put what a reader wrote for colleagues into a case, with a line of the log."""
    file_words(conn, service, reader, case, text, now)
    audit.record(conn, service.key, case.desk, Line(now, Act.REMARKED, reader.member, case.id))


def readers_of(conn: Connection, service: Service, case: Case) -> frozenset[MemberId]:
    """The members who can read the case at this moment."""
    shown = (case.desk, *cases.granted_desks(conn, service.key, case.id))
    return frozenset().union(*(desks.let_in(conn, service.key, desk) for desk in shown))


def _add(conn: Connection, service: Service, reader: Reader, case_id: CaseId, text: str, now: datetime) -> None:
    file_note(conn, service, reader, held_case(conn, service.key, reader, case_id), text, now)
