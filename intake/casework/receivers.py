"""Where a case could go on: the desks where somebody reads, and the one that its labels lead to; moves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from intake.filing import find_way
from intake.model import Case
from intake.service import Service
from intake.store import desks
from triage.model import Assessment, DeskName
from triage.route import NoDesk


@dataclass(frozen=True, slots=True)
class Receivers:
    """The desks that a case may be given to, and `belongs`: where it would go were it new, None for where it lies."""

    desks: Sequence[DeskName]
    belongs: DeskName | None


async def receivers(service: Service, case: Case, labels: Assessment | None, now: datetime) -> Receivers:
    """Ask who has a key at this moment."""
    return await service.database.read(_receivers, service, case, labels, now)


def _receivers(conn: Connection, service: Service, case: Case, labels: Assessment | None, now: datetime) -> Receivers:
    keys = desks.current_keys(conn, service.key)
    able = [desk for desk in service.config.desks if desk in keys and desk != case.desk]
    if labels is None:
        return Receivers(able, None)
    try:
        belongs = find_way(service, labels, keys, now).desk
    except NoDesk:
        belongs = case.desk
    return Receivers(able, None if belongs == case.desk else belongs)
