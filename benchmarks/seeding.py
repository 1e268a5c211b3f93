"""Fills a store with as many cases as a test of lists needs; knows SQLite, and no page.

The cases of the first pages are sealed for real, each for itself. A million more are copies of one of them under other
names, due later: as large on disk and in every index, but nobody could open them.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table

from intake.model import Card, Case, CaseId, Channel, Context, Direction, Status
from intake.service import Service
from intake.store import cases, desks, envelopes
from intake.store.envelopes import Stored
from intake.store.schema.correspondence import cases as case_table
from intake.store.schema.correspondence import envelopes as envelope_table
from intake.store.schema.correspondence import grants as grant_table
from intake.store.schema.correspondence import wraps as wrap_table
from intake.vault.card import CARDS
from intake.vault.ids import new_case_id, new_id, new_message_id
from triage.model import Assessment, DeskName, Kind, Pace, Place, Reason, Span

_AT_ONCE = 50_000
_LENT = 10
"""One in so many of the sealed cases is another desk's, shown to this one."""
_KEPT = 365 * 86400
"""Seconds that a closed case of them lies there until it is deleted."""
_FILL = """
CREATE TEMP TABLE fill AS
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :number)
SELECT n, new_id() AS case_id, new_id() AS message_id,
       CASE n % 10 WHEN 0 THEN :other WHEN 1 THEN :other WHEN 2 THEN :other ELSE :desk END AS desk,
       CASE n % 2 WHEN 0 THEN :due END AS closed_at,
       CASE n % 2 WHEN 0 THEN :due + :kept END AS delete_at,
       CASE n % 2 WHEN 0 THEN 'closed' ELSE 'new' END AS status,
       :due + n AS due_at
FROM numbers
"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """Whose list is looked at, and who else has cases there."""

    desk: DeskName
    other: DeskName


SEEDED = Seeded(DeskName("nord"), DeskName("syd"))
_CARD = Card(
    Assessment(
        kind=Kind.TIP,
        place=Place("24", "2480"),
        lang="sv",
        reasons=(Reason("kind=tip", "default"), Reason("place=2480", "name", (Span(40, 44),))),
    )
)


async def seal_for_real(service: Service, number: int, now: datetime) -> None:
    """Add open cases, due one after the other, that the desk's members can open."""
    await service.database.write(_seal_for_real, service, number, now)


def fill_up(file: str, number: int, now: datetime) -> None:
    """Add so many copies: seven in ten the desk's own, half of them closed, one in a hundred of the others' lent."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.create_function("new_id", 0, new_id)
    # Nothing here need survive a crash: a folder half filled is thrown away.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY", "foreign_keys = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    for start in range(0, number, _AT_ONCE):
        due = int((now + timedelta(days=400, seconds=start)).timestamp())
        values = {"number": min(_AT_ONCE, number - start), "due": due, "kept": _KEPT}
        values |= {"desk": SEEDED.desk, "other": SEEDED.other}
        connection.execute("BEGIN")
        connection.execute(_FILL, values)
        _copy(connection)
        connection.execute("DROP TABLE fill")
        connection.execute("COMMIT")
    connection.close()


def _copy(connection: sqlite3.Connection) -> None:
    state = {name: f"fill.{name}" for name in ("desk", "status", "due_at", "closed_at", "delete_at")}
    connection.execute(_copying(case_table, {"id": "fill.case_id", **state}))
    ids = {"case_id": "fill.case_id", "message_id": "fill.message_id"}
    connection.execute(_copying(envelope_table, ids))
    connection.execute(_copying(wrap_table, {**ids, "recipient": "fill.desk"}))
    connection.execute(
        f"INSERT INTO {grant_table.name} (case_id, desk, ground, since, due_at, closed_at, mac)"
        " SELECT case_id, ?, 'absence', due_at, due_at, closed_at, zeroblob(38) FROM fill WHERE n % 100 = 1",
        (SEEDED.desk,),
    )


def _copying(table: Table, instead: Mapping[str, str]) -> str:
    names = [column.name for column in table.columns]
    values = ", ".join(instead.get(name, f"one.{name}") for name in names)
    one = f"(SELECT * FROM {table.name} ORDER BY rowid LIMIT 1) AS one"
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM fill, {one}"


def _seal_for_real(conn: Connection, service: Service, number: int, now: datetime) -> None:
    desk_key = desks.keys_to_seal_to(conn, service.key)[SEEDED.desk]
    for second in range(number):
        case_id, due, lent = new_case_id(), now + timedelta(seconds=second), second % _LENT == 0
        owner = SEEDED.other if lent else SEEDED.desk
        case = Case(case_id, owner, Status.NEW, Pace.DAYS, Channel.WEB, received_at=now, due_at=due)
        cases.add(conn, service.key, case)
        if lent:
            cases.grant(conn, service.key, case_id, SEEDED.desk, "absence", now)
        card = CARDS.seal(Context(CaseId(case_id), new_message_id(), Direction.CARD), _CARD, [desk_key])
        envelopes.add(conn, service.key, Stored(card, 0, now))
