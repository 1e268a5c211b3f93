"""Whatever happens to a case, in whatever order, its row tells the truth: a model in plain Python says the same."""

import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection

from intake.model import CaseId, Direction, RecipientKind, Status
from intake.store import cases, envelopes, mailboxes
from intake.store.engines import thread_engine
from intake.store.mailboxes import Mailbox
from tests.intake.store.samples import KEY, NOW, SYD, VAST, add_case, stored
from triage.model import Pace

SPOKEN = (Direction.FROM_PERSON, Direction.FROM_DESK)


class Life(RuleBasedStateMachine):
    """One case from its beginning to its deletion; `template` is a migrated database file to copy."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = shutil.copy(self.template, self.folder.name)
        self.conn: Connection = thread_engine(Path(path)).connect()
        self.now = NOW
        self.there, self.status, self.said, self.erased, self.lent, self.opened = (
            False,
            Status.NEW,
            0,
            False,
            False,
            False,
        )

    @initialize()
    def begin(self) -> None:
        self.case: CaseId = add_case(self.conn)
        mailboxes.add(self.conn, KEY, Mailbox(b"lookup", b"salt", b"public", self.case))
        envelopes.add(self.conn, KEY, stored(self.case))
        self.there, self.said = True, 1

    @rule(minutes=st.integers(1, 3000))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.there)
    @rule()
    def read(self) -> None:
        first = cases.mark_opened(self.conn, self.case, self.now)
        assert first == (self.status is Status.NEW)
        self.status = Status.OPENED if first else self.status
        self.opened = True

    @precondition(lambda self: self.there and not self.erased)
    @rule()
    def answer(self) -> None:
        self._say(Direction.FROM_DESK)
        cases.mark_answered(self.conn, self.case, self.now)
        self.status = Status.CLOSED if self.status is Status.CLOSED else Status.ANSWERED

    @precondition(lambda self: self.there and not self.erased)
    @rule(pace=st.sampled_from(Pace))
    def write_more(self, pace: Pace) -> None:
        self._say(Direction.FROM_PERSON)
        cases.mark_waiting(self.conn, self.case, pace, self.now + timedelta(hours=1), self.now)
        self.status = Status.NEW

    @precondition(lambda self: self.there)
    @rule()
    def close(self) -> None:
        cases.close(self.conn, self.case, self.now)
        self.status = Status.CLOSED

    @precondition(lambda self: self.there and not self.lent)
    @rule()
    def lend(self) -> None:
        cases.grant(self.conn, KEY, self.case, VAST, "escalation", self.now)
        self.lent = True

    @precondition(lambda self: self.there and not self.erased)
    @rule()
    def erase(self) -> None:
        mailboxes.delete_of_case(self.conn, self.case)
        envelopes.delete_wraps(self.conn, self.case, RecipientKind.MAILBOX)
        cases.mark_erased(self.conn, self.case, self.now, self.now + timedelta(days=30))
        self.erased = True

    @precondition(lambda self: self.there and self.erased)
    @rule()
    def delete(self) -> None:
        assert cases.due_for_deletion(self.conn, self.now, 9) == []
        self.now += timedelta(days=31)
        assert cases.due_for_deletion(self.conn, self.now, 9) == [self.case]
        cases.delete_case(self.conn, self.case)
        self.there = False

    def _say(self, direction: Direction) -> None:
        position = cases.next_position(self.conn, self.case)
        assert position == self.said
        envelopes.add(self.conn, KEY, stored(self.case, position, direction))
        self.said += 1

    @invariant()
    def the_row_says_the_same(self) -> None:
        found = cases.find_case(self.conn, KEY, self.case)
        assert (found is not None) == self.there
        if found is None:
            return
        assert found.status is self.status
        assert (found.closed_at is not None) == (self.status is Status.CLOSED)
        assert (found.erased_at is not None) == self.erased

    @invariant()
    def it_is_in_one_list_of_each_desk_that_may_see_it(self) -> None:
        for desk, sees in ((SYD, True), (VAST, self.lent)):
            listed = [case.id for case in cases.list_open(self.conn, KEY, [desk], None, 9)]
            open_ = self.there and self.status is not Status.CLOSED
            assert listed == ([self.case] if sees and open_ else [])

    @invariant()
    def the_conversation_is_whole(self) -> None:
        kept = envelopes.of_case(self.conn, KEY, self.case, SPOKEN, RecipientKind.MAILBOX)
        assert [one.position for one in kept] == list(range(self.said if self.there else 0))
        assert all(bool(one.envelope.wraps) != self.erased for one in kept)
        assert (mailboxes.find(self.conn, KEY, [b"lookup"]) is not None) == (self.there and not self.erased)

    def teardown(self) -> None:
        self.conn.close()
        self.folder.cleanup()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_case_lives_as_the_model_says(sqlite_template: Path):
    machine = type("LifeHere", (Life,), {"template": sqlite_template})
    few = settings(max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=few)
