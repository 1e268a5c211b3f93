"""Verbs for what cases name: keyed hashes that go with their case; sees no value."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select

from intake.model import CaseId
from intake.store.fast import insert_missing
from intake.store.schema import cases, identifiers
from triage.model import DeskName

_MOST_FOUND = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """The keyed hash of an identifier, and whether it was advertised."""

    lookup: bytes = field(repr=False)
    advertised: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A case that names an identifier, and the desk where it lies."""

    lookup: bytes = field(repr=False)
    case: CaseId
    desk: DeskName
    advertised: bool


def keep(conn: Connection, case_id: CaseId, kept: Sequence[Kept]) -> None:
    """Let the case be found by these; what it is found by already stays as it is."""
    rows = [{"lookup": one.lookup, "case_id": case_id, "advertised": one.advertised} for one in kept]
    insert_missing(conn, identifiers, rows)


def find(conn: Connection, lookups: Sequence[bytes]) -> Sequence[Found]:
    """The cases that name any of these; no more than a few thousand."""
    query = select(identifiers, cases.c.desk).join(cases, cases.c.id == identifiers.c.case_id)
    rows = conn.execute(query.where(identifiers.c.lookup.in_(lookups)).limit(_MOST_FOUND)).mappings()
    return [Found(row["lookup"], CaseId(row["case_id"]), DeskName(row["desk"]), row["advertised"]) for row in rows]


def delete_of_case(conn: Connection, case_id: CaseId) -> None:
    """Let the case be found by nothing any more."""
    conn.execute(delete(identifiers).where(identifiers.c.case_id == case_id))
