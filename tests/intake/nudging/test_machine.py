"""Whatever happens to a case, with nodes killed and clocks that jump: nothing due is skipped, nothing is told twice."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, select

from intake.due import of_case, renew
from intake.model import CaseId
from intake.nudging.sweep import BATCH, sweep_desk
from intake.store import cases, nudges
from intake.store.rows import moment_or_none
from intake.store.schema import cases as table
from intake.store.schema import outbox
from tests.databases import both_in_soak as database_url
from tests.intake.nudging.town import SYD, VAST, Town, carry, changed, open_case
from tests.service import MONDAY_MORNING
from triage.model import DeskName, Kind, Pace
from triage.timeline import Rule

__all__ = ["database_url"]


class Days(RuleBasedStateMachine):
    """Some cases at two desks; the pure function and the row must agree after whatever is done."""

    def __init__(self, conn: Connection, town: Town) -> None:
        super().__init__()
        self.unfinished = conn.begin_nested()
        self.conn, self.town, self.now = conn, town, MONDAY_MORNING
        self.cases: list[CaseId] = []

    def teardown(self) -> None:
        self.unfinished.rollback()

    @initialize()
    def begin(self) -> None:
        self.come(Pace.NOW, SYD, Kind.TIP)

    @rule(pace=st.sampled_from(Pace), desk=st.sampled_from((SYD, VAST)), kind=st.sampled_from((Kind.TIP, Kind.HELP)))
    def come(self, pace: Pace, desk: DeskName, kind: Kind) -> None:
        self.cases.append(open_case(self.conn, self.town.service, pace, desk, kind, self.now))

    @rule(minutes=st.integers(1, 2000))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(days=st.integers(1, 400))
    def jump_ahead_and_back(self, days: int) -> None:
        """A sweep in a future that was none."""
        true, self.now = self.now, self.now + timedelta(days=days)
        self.sweep()
        self.now = true
        self.sweep()

    @rule(pick=st.integers(0, 9))
    def read(self, pick: int) -> None:
        self._change(pick, cases.mark_opened, self.now)

    @rule(pick=st.integers(0, 9))
    def answer(self, pick: int) -> None:
        self._change(pick, cases.mark_answered, self.now)

    @rule(pick=st.integers(0, 9), pace=st.sampled_from(Pace))
    def write_more(self, pick: int, pace: Pace) -> None:
        self._change(pick, cases.mark_waiting, pace, self.now, self.now)

    @rule(pick=st.integers(0, 9))
    def close(self, pick: int) -> None:
        self._change(pick, cases.close, self.now)

    @rule(pick=st.integers(0, 9), hours=st.integers(1, 900))
    def snooze(self, pick: int, hours: int) -> None:
        self._change(pick, nudges.snooze, self.now + timedelta(hours=hours))

    @rule()
    def die(self) -> None:
        """A node is killed over every desk: nothing of what it said remains."""
        for desk in nudges.due_desks(self.conn, (SYD, VAST), self.now):
            with self.conn.begin_nested() as unfinished:
                sweep_desk(self.conn, self.town.service, desk, self.now)
                unfinished.rollback()
        assert not self.conn.execute(select(outbox.c.id)).all()

    @rule()
    def sweep(self) -> None:
        """Two nodes, one after the other: the second finds nothing more to say."""
        before = nudges.given(self.conn, self.cases)
        first, second = self._sweep(), self._sweep()
        assert len({one.member for one in first}) == len(first)
        assert not second
        assert nudges.due_desks(self.conn, (SYD, VAST), self.now) == []
        for case, said in nudges.given(self.conn, self.cases).items():
            for name, one in said.items():
                assert one.times <= (before[case][name].times if name in before[case] else 0) + 1

    @invariant()
    def no_row_waits_longer_than_the_rules_say(self) -> None:
        for case in self.cases:
            at, due = self._column(case), self._computed(case)
            assert (at is None) == (due is None)
            assert at is None or due is None or at <= max(due, self.now)

    @invariant()
    def to_renew_changes_nothing_once_it_is_renewed(self) -> None:
        for case in self.cases[:2]:
            renew(self.conn, self.town.service, case, self.now)
            once = self._column(case)
            renew(self.conn, self.town.service, case, self.now)
            assert self._column(case) == once

    def _sweep(self) -> list[object]:
        nudges.set_right(self.conn, self.now, BATCH)
        for desk in nudges.due_desks(self.conn, (SYD, VAST), self.now):
            sweep_desk(self.conn, self.town.service, desk, self.now)
        return carry(self.conn, self.now)

    def _change(self, pick: int, verb: Callable[..., object], *given: object) -> None:
        if pick < len(self.cases):
            changed(self.conn, self.town.service, self.cases[pick], self.now, verb, *given)

    def _column(self, case: CaseId) -> datetime | None:
        return moment_or_none(self.conn.execute(select(table.c.next_nudge_at).where(table.c.id == case)).scalar_one())

    def _computed(self, case: CaseId) -> datetime | None:
        found = cases.find_case(self.conn, self.town.service.key, case)
        said: dict[Rule, object] = nudges.given(self.conn, [case])[case]
        nudge = of_case(self.town.service, found, said, nudges.heard(self.conn, found.desk), self.now)
        return None if nudge is None else nudge.at


async def test_nothing_due_is_skipped_and_nothing_is_told_twice(town: Town):
    gentle = settings(
        max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )

    def live(conn: Connection) -> None:
        run_state_machine_as_test(lambda: Days(conn, town), settings=gentle)

    await town.service.database.write(live)
