"""Once a case's time is over nothing is left of it but what was counted, what the log says and its register row.

On SQLite the files themselves are searched, after the truncating checkpoint, for every byte string that the case had.
"""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from intake import audit, casework, upkeep
from intake.audit import Act
from intake.casefile.closing import Closing, close
from intake.casefile.entries import Basis, FollowUp, Held, Referral
from intake.casefile.writing import link, write_down
from intake.model import CaseId, Hold
from intake.reading import Reader
from intake.reply import reply
from intake.service import Service
from intake.statistics.cells import Age, Cell, Form, Gender, Outcome, Person, Purpose, Survey
from intake.statistics.counting import read_counts
from intake.store.database import Database
from intake.store.schema import metadata
from tests.flows.steps import SYD, add, erase, listed, only_case, staffed, tell
from tests.flows.stolen import loot
from tests.service import MONDAY_MORNING, make_config, reader_of
from triage.model import Kind

NOW = MONDAY_MORNING
DAY = timedelta(days=1)
OUTLIVE = {"journal", "register"}
"""Where the random id of a case may stand on: what a restored backup must not undo, and the public register."""
PERSON = Person(Age.CHILD, Gender.WOMAN_GIRL, Form.TRAFFICKING, frozenset({Purpose.SEXUAL}), "RO")
CLOSING = Closing(Outcome.REFERRED, Kind.HELP, persons=(PERSON, PERSON))


def traces(conn: Connection, case: CaseId) -> dict[str, bytes]:
    """Every id and byte string of the rows of a case, in whatever table they lie; by a name to show."""
    found = {}
    for table in metadata.sorted_tables:
        column = table.c.get("case_id") if table.name != "cases" else table.c.id
        if column is None or table.name in OUTLIVE:
            continue
        for number, row in enumerate(conn.execute(select(table).where(column == case)).mappings()):
            for name, value in row.items():
                # Ids of members, desks and the like are not the case's own.
                if isinstance(value, bytes) and len(value) >= 16:
                    found[f"{table.name}.{name} {number}"] = value
                elif name in ("message_id", "lookup", "send_id"):
                    found[f"{table.name}.{name} {number}"] = str(value).encode()
    return found


async def left_of(service: Service, url: str, found: dict[str, bytes]) -> list[str]:
    heap = await loot(service, url)
    return [name for name, value in found.items() if value in heap]


@pytest.fixture
async def syd(empty_service: Service) -> Reader:
    return await reader_of(empty_service, (await staffed(empty_service, "syd", "nationell"))[0])


async def worked_on(service: Service, syd: Reader) -> tuple[CaseId, str]:
    """A case with everything that a desk's work leaves, and its receipt."""
    receipt = (await tell(service)).receipt
    case = await only_case(service, syd)
    await casework.open_case(service, syd, case, NOW)
    await casework.assign_to_me(service, syd, case, NOW)
    await reply(service, syd, case, "Vi finns här.", NOW)
    await casework.add_remark(service, syd, case, "Hon flyttas kanske.", NOW)
    await write_down(service, syd, case, Referral(id="1", partner="Polisen", basis=Basis.CONSENT), NOW)
    await write_down(service, syd, case, FollowUp(at=NOW + 4 * DAY, reason="Ring"), NOW)
    return case, receipt


async def test_after_its_time_nothing_is_left_of_a_closed_case(
    empty_service: Service, database: Database, database_url: str, syd: Reader
):
    case, _ = await worked_on(empty_service, syd)
    await close(empty_service, syd, case, CLOSING, NOW)
    found = await database.read(traces, case)
    assert len(found) > 20
    assert await left_of(empty_service, database_url, found) == list(found)
    assert await upkeep.delete_due(empty_service, NOW + 729 * DAY) == 0
    assert await upkeep.delete_due(empty_service, NOW + 731 * DAY) == 1
    assert await left_of(empty_service, database_url, found) == []
    assert await database.read(traces, case) == {}


