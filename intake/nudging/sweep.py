"""Claims the cases of which somebody must be told by now, tells them, and writes when next; one transaction a desk."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from intake import audit
from intake.audit import Act, Line
from intake.due import of_case, write_next
from intake.logs import log
from intake.model import Case, CaseId
from intake.nudging.roster import roster
from intake.nudging.telling import Round, tell
from intake.service import Service
from intake.store import cases, desks, nudges
from intake.store.nudges import Heard
from intake.vault.errors import VaultError
from triage.calendar import next_morning
from triage.model import DeskName
from triage.timeline import Given, Nudge, Rule, Rung, Sort

_LOG = log(__name__)

LEASE = timedelta(minutes=10)
"""After so long a case is looked at again whose row could not be read."""
BATCH = 200
"""So many cases of a desk share a transaction."""
ESCALATED = "escalation"
"""Why a case is shown to a deputy's desk."""


@dataclass(slots=True)
class Spoken:
    """A case with what its rules have said, this round included; `refused`: nobody may be told any more today."""

    case: Case
    said: dict[Rule, Given]
    new: list[Nudge] = field(default_factory=list)
    reached: set[Rung] = field(default_factory=set)
    refused: bool = False


async def sweep(service: Service, now: datetime) -> int:
    """Tell whoever must be told by now, each once, however long nobody looked; returns of how many cases.

    Any number of nodes may do it at any time: what is told and when it is told next is one transaction, and of a desk
    only one node tells at a time. A node that dies in the middle has told nothing, and the next one finds it all.
    """
    while await service.database.write(nudges.set_right, now, BATCH):
        _LOG.warning("the clock had run ahead: what it put off is due now")
    told = 0
    for desk in await service.database.read(nudges.due_desks, service.config.desks, now):
        told += await _sweep_all(service, desk, now)
    if told:
        service.bell.ring()
        _LOG.info("nudged", cases=told)
    return told


async def _sweep_all(service: Service, desk: DeskName, now: datetime) -> int:
    told = 0
    while True:
        claimed, spoken = await service.database.write(sweep_desk, service, desk, now)
        told += spoken
        if claimed < BATCH:
            return told


def sweep_desk(conn: Connection, service: Service, desk: DeskName, now: datetime) -> tuple[int, int]:
    """One desk's share of a sweep: returns how many cases were claimed, and of how many somebody was told."""
    heard = nudges.hold_desk(conn, desk)
    claimed = nudges.claim_due(conn, desk, now, now + LEASE, BATCH)
    if not claimed:
        return len(claimed), 0
    chain = {desk, *service.config.desks[desk].deputies, service.config.national_desk}
    round_ = Round(conn, service, roster(conn, service, chain, now), now)
    spoken = _read(conn, service, claimed)
    for one in spoken:
        _speak(round_, one, heard)
    heard = _heard(heard, [nudge for one in spoken for nudge in one.new], now)
    nudges.note_heard(conn, desk, heard)
    for one in spoken:
        nudges.give(conn, one.case.id, {nudge.rule: one.said[nudge.rule] for nudge in one.new})
        _escalate(round_, one)
        write_next(conn, one.case, _next(service, one, heard, now), now)
    return len(claimed), sum(bool(one.new) for one in spoken)


def _read(conn: Connection, service: Service, claimed: Sequence[CaseId]) -> list[Spoken]:
    """The claimed cases, the most pressing first. One that was tampered with keeps the others from nobody."""
    said = nudges.given(conn, claimed)
    found = []
    for case_id in claimed:
        try:
            case = cases.find_case(conn, service.key, case_id)
        except VaultError as error:
            service.signs.stumble(case_id, error)
            continue
        if case is not None:
            found.append(Spoken(case, said[case_id]))
    return sorted(found, key=lambda one: (one.case.pace.can_wait, one.case.id))


def _speak(round_: Round, one: Spoken, heard: Heard) -> None:
    """Let every rule speak that is due; each at most once, however much is overdue."""
    for _ in Rule:
        nudge = of_case(round_.service, one.case, one.said, heard, round_.now)
        if nudge is None or nudge.at > round_.now:
            return
        reached = tell(round_, one.case, nudge)
        if reached is not None:
            one.reached.add(reached)
        elif nudge.sort is not Sort.ALARM:
            one.refused = True
            return
        else:
            _LOG.error("nobody can be reached for an alarm", desk=one.case.desk)
        before = one.said.get(nudge.rule)
        times = before.times if before is not None and before.about == nudge.about else 0
        one.said[nudge.rule] = Given(nudge.about, times + 1, round_.now)
        one.new.append(nudge)


def _heard(heard: Heard, told: Sequence[Nudge], now: datetime) -> Heard:
    alarms = [nudge for nudge in told if nudge.sort is Sort.ALARM]
    if alarms:
        heard = replace(heard, alarmed_at=now)
    if any(nudge.rule is Rule.UNOPENED for nudge in alarms):
        heard = replace(heard, called_at=now)
    return replace(heard, told_at=now) if len(told) > len(alarms) else heard


def _next(service: Service, one: Spoken, heard: Heard, now: datetime) -> Nudge | None:
    nudge = of_case(service, one.case, one.said, heard, now)
    if nudge is None or not one.refused:
        return nudge
    hours = service.config.desks[one.case.desk].hours
    return replace(nudge, at=max(nudge.at, next_morning(hours, service.calendar, now + timedelta(seconds=1))))


def _escalate(round_: Round, one: Spoken) -> None:
    """Deputies who are called see the case that they are called for; it was sealed to them too when it came."""
    if Rung.DEPUTIES not in one.reached:
        return
    conn, service, case = round_.conn, round_.service, one.case
    shown = cases.granted_desks(conn, service.key, case.id)
    keys = desks.current_keys(conn, service.key)
    for deputy in service.config.desks[case.desk].deputies:
        if deputy in keys and deputy not in shown:
            cases.grant(conn, service.key, case.id, deputy, ESCALATED, round_.now)
            audit.record(conn, service.key, case.desk, Line(round_.now, Act.ESCALATED, None, case.id))
