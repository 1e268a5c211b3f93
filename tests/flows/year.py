"""A simulated year of coordinators who are late, ill, away and asleep, of nodes that die, and of a clock that jumps.

Only time is invented: cases are rows, and the sweep is the real one. What the year must never show is checked after
each sweep, from what people were told and not from what the sweep believes.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import Connection, select, update

from intake.clock import SWEEP_EVERY
from intake.model import CaseId, MemberId
from intake.nudging.sweep import sweep_desk
from intake.store import absences, cases, nudges
from intake.store.absences import Absence
from intake.store.rows import seconds
from intake.store.schema import cases as table
from intake.store.schema import nudges as said
from tests.intake.nudging.town import Told, Town, open_case
from triage.calendar import STOCKHOLM, is_open
from triage.model import DeskName, Kind, Pace
from triage.timeline import Rule

PACES = (Pace.NOW, Pace.HOURS, Pace.TODAY, Pace.DAYS, Pace.DAYS, Pace.WEEKS)
ASLEEP = timedelta(hours=3)
"""So long the machine sleeps at the most, once in a while."""


class Killed(Exception):
    """A node died in the middle of a transaction."""


@dataclass
class Life:
    """One case as its desk lived it. `since` is when the person wrote what nobody has read."""

    desk: DeskName
    pace: Pace
    since: datetime | None
    closed: bool = False
    follow_up: datetime | None = None


@dataclass
class Year:
    """What happens, in order, and what people were told meanwhile."""

    town: Town
    chance: Random
    now: datetime
    end: datetime
    lives: dict[CaseId, Life] = field(default_factory=dict)
    events: list[tuple[datetime, int, str, object]] = field(default_factory=list)
    number: Iterator[int] = field(default_factory=count)
    calls: dict[DeskName, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    notices: Counter[tuple[MemberId, str]] = field(default_factory=Counter)
    followed: Counter[tuple[CaseId, int]] = field(default_factory=Counter)
    due: set[tuple[CaseId, int]] = field(default_factory=set)
    swept_at: datetime | None = None

    def plan(self, after: timedelta, what: str, about: object = None) -> None:
        heapq.heappush(self.events, (self.now + after, next(self.number), what, about))

    async def run(self) -> None:
        """Live until the end: each thing at its time, and a sweep whenever the clock would have found something."""
        while self.now < self.end:
            due = await self.town.service.database.read(_first_due)
            following = self.events[0][0] if self.events else self.end
            if due is not None and due < following:
                self.now = _tick(max(due, self.now))
                await self._sweep()
            else:
                self.now, _, what, about = heapq.heappop(self.events)
                await getattr(self, f"_{what}")(about)

    async def _case(self, _: object) -> None:
        """The person's first message, and some days later another one."""
        desk, pace = self.chance.choice(list(self.town.members)), self.chance.choice(PACES)
        kind = self.chance.choice((Kind.TIP, Kind.HELP))
        write = self.town.service.database.write
        case = await write(open_case, self.town.service, pace, desk, kind, self.now)
        self.lives[case] = Life(desk, pace, self.now)
        self.plan(self._some(0, 40 * 24), "look", case)

    async def _look(self, about: object) -> None:
        """Somebody opens the case, late or early, and answers, puts it off, or closes it some time after."""
        case = CaseId(str(about))
        life = self.lives[case]
        if life.since is not None and not life.closed:
            await self.town.change(case, self.now, cases.mark_opened, self.now)
            life.since = None
            self.plan(self._some(0, 72), self.chance.choice(("answer", "answer", "close")), case)

    async def _answer(self, about: object) -> None:
        case = CaseId(str(about))
        life = self.lives[case]
        if life.closed or life.since is not None:
            return
        await self.town.change(case, self.now, cases.mark_answered, self.now)
        life.follow_up = self.now + self._some(24, 24 * 60)
        await self.town.change(case, self.now, _follow_up, life.follow_up)
        self.plan(self._some(1, 24 * 90), self.chance.choice(("close", "again")), case)

    async def _again(self, about: object) -> None:
        """The person writes once more."""
        case = CaseId(str(about))
        life = self.lives[case]
        if life.closed:
            return
        if life.since is None:
            life.since = self.now
        await self.town.change(case, self.now, cases.mark_waiting, life.pace, self.now, self.now)
        self.plan(self._some(0, 60), "look", case)

    async def _close(self, about: object) -> None:
        case = CaseId(str(about))
        life = self.lives[case]
        if not life.closed and life.since is None:
            await self.town.change(case, self.now, cases.close, self.now)
            life.closed = True

    async def _away(self, _: object) -> None:
        """Ill, or on holiday; some name a deputy, some nobody."""
        desk = self.chance.choice(list(self.town.members))
        deputies = self.town.service.config.desks[desk].deputies
        deputy = self.town.members[deputies[0]] if deputies and self.chance.random() < 0.5 else None
        gone = Absence(self.town.members[desk], self.now, self.now + self._some(8, 24 * 21), deputy)
        await self.town.service.database.write(absences.save, gone)
        self.plan(self._some(24, 24 * 20), "away")

    async def _sleep(self, _: object) -> None:
        """The machine sleeps: what fell due meanwhile is found when it wakes."""
        self.now += self.chance.random() * ASLEEP
        await self._sweep(slept=True)
        self.plan(self._some(24, 24 * 30), "sleep")

    async def _die(self, _: object) -> None:
        """A node is killed in the middle of whatever it tells; the other finds it untold."""
        for desk in self.town.members:
            try:
                await self.town.service.database.write(self._killed_over, desk)
            except Killed:
                continue
        self.plan(self._some(1, 24 * 3), "die")

    def _killed_over(self, conn: Connection, desk: DeskName) -> None:
        sweep_desk(conn, self.town.service, desk, self.now)
        raise Killed

    async def _sweep(self, *, slept: bool = False) -> None:
        told = await self.town.sweep(self.now)
        for one in told:
            self._hear(one)
        for case, about in await self.town.service.database.read(_followed, self.now):
            self.followed[case, about] += 1
        self._check_nobody_is_forgotten(slept=slept)
        self.swept_at = self.now

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

    def _check_nobody_is_forgotten(self, *, slept: bool) -> None:
        """After a sweep no case that cannot wait has lain longer than its limit since somebody was called for it."""
        for life in self.lives.values():
            if life.since is None or life.closed or life.pace.can_wait:
                continue
            limit = self.town.service.config.policies[life.desk].limits[life.pace]
            last = max((at for desk in self._chain(life.desk) for at in self.calls[desk][-1:]), default=life.since)
            assert self.now - max(last, life.since) < limit + SWEEP_EVERY, f"nobody was called: {life} {slept}"

    def _chain(self, desk: DeskName) -> list[DeskName]:
        config = self.town.service.config
        return [desk, *config.desks[desk].deputies, config.national_desk]

    def _some(self, least: float, most: float) -> timedelta:
        """Hours, mostly few."""
        return timedelta(hours=least + (most - least) * self.chance.random() ** 4)

    async def check_the_end(self) -> None:
        """Nothing was said of a closed case, and every follow-up that came came once."""
        left = await self.town.service.database.read(_closed_and_due)
        assert left == 0
        assert set(self.followed.values()) <= {1}


async def live(town: Town, seed: int, start: datetime, days: int, number: int) -> Year:
    """So many cases in so many days, from one seed."""
    year = Year(town, Random(seed), start, start + timedelta(days=days))
    for _ in range(number):
        year.plan(timedelta(days=days * 0.9 * year.chance.random()), "case")
    for what in ("away", "away", "sleep", "die"):
        year.plan(year._some(1, 24 * 5), what)
    await year.run()
    await year.check_the_end()
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


def _followed(conn: Connection, now: datetime) -> list[tuple[CaseId, int]]:
    spoken = (said.c.rule == Rule.FOLLOW_UP.value, said.c.last_at == seconds(now))
    return [(CaseId(row.case_id), row.about) for row in conn.execute(select(said).where(*spoken))]


def _closed_and_due(conn: Connection) -> int:
    return len(
        conn.execute(select(table.c.id).where(table.c.closed_at.is_not(None), table.c.next_nudge_at.is_not(None))).all()
    )
