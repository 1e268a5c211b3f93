"""Verbs that count who is there to read: what an installation lacks before it may open; knows no name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.model import MemberState, Role
from intake.store import counts, desks, journal, members
from intake.vault.service_key import ServiceKey
from triage.model import DeskName


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many hold each desk's key, how many administer, when the newest case came, how long the journal is."""

    readers: Mapping[DeskName, int]
    administrators: int
    newest_case_at: datetime | None
    journal: int


def read_staffing(conn: Connection, key: ServiceKey) -> Staffing:
    """Count, in one snapshot. Raises `Tampered` for planted rows."""
    people = [member for member in members.list_members(conn, key) if member.state is MemberState.ACTIVE]
    return Staffing(
        readers={desk: len(desks.let_in(conn, key, desk)) for desk in desks.current_keys(conn, key)},
        administrators=sum(member.role is Role.ADMIN for member in people),
        newest_case_at=counts.newest_at(conn),
        journal=journal.last_number(conn),
    )