async def test_what_was_counted_and_logged_outlives_the_case(empty_service: Service, database: Database, syd: Reader):
    case, _ = await worked_on(empty_service, syd)
    await close(empty_service, syd, case, CLOSING, NOW)
    await upkeep.fold_numbers(empty_service, NOW)
    before = await database.read(read_counts, empty_service.key)
    await upkeep.delete_due(empty_service, NOW + 731 * DAY)
    assert await database.read(read_counts, empty_service.key) == before
    assert before[Cell(Survey.ORIGIN, "2026", ("RO",))] == 2
    last = (await database.read(audit.read, empty_service.key, SYD))[-1]
    assert (last.act, last.case) == (Act.DELETED, case)


async def test_after_erase_and_its_delay_nothing_is_left(
    empty_service: Service, database: Database, database_url: str, syd: Reader
):
    case, receipt = await worked_on(empty_service, syd)
    persons = await database.read(traces, case)
    await erase(empty_service, receipt, NOW)
    gone = {name: value for name, value in persons.items() if name.startswith("mailboxes")}
    assert await left_of(empty_service, database_url, gone) == []
    found = await database.read(traces, case)
    assert await upkeep.delete_due(empty_service, NOW + 29 * DAY) == 0
    assert await upkeep.delete_due(empty_service, NOW + 32 * DAY) == 1
    assert await left_of(empty_service, database_url, persons | found) == []


async def test_an_authority_without_a_decision_keeps_its_copy_and_with_one_lets_it_go(make_service, database: Database):
    config = make_config(operator={"kind": "authority"})
    service = make_service(config)
    syd = await reader_of(service, (await staffed(service, "syd", "nationell"))[0])
    case, receipt = await worked_on(service, syd)
    await close(service, syd, case, CLOSING, NOW)
    assert await upkeep.delete_due(service, NOW + 9999 * DAY) == 0
    await add(service, receipt, "Mer", NOW + DAY)
    await erase(service, receipt, NOW + DAY)
    assert await upkeep.delete_due(service, NOW + 9999 * DAY) == 0
    decided = make_service(make_config(operator={"kind": "authority"}, retention={"decision": "RA 2026/1"}))
    other = (await tell(decided)).receipt
    await erase(decided, other, NOW)
    assert await upkeep.delete_due(decided, NOW + 9999 * DAY) == 1
    assert await database.read(traces, case)


async def test_what_is_held_stays_until_it_is_let_go(empty_service: Service, syd: Reader):
    case, receipt = await worked_on(empty_service, syd)
    await write_down(empty_service, syd, case, Held(hold=Hold.DISCLOSURE, reason="begärd"), NOW)
    await close(empty_service, syd, case, CLOSING, NOW)
    await erase(empty_service, receipt, NOW)
    assert await upkeep.delete_due(empty_service, NOW + 9999 * DAY) == 0
    await write_down(empty_service, syd, case, Held(hold=None, reason="utlämnad"), NOW + DAY)
    assert await upkeep.delete_due(empty_service, NOW + 9999 * DAY) == 1


async def test_a_silent_case_is_warned_of_before_it_goes_and_one_with_a_follow_up_is_not(make_service):
    service = make_service(make_config(retention={"answered_days": 100}))
    syd = await reader_of(service, (await staffed(service, "syd", "nationell"))[0])
    case, _ = await worked_on(service, syd)
    later = NOW + 101 * DAY
    assert await upkeep.warn_of_silence(service, later) == 0
    await write_down(service, syd, case, FollowUp(at=None), NOW)
    assert await upkeep.warn_of_silence(service, later) == 1
    assert await upkeep.warn_of_silence(service, later) == 0
    assert await upkeep.delete_due(service, later + 29 * DAY) == 0
    assert await upkeep.delete_due(service, later + 31 * DAY) == 1


async def test_a_linked_case_says_nothing_of_the_one_that_is_gone(empty_service: Service, syd: Reader):
    case, receipt = await worked_on(empty_service, syd)
    await tell(empty_service, "En till")
    (other,) = {*await listed(empty_service, syd)} - {case}
    await link(empty_service, syd, case, other, NOW, linked=True)
    await erase(empty_service, receipt, NOW)
    await upkeep.delete_due(empty_service, NOW + 40 * DAY)
    assert await listed(empty_service, syd) == [other]
