"""Which cases a desk may read, one page after the other, for the offline key's way in; knows no content."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, union

from intake.model import CaseId
from intake.store.rows import check
from intake.store.schema import cases, grants
from intake.vault.service_key import ServiceKey
from triage.model import DeskName


def cases_at(conn: Connection, key: ServiceKey, desk: DeskName, after: CaseId | None, limit: int) -> Sequence[CaseId]:
    """At most `limit` cases that lie with the desk or were shown to it, in the order of their ids, behind `after`.

    Raises:
        Tampered: a row that shows a case to the desk is not what was written.
    """
    own = select(cases.c.id).where(cases.c.desk == desk, cases.c.id > (after or ""))
    shown = select(grants.c.case_id).where(grants.c.desk == desk, grants.c.case_id > (after or ""))
    both = union(own, shown).subquery()
    found = list(conn.execute(select(both.c.id).order_by(both.c.id).limit(limit)).scalars())
    for row in conn.execute(select(grants).where(grants.c.desk == desk, grants.c.case_id.in_(found))).mappings():
        check(key, grants, row)
    return [CaseId(value) for value in found]
