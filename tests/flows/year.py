"""A simulated year of coordinators who are late, ill, away and asleep, of nodes that die, and of a clock that jumps.

Only time is invented: cases are rows, and the sweep is the real one. What the year must never show is checked after
each sweep, from what people were told and not from what the sweep believes.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import Connection, select, update

from intake.clock import SWEEP_EVERY
from intake.model import CaseId, MemberId
from intake.nudging.sweep import BATCH, sweep_desk
from intake.store import absences, cases, nudges, retention
from intake.store.absences import Absence
from intake.store.rows import seconds
from intake.store.schema import cases as table
from intake.store.schema import nudges as said
from tests.intake.nudging.town import Told, Town, carry, changed, open_case
from triage.calendar import STOCKHOLM, is_open
from triage.model import DeskName, Kind, Pace
from triage.timeline import Rule

PACES = (Pace.NOW, Pace.HOURS, Pace.TODAY, Pace.DAYS, Pace.DAYS, Pace.WEEKS)
ASLEEP = timedelta(hours=3)
"""So long the machine sleeps at the most, once in a while."""


EVERYBODY_AWAY = timedelta(days=22)
"""So long nobody who may be told of what can wait is there, at the most."""


@dataclass
class Life:
    """One case as its desk lived it. `since` is when the person wrote what nobody has read."""

    desk: DeskName
    pace: Pace
    since: datetime | None
    closed: bool = False
    follow_up: datetime | None = None
    goes: datetime | None = None
    """When the desk is to hear that the closed case will be deleted."""


@dataclass
class Year:
    """What happens, in order, and what people were told meanwhile."""

    conn: Connection
    town: Town
    chance: Random
    now: datetime
    end: datetime
    lives: dict[CaseId, Life] = field(default_factory=dict)
    urgent: dict[CaseId, Life] = field(default_factory=dict)
    """Those of them that cannot wait and are not closed."""
    events: list[tuple[datetime, int, str, object]] = field(default_factory=list)
    number: Iterator[int] = field(default_factory=count)
    calls: dict[DeskName, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    notices: Counter[tuple[MemberId, str]] = field(default_factory=Counter)
    followed: Counter[tuple[CaseId, int]] = field(default_factory=Counter)
    announced: Counter[CaseId] = field(default_factory=Counter)
    """How often a closed case's deletion was told of."""

    def plan(self, after: timedelta, what: str, about: object = None) -> None:
        heapq.heappush(self.events, (self.now + after, next(self.number), what, about))

    def run(self) -> None:
        """Live until the end: each thing at its time, and a sweep whenever the clock would have found something."""
        while self.now < self.end:
            due = _first_due(self.conn)
            following = self.events[0][0] if self.events else self.end
            if due is not None and due < following:
                self.now = _tick(max(due, self.now))
                self._sweep()
            else:
                self.now, _, what, about = heapq.heappop(self.events)
                getattr(self, f"_{what}")(about)

    def _case(self, _: object) -> None:
        """The person's first message."""
        desk, pace = self.chance.choice(list(self.town.members)), self.chance.choice(PACES)
        kind = self.chance.choice((Kind.TIP, Kind.HELP))
        case = open_case(self.conn, self.town.service, pace, desk, kind, self.now)
        self.lives[case] = Life(desk, pace, self.now)
        if not pace.can_wait:
            self.urgent[case] = self.lives[case]
        self.plan(self._until_somebody_looks(pace), "look", case)

    def _look(self, about: object) -> None:
        """Somebody opens the case, late or early, and answers, puts it off, or closes it some time after."""
        case = CaseId(str(about))
        life = self.lives[case]
        if life.since is not None and not life.closed:
            self._change(case, cases.mark_opened, self.now)
            life.since = None
            self.plan(self._some(0, 72), self.chance.choice(("answer", "answer", "close")), case)

    def _answer(self, about: object) -> None:
        case = CaseId(str(about))
        life = self.lives[case]
        if life.closed or life.since is not None:
            return
        self._change(case, cases.mark_answered, self.now)
        self._expect_follow_up(case)
        life.follow_up = self.now + self._some(24, 24 * 60)
        self._change(case, _follow_up, life.follow_up)
        self.plan(self._some(1, 24 * 90), self.chance.choice(("close", "again")), case)

    def _again(self, about: object) -> None:
        """The person writes once more."""
        case = CaseId(str(about))
        life = self.lives[case]
        if life.closed:
            return
        if life.since is None:
            life.since = self.now
        self._change(case, cases.mark_waiting, life.pace, self.now, self.now)
        self.plan(self._until_somebody_looks(life.pace), "look", case)

    def _close(self, about: object) -> None:
        case = CaseId(str(about))
        life = self.lives[case]
        if not life.closed and life.since is None:
            self._expect_follow_up(case)
            self._change(case, retention.set_deletion, self.now + self._some(24 * 40, 24 * 200))
            self._change(case, cases.close, self.now)
            life.goes = _announced_at(self.conn, case, self.town.service.config.policies[life.desk].ahead)
            life.closed = True
            self.urgent.pop(case, None)

    def _away(self, _: object) -> None:
        """Ill, or on holiday; some name a deputy, some nobody."""
        desk = self.chance.choice(list(self.town.members))
        deputies = self.town.service.config.desks[desk].deputies
        deputy = self.town.members[deputies[0]] if deputies and self.chance.random() < 0.5 else None
        gone = Absence(self.town.members[desk], self.now, self.now + self._some(8, 24 * 21), deputy)
        absences.save(self.conn, gone)
        self.plan(self._some(24, 24 * 20), "away")

    def _sleep(self, _: object) -> None:
        """The machine sleeps: what fell due meanwhile is found when it wakes."""
        self.now += self.chance.random() * ASLEEP
        self._sweep()
        self.plan(self._some(24, 24 * 30), "sleep")

    def _die(self, _: object) -> None:
        """A node is killed in the middle of whatever it tells; the other finds it untold."""
        for desk in nudges.due_desks(self.conn, self.town.members, self.now):
            with self.conn.begin_nested() as unfinished:
                sweep_desk(self.conn, self.town.service, desk, self.now)
                unfinished.rollback()
        self.plan(self._some(1, 24 * 3), "die")

    def _sweep(self) -> None:
        conn, service = self.conn, self.town.service
        nudges.set_right(conn, self.now, BATCH)
        for desk in nudges.due_desks(conn, self.town.members, self.now):
            while sweep_desk(conn, service, desk, self.now)[0] == BATCH:
                pass
        for one in carry(conn, self.now):
            self._hear(one)
        for case, about, times in _spoken(conn, Rule.FOLLOW_UP, self.now):
            self.followed[case, about] = times
        for case, _, times in _spoken(conn, Rule.DELETION, self.now):
            self.announced[case] = times
        self._check_nobody_is_forgotten()

    def _hear(self, one: Told) -> None:
        assert one.member is not None
        desk = self.town.desk_of[one.member]
        if one.what == "alarm":
            self.calls[desk].append(one.at)
            return
        config = self.town.service.config
        assert is_open(config.desks[desk].hours, self.town.service.calendar, one.at), "told in quiet hours"
        day = str(one.at.astimezone(STOCKHOLM).date())
        self.notices[one.member, day] += 1
        assert self.notices[one.member, day] <= config.nudges.most_a_day, "told too often"

    def _check_nobody_is_forgotten(self) -> None:
        """After a sweep no case that cannot wait has lain longer than its limit since somebody was called for it."""
        for life in self.urgent.values():
            if life.since is None:
                continue
            limit = self.town.service.config.policies[life.desk].limits[life.pace]
            last = max((at for desk in self._chain(life.desk) for at in self.calls[desk][-1:]), default=life.since)
            assert self.now - max(last, life.since) < limit + SWEEP_EVERY, f"nobody was called: {life}"

    def _expect_follow_up(self, case: CaseId) -> None:
        """What was due has come, once; a while later only where everybody who could be told was away."""
        at = self.lives[case].follow_up
        if at is not None and at + EVERYBODY_AWAY < self.now:
            assert self.followed[case, seconds(at)] == 1, "a follow-up did not come"

    def _until_somebody_looks(self, pace: Pace) -> timedelta:
        """Whoever is rung again and again comes at last; for what can wait nobody may come for weeks."""
        return self._some(0, 24 * 40 if pace.can_wait else 12)

    def _change(self, case: CaseId, verb: Callable[..., object], *given: object) -> None:
        changed(self.conn, self.town.service, case, self.now, verb, *given)

    def _chain(self, desk: DeskName) -> list[DeskName]:
        config = self.town.service.config
        return [desk, *config.desks[desk].deputies, config.national_desk]

    def _some(self, least: float, most: float) -> timedelta:
        """Hours, mostly few."""
        return timedelta(hours=least + (most - least) * self.chance.random() ** 4)

    def check_the_end(self) -> None:
        """Of a closed case its deletion was said and nothing else, and whatever came once came once."""
        assert _closed_and_due(self.conn) == {case for case in self._to_announce() if not self.announced[case]}
        assert set(self.followed.values()) | set(self.announced.values()) <= {1}
        for case, life in self.lives.items():
            if not life.closed:
                self._expect_follow_up(case)
            elif life.goes is not None and life.goes + EVERYBODY_AWAY < self.now:
                assert self.announced[case] == 1, "a deletion was not told of"

    def _to_announce(self) -> set[CaseId]:
        return {case for case, life in self.lives.items() if life.closed}


