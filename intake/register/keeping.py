"""Writes the register in the transaction of what it tells; an organisation keeps none, and then nothing is written."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from intake.model import Case, CaseId, Direction, Filed
from intake.service import Service
from intake.store import register
from intake.vault.register import Particulars, open_particulars, seal_particulars
from triage.model import Kind


def is_kept(service: Service) -> bool:
    """Whether the operator must keep a register: an authority must (OSL 5:1)."""
    return service.config.operator.kind == "authority"


def enter(conn: Connection, service: Service, case: Case, kind: Kind, now: datetime) -> None:
    """A case was received, with its first message."""
    if is_kept(service):
        sealed = seal_particulars(service.key, case.id, Particulars(case.channel, kind))
        register.enter(conn, case.id, case.desk, sealed, now)
        register.note(conn, case.id, 0, Direction.FROM_PERSON, now)


def note(conn: Connection, service: Service, filed: Filed, direction: Direction, now: datetime) -> None:
    """One more message came, or went out."""
    if is_kept(service):
        register.note(conn, filed.case, filed.position, direction, now)


def transfer(conn: Connection, service: Service, case_id: CaseId, reference: str) -> None:
    """The matter goes on in a personal file of the authority's, under this reference."""
    sealed = register.sealed_of(conn, case_id)
    if sealed is not None:
        particulars = replace(open_particulars(service.key, case_id, sealed), transferred=reference)
        register.reseal(conn, case_id, seal_particulars(service.key, case_id, particulars))


def end(conn: Connection, service: Service, case: Case, now: datetime) -> None:
    """The case is being deleted; its row stays."""
    if is_kept(service):
        register.end(conn, case.id, case.desk, case.closed_at, now)
