"""Answers that did not get through, for the desk: look, try again, another way; knows no page and no address."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from intake import addressbook, audit
from intake.audit import Act, Line
from intake.contact import Bar
from intake.model import Case
from intake.promise import notice
from intake.reading import NotYours, Reader, readable_case
from intake.service import Service
from intake.store import passing, sendings
from intake.store.sendings import Sending
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose

_MOST = 100


class NothingLeft(Exception):
    """The text has had its time, or its reader is gone: only a new answer can help."""


async def list_undelivered(service: Service, reader: Reader) -> Sequence[Sending]:
    """Answers of the reader's desks that failed, came too late or may not go, the newest first, at most a hundred."""
    return await service.database.read(sendings.dead_letters, sorted(reader.let_in_to), _MOST)


async def try_again(
    service: Service, reader: Reader, outgoing_id: str, now: datetime, *, by: str | None = None
) -> Bar | None:
    """Promise the text once more, by the bridge `by` of the same channel if given. Returns why it may not go now.

    Raises:
        NotYours: no such text, or another desk's.
        NothingLeft: there is nothing left to send.
    """
    barred = await service.database.write(_try_again, service, reader, outgoing_id, by, now)
    service.bell.ring()
    return barred


async def set_aside(service: Service, reader: Reader, outgoing_id: str, now: datetime) -> None:
    """The coordinator has found another way: it is no dead letter any more. Raises `NotYours`."""
    await service.database.write(_set_aside, service, reader, outgoing_id, now)


def _try_again(
    conn: Connection, service: Service, reader: Reader, outgoing_id: str, by: str | None, now: datetime
) -> Bar | None:
    sending, case = _own(conn, service, reader, outgoing_id)
    known = addressbook.of_case(conn, service.key, sending.case)
    known = known and addressbook.hold(conn, service.key, known)
    if known is None or sending.message is None:
        raise NothingLeft
    kept = [one for one in passing.waiting_of(conn, known.id, now) if one.message == sending.message]
    if not kept or not sendings.put_aside(conn, outgoing_id):
        raise NothingLeft
    if by is not None and by in service.bridges and service.bridges[by].channel.value == known.contact.channel.value:
        known = addressbook.keep(conn, service.key, replace(known, bridge=by), now)
    audit.record(conn, service.key, case.desk, Line(now, Act.TRIED_AGAIN, reader.member, case.id))
    sealed = open_under(service.key, Purpose.OUTBOX, kept[0].sealed, kept[0].message, kept[0].contact)
    return notice(conn, service, known, sending.message, sealed.decode("utf-8", "surrogatepass"), now)


def _set_aside(conn: Connection, service: Service, reader: Reader, outgoing_id: str, now: datetime) -> None:
    _, case = _own(conn, service, reader, outgoing_id)
    if sendings.put_aside(conn, outgoing_id):
        audit.record(conn, service.key, case.desk, Line(now, Act.SET_ASIDE, reader.member, case.id))


def _own(conn: Connection, service: Service, reader: Reader, outgoing_id: str) -> tuple[Sending, Case]:
    sending = sendings.find(conn, outgoing_id)
    if sending is None or not sending.kind.unasked:
        raise NotYours
    return sending, readable_case(conn, service.key, reader, sending.case)
