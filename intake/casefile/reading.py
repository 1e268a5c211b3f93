"""Reads casefiles with a member's own keys, and finds the cases that one is linked to; knows no page."""

from collections.abc import Iterable

from sqlalchemy import Connection

from intake.casefile.entries import Entry, from_json
from intake.casefile.state import CaseFile, stand
from intake.model import Case, CaseId, Direction, Envelope, RecipientKind
from intake.reading import NotYours, Reader, open_text, readable_case
from intake.service import Service
from intake.store import cases, envelopes
from intake.vault.errors import NotForMe
from triage.model import Desk

SHOWN = 5
"""So many characters of its reference a page shows of a case."""


async def read_casefile(service: Service, reader: Reader, case_id: CaseId) -> CaseFile:
    """The casefile, as far as the reader can open it. Raises `NotYours`."""
    return stand(*await service.database.read(_read, service, reader, case_id))


async def linked_cases(service: Service, reader: Reader, ids: Iterable[CaseId]) -> list[Case]:
    """Those of the linked cases that are still there and that the reader may read."""
    return await service.database.read(_readable, service, reader, sorted(ids))


async def find_case(service: Service, reader: Reader, beginning: str, whole: CaseId | None) -> CaseId | None:
    """The one readable case of a whole reference, or of its beginning as pages show it; None for none or several."""
    if whole is not None:
        return whole
    if len(beginning) < SHOWN or not beginning.isalnum():
        return None
    found = await service.database.read(cases.named, service.key, sorted(reader.let_in_to), beginning)
    return found[0].id if len(found) == 1 else None


async def desk_of(service: Service, reader: Reader, case_id: CaseId) -> Desk:
    """The desk that a case lies with. Raises `NotYours`."""
    case = await service.database.read(readable_case, service.key, reader, case_id)
    return service.config.desks[case.desk]


def open_entries(reader: Reader, sealed: Iterable[Envelope]) -> tuple[list[Entry], int]:
    """The entries that the reader can open, and how many they cannot."""
    entries, locked = [], 0
    for envelope in sealed:
        try:
            entries.append(from_json(open_text(reader, envelope)))
        except NotForMe:
            locked += 1
    return entries, locked


def _read(conn: Connection, service: Service, reader: Reader, case_id: CaseId) -> tuple[list[Entry], int]:
    readable_case(conn, service.key, reader, case_id)
    stored = envelopes.of_case(conn, service.key, case_id, [Direction.FILE], RecipientKind.DESK)
    return open_entries(reader, [one.envelope for one in stored])


def _readable(conn: Connection, service: Service, reader: Reader, ids: list[CaseId]) -> list[Case]:
    found = []
    for case_id in ids:
        try:
            found.append(readable_case(conn, service.key, reader, case_id))
        except NotYours:
            continue
    return found
