"""The clear part of a case: listed once and in order, moved on without going back, gone with all that hangs on it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from intake.model import AttachmentId, CaseId, ContactId, Filed, MessageId, Status
from intake.store import (
    attachments,
    cases,
    contacts,
    envelopes,
    fetches,
    identifiers,
    mailboxes,
    mentions,
    nudges,
    outbox,
    passing,
    schema,
)
from intake.store.cases import After
from intake.store.contacts import ContactRow
from intake.store.database import Database
from intake.store.fetches import Fetch
from intake.store.mailboxes import Mailbox
from intake.store.passing import Kept
from intake.store.schema import cases as table
from intake.vault.errors import Tampered
from tests.intake.store.samples import KEY, NORD, NOW, SYD, VAST, a_case, add_account, add_case, count, stored
from tests.intake.store.test_outbox import an_outgoing
from triage.model import DeskName, Pace
from triage.timeline import Given, Rule


async def walk(database: Database, desks: list[DeskName], size: int) -> list[CaseId]:
    """Every id of a list, page after page."""
    found, after = [], None
    while page := await database.read(cases.list_open, KEY, desks, after, size):
        found += [case.id for case in page]
        after = After(page[-1].due_at, page[-1].id)
    return found


async def test_a_case_comes_back_as_it_was_added(database: Database):
    case = a_case()
    await database.write(cases.add, KEY, case)
    found = await database.read(cases.find_case, KEY, case.id)
    assert found == cases.Case(
        **{name: getattr(case, name) for name in case.__slots__} | {"received_at": found.received_at}
    )
    assert found.received_at == NOW.replace(microsecond=0)


async def test_an_unknown_case_is_none(database: Database):
    assert await database.read(cases.find_case, KEY, CaseId("unknown")) is None


@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_pages_hold_every_open_case_once_the_soonest_due_first(database: Database, size: int):
    dues = [30, 10, 20, 10, 10, 40, 20]
    made = [(due, await database.write(add_case, SYD if n % 2 else VAST, due)) for n, due in enumerate(dues)]
    await database.write(add_case, NORD, 5)
    assert await walk(database, [SYD, VAST], size) == [case for _, case in sorted(made)]


async def test_a_closed_case_is_in_the_other_list(database: Database):
    one, other = await database.write(add_case), await database.write(add_case)
    await database.write(cases.close, one, NOW)
    assert await walk(database, [SYD], 9) == [other]
    assert [case.id for case in await database.read(cases.list_closed, KEY, [SYD], None, 9)] == [one]


async def test_a_lent_case_is_in_both_lists_and_once_for_who_serves_both_desks(database: Database):
    lent, own = await database.write(add_case, SYD, 20), await database.write(add_case, VAST, 10)
    await database.write(cases.grant, KEY, lent, VAST, "escalation", NOW)
    assert await walk(database, [SYD], 9) == [lent]
    assert await walk(database, [VAST], 1) == [own, lent]
    assert await walk(database, [SYD, VAST], 1) == [own, lent]
    assert await database.read(cases.granted_desks, KEY, lent) == {VAST}
    assert await walk(database, [NORD], 9) == []


async def test_a_case_moved_to_another_desk_is_tampered_with(database: Database):
    case = await database.write(add_case)
    await database.write(lambda conn: conn.execute(update(table).values(desk=VAST)))
    with pytest.raises(Tampered):
        await database.read(cases.find_case, KEY, case)
    with pytest.raises(Tampered):
        await database.read(cases.list_open, KEY, [VAST], None, 9)


async def test_a_grant_that_nobody_gave_is_tampered_with(database: Database):
    case = await database.write(add_case)
    await database.write(cases.grant, KEY, case, VAST, "escalation", NOW)
    await database.write(lambda conn: conn.exec_driver_sql("UPDATE grants SET desk = 'nord'"))
    with pytest.raises(Tampered):
        await database.read(cases.granted_desks, KEY, case)


async def test_only_the_first_to_read_opens_a_case(database: Database):
    case = await database.write(add_case)
    assert await database.write(cases.mark_opened, case, NOW)
    assert not await database.write(cases.mark_opened, case, NOW + timedelta(hours=1))
    assert (await database.read(cases.find_case, KEY, case)).opened_at == NOW.replace(microsecond=0)


async def test_what_came_in_while_a_case_was_read_is_not_marked_read(database: Database):
    case = await database.write(add_case)
    await database.write(cases.next_position, case)
    assert not await database.write(cases.mark_opened, case, NOW, 1)
    assert await database.write(cases.hold, case) == 2
    assert await database.write(cases.mark_opened, case, NOW, 2)


async def test_reading_again_does_not_undo_an_answer(database: Database):
    case = await database.write(add_case)
    await database.write(cases.mark_answered, case, NOW)
    assert not await database.write(cases.mark_opened, case, NOW)
    assert (await database.read(cases.find_case, KEY, case)).status is Status.ANSWERED


async def test_what_the_person_adds_makes_a_closed_case_wait_again(database: Database):
    case = await database.write(add_case)
    await database.write(cases.close, case, NOW)
    due = datetime(2026, 11, 24, 9, tzinfo=UTC)
    await database.write(cases.mark_waiting, case, Pace.NOW, due, NOW)
    found = await database.read(cases.find_case, KEY, case)
    assert (found.status, found.pace, found.due_at, found.closed_at) == (Status.NEW, Pace.NOW, due, None)


async def test_a_case_is_put_into_hands_and_taken_back(database: Database):
    case, anna = await database.write(add_case), await database.write(add_account)
    for hands in (anna, None):
        await database.write(cases.assign, case, hands)
        assert (await database.read(cases.find_case, KEY, case)).assignee == hands


async def test_each_message_takes_the_next_place(database: Database):
    one, other = await database.write(add_case), await database.write(add_case)
    assert [await database.write(cases.next_position, one) for _ in range(3)] == [1, 2, 3]
    assert await database.write(cases.next_position, other) == 1


TIMES = ("received_at", "due_at", "opened_at", "answered_at", "closed_at", "erased_at")


async def times_of(database: Database, case: CaseId) -> set[int]:
    """Every time that says when somebody wrote or worked."""

    def times(conn: Connection) -> set[int]:
        row = conn.execute(select(table).where(table.c.id == case)).mappings().one()
        return {row[name] for name in TIMES if row[name] is not None} | set(
            conn.execute(select(schema.envelopes.c.sent_at)).scalars()
        )

    return await database.read(times)


@pytest.mark.parametrize(("step", "unit"), [(cases.mark_answered, 3600), (cases.close, 86400)])
async def test_times_lose_their_seconds_once_the_clock_needs_them_no_more(database: Database, step, unit: int):
    case = await database.write(add_case)
    await database.write(envelopes.add, KEY, stored(case))
    await database.write(cases.mark_opened, case, NOW)
    assert any(at % unit for at in await times_of(database, case))
    await database.write(step, case, NOW)
    await database.write(cases.mark_erased, case, NOW, None)
    assert not [at for at in await times_of(database, case) if at % unit]


async def test_only_cases_whose_day_has_come_are_due_for_deletion(database: Database):
    due, later, kept = [await database.write(add_case) for _ in range(3)]
    await database.write(cases.mark_erased, due, NOW, NOW)
    await database.write(cases.mark_erased, later, NOW, NOW + timedelta(days=1))
    await database.write(cases.mark_erased, kept, NOW, None)
    assert await database.read(cases.due_for_deletion, NOW, 9) == []
    assert await database.read(cases.due_for_deletion, NOW + timedelta(days=1), 9) == [due]


def add_everything(conn: Connection, case: CaseId) -> None:
    envelopes.add(conn, KEY, stored(case))
    mailboxes.add(conn, KEY, Mailbox(case.encode(), b"salt", b"public", case))
    cases.grant(conn, KEY, case, VAST, "escalation", NOW)
    outbox.enqueue(conn, an_outgoing(case), NOW)
    contact = ContactRow(ContactId(case), case.encode(), case, "sms", b"sealed", NOW)
    contacts.add(conn, KEY, contact)
    passing.add_fragment(conn, Kept(MessageId(case), contact.id, case, 0, b"sealed", NOW), NOW)
    attachments.begin(conn, KEY, AttachmentId(case), NOW)
    attachments.add_piece(conn, AttachmentId(case), 0, b"sealed")
    attachments.claim(conn, KEY, [AttachmentId(case)], case, MessageId(case))
    mentions.add(conn, case, add_account(conn, case.encode()), NOW)
    nudges.give(conn, case, {Rule.NEW: Given(NOW, 1, NOW)})
    identifiers.keep(conn, case, [identifiers.Kept(case.encode(), advertised=True)])
    fetches.add(conn, Fetch(Filed(case, MessageId(case), 0), "sms", b"sealed", NOW), NOW)
    passing.add_waiting(conn, Kept(MessageId(case), contact.id, case, 0, b"sealed", NOW), NOW)


async def test_a_deleted_case_takes_everything_along_that_hangs_on_it(database: Database):
    gone, stays = await database.write(add_case), await database.write(add_case)
    for case in (gone, stays):
        await database.write(add_everything, case)
    await database.write(cases.delete_case, gone)
    hanging = [
        one for one in schema.metadata.tables.values() if any(key.column is table.c.id for key in one.foreign_keys)
    ]
    assert {one.name for one in hanging} == {
        "attachments",
        "fetches",
        "identifiers",
        "nudges",
        "grants",
        "envelopes",
        "wraps",
        "mailboxes",
        "outbox",
        "contacts",
        "fragments",
        "mentions",
        "waiting",
    }
    for one in hanging:
        left = await database.read(lambda conn, one=one: set(conn.execute(select(one.c.case_id)).scalars()))
        assert left == {stays}, one.name
    assert await database.read(count, table) == 1
    assert await database.read(count, schema.attachment_pieces) == 1
