"""To whom a desk's lead may give the case: the colleagues there who have been let in; empty for everybody else."""

from collections.abc import Mapping

from intake.casework import OpenCase
from intake.inbox.visit import WorkVisit
from intake.model import Role
from intake.people import colleagues


async def panel(visit: WorkVisit, found: OpenCase) -> Mapping[str, object]:
    """The colleagues of the case's desk, by login."""
    desk, work = found.case.desk, visit.work
    if work.member.role is not Role.LEAD or desk not in work.reader.let_in_to:
        return {"team": ()}
    there = await colleagues(visit.service, [desk])
    team = [one for one in there if one.let_in and one.member.id != found.case.assignee]
    return {"team": sorted(team, key=lambda one: one.login)}