async def live(town: Town, seed: int, start: datetime, days: int, number: int) -> Year:
    """So many cases in so many days, from one seed; in one transaction, since nothing here is kept."""
    return await town.service.database.write(_live, town, seed, start, days, number)


def _live(conn: Connection, town: Town, seed: int, start: datetime, days: int, number: int) -> Year:
    year = Year(conn, town, Random(seed), start, start + timedelta(days=days))
    for _ in range(number):
        year.plan(timedelta(days=days * 0.9 * year.chance.random()), "case")
    for what in ("away", "away", "sleep", "die"):
        year.plan(year._some(1, 24 * 5), what)
    year.run()
    year.check_the_end()
    return year


def _first_due(conn: Connection) -> datetime | None:
    found = conn.execute(
        select(table.c.next_nudge_at).order_by(table.c.next_nudge_at).where(table.c.next_nudge_at.is_not(None)).limit(1)
    ).scalar()
    return None if found is None else datetime.fromtimestamp(found, STOCKHOLM)


def _tick(at: datetime) -> datetime:
    """The next moment at which the clock looks."""
    every = SWEEP_EVERY.total_seconds()
    return datetime.fromtimestamp(-(-at.timestamp() // every) * every, at.tzinfo)


def _follow_up(conn: Connection, case_id: CaseId, at: datetime) -> None:
    conn.execute(update(table).where(table.c.id == case_id).values(follow_up_at=seconds(at)))


def _announced_at(conn: Connection, case_id: CaseId, ahead: timedelta) -> datetime:
    goes = conn.execute(select(table.c.delete_at).where(table.c.id == case_id)).scalar_one()
    return datetime.fromtimestamp(goes, STOCKHOLM) - ahead


def _spoken(conn: Connection, rule: Rule, now: datetime) -> list[tuple[CaseId, int, int]]:
    """What a rule has just said: of which case, about what moment, for which time. Two sweeps may share a second."""
    spoken = (said.c.rule == rule.value, said.c.last_at == seconds(now))
    return [(CaseId(row.case_id), row.about, row.times) for row in conn.execute(select(said).where(*spoken))]


def _closed_and_due(conn: Connection) -> set[CaseId]:
    due = (table.c.closed_at.is_not(None), table.c.next_nudge_at.is_not(None))
    return {CaseId(value) for value in conn.execute(select(table.c.id).where(*due)).scalars()}
