"""What fails inside: a store that is gone or full, a fault of ours, a job that quotes."""

from datetime import datetime

import pytest
from sqlalchemy import Connection

from intake import clock
from intake.service import Service
from intake.store.failure import StoreUnavailable
from tests.flows.canary.house import DIGITS, NAME, SECRET, TEXT, House
from tests.flows.steps import tell
from tests.service import PASSPHRASE


async def report_everywhere(house: House, status: int) -> None:
    assert (await house.api("reports", {"text": TEXT})).status == status
    assert (await house.page(house.public, "/sv/tip", text=TEXT)).status == status


def forbid_mailboxes(conn: Connection) -> None:
    """Make the database itself refuse what is written, and say so in its own words."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ALTER TABLE mailboxes ADD CONSTRAINT never CHECK (kept)")
        return
    conn.exec_driver_sql("CREATE TRIGGER never BEFORE INSERT ON mailboxes BEGIN SELECT RAISE(ABORT, 'never'); END")


async def a_table_that_is_gone(house: House) -> None:
    receipt = house.made["receipt"] = (await tell(house.service, TEXT)).receipt
    await house.service.database.write(lambda conn: conn.exec_driver_sql("ALTER TABLE envelopes RENAME TO away"))
    await report_everywhere(house, 500)
    assert (await house.api("mailbox", {"receipt": receipt})).status == 500
    await house.page(house.public, "/sv/mailbox", receipt=receipt, action="open")
    await house.page(house.inbox, "/login", login=house.syd.login, passphrase=PASSPHRASE)
    await house.call("GET", house.inbox, "/")


async def a_row_that_the_database_refuses(house: House) -> None:
    await house.service.database.write(forbid_mailboxes)
    await report_everywhere(house, 500)


def take_no_writes(conn: Connection) -> None:
    conn.exec_driver_sql(f"ALTER DATABASE {conn.engine.url.database} SET default_transaction_read_only = on")


def end_connections(conn: Connection) -> None:
    conn.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")


async def a_store_that_takes_nothing(house: House) -> None:
    database = house.service.database
    if database.dialect == "postgresql":
        await database.write(take_no_writes)
        with pytest.raises(StoreUnavailable):
            await database.write(end_connections)
    else:
        await database.close()
    await report_everywhere(house, 503)
    await house.api("mailbox", {"receipt": DIGITS})
    await house.page(house.inbox, "/login", login=NAME, passphrase=SECRET)
    for path in ("/readyz", "/metrics"):
        await house.call("GET", house.ops, path)
    for job in clock.TABLE:
        await clock._run(house.service, job)


def explode(*_: object, **__: object) -> None:
    raise ValueError(f"{TEXT} {NAME} {SECRET} {DIGITS}")


async def a_fault_of_ours_that_quotes(house: House) -> None:
    """The worst that a mistake can do: an exception with everything in its words."""
    receipt = (await tell(house.service, TEXT)).receipt
    with pytest.MonkeyPatch.context() as patch:
        for place in ("intake.filing.assess", "intake.filing.seal_envelope", "intake.login.login_indexes"):
            patch.setattr(place, explode)
        patch.setattr("intake.ops.generate_latest", explode)
        await report_everywhere(house, 500)
        await house.api("mailbox/messages", {"receipt": receipt, "text": TEXT})
        await house.page(house.inbox, "/login", login=NAME, passphrase=SECRET)
        assert (await house.call("GET", house.ops, "/metrics")).status == 500


async def a_job_that_quotes(house: House) -> None:
    async def job(_: Service, __: datetime) -> None:
        explode()

    await clock._run(house.service, job)
