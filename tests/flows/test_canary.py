"""Markers go through every flow and every failure; none comes out in a log, an error, an address or on the terminal.

A new way in or out adds its rows to `FLOWS`.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession, CookieJar

from intake.inbox.app import inbox_app
from intake.listener import listen
from intake.logs import log_uncaught
from intake.ops import ops_app
from intake.service import Service
from intake.web.app import public_app
from tests.flows.canary.house import MARKS, NAME, TEXT, House
from tests.flows.canary.inside import (
    a_fault_of_ours_that_quotes,
    a_job_that_quotes,
    a_row_that_the_database_refuses,
    a_store_that_takes_nothing,
    a_table_that_is_gone,
    explode,
)
from tests.flows.canary.refused import (
    a_join_that_fails,
    a_sender_who_hangs_up,
    addresses_that_lead_nowhere,
    bad_json,
    forms_that_will_not_do,
    logins_that_fail,
    malformed_http,
    wrong_receipts,
)
from tests.flows.canary.well import (
    change_the_own_account,
    forget_what_is_due,
    look_at_the_counts,
    send_files,
    work_at_the_desk,
    work_on_a_case,
    write_and_come_back,
    write_by_the_form,
    write_from_every_phone,
    write_in_the_chat,
)
from tests.flows.ears import Ears, listening, spoken
from tests.flows.steps import NATIONAL, SYD, staffed
from tests.service import PASSPHRASE


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    with listening() as found:
        yield found


@pytest.fixture
async def house(empty_service: Service, ears: Ears) -> AsyncIterator[House]:
    """The house, staffed, with every ear open."""
    assert ears
    syd, _ = await staffed(empty_service, SYD, NATIONAL)
    async with AsyncExitStack() as stack:
        ports = []
        for app in (public_app(empty_service), inbox_app(empty_service), ops_app(empty_service)):
            listener = await listen(app, "127.0.0.1:0")
            stack.push_async_callback(listener.close)
            ports.append(listener.port)
        session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        yield House(empty_service, session, *ports, syd)


Flow = Callable[[House], Awaitable[None]]

FLOWS: list[Flow] = [
    write_and_come_back,
    write_by_the_form,
    send_files,
    work_at_the_desk,
    work_on_a_case,
    change_the_own_account,
    look_at_the_counts,
    forget_what_is_due,
    write_from_every_phone,
    write_in_the_chat,
    bad_json,
    wrong_receipts,
    forms_that_will_not_do,
    addresses_that_lead_nowhere,
    logins_that_fail,
    a_join_that_fails,
    malformed_http,
    a_sender_who_hangs_up,
    a_table_that_is_gone,
    a_row_that_the_database_refuses,
    a_store_that_takes_nothing,
    a_fault_of_ours_that_quotes,
    a_job_that_quotes,
]


ALWAYS_ON_BOTH = {
    a_table_that_is_gone,
    a_row_that_the_database_refuses,
    a_store_that_takes_nothing,
    change_the_own_account,
    work_on_a_case,
    forget_what_is_due,
}
"""Where the database itself speaks, or much is asked of it; PostgreSQL's silence in the rest is for the soak."""
ON_BOTH = [
    pytest.param(name, flow, id=f"{name}-{flow.__name__}", marks=[pytest.mark.soak] if rare else [])
    for flow in FLOWS
    for name, rare in (("sqlite", False), ("postgresql", flow not in ALWAYS_ON_BOTH))
]


@pytest.mark.parametrize(("database_url", "flow"), ON_BOTH, indirect=["database_url"])
async def test_no_marker_comes_out_of(house: House, ears: Ears, capfd: pytest.CaptureFixture[str], flow: Flow):
    await flow(house)
    await asyncio.sleep(0)
    out, err = capfd.readouterr()
    marks = {**MARKS, **house.made, "passphrase of a member": PASSPHRASE}
    assert spoken(marks, ears.heard()) == []
    assert spoken(marks, out + err) == []
    assert spoken(marks, "".join(house.refusals)) == []
    assert house.syd.login not in ears.heard()
    assert "127.0.0.1" not in ears.house.getvalue()


def crash() -> None:
    try:
        explode()
    except ValueError:
        log_uncaught(*sys.exc_info())


def quoting_library() -> None:
    try:
        explode()
    except ValueError:
        logging.getLogger("library").exception("sent %s to %s", TEXT, NAME, extra={"login": NAME}, stack_info=True)


def forgotten_task() -> None:
    async def fail() -> None:
        explode()

    async def forget() -> None:
        asyncio.create_task(fail())  # noqa: RUF006 - forgotten on purpose
        await asyncio.sleep(0)

    asyncio.run(forget())


@pytest.mark.parametrize("noise", [crash, quoting_library, forgotten_task], ids=lambda noise: noise.__name__)
def test_what_others_say_is_told_by_place_and_kind_alone(noise: Callable[[], None]):
    with listening() as ears:
        noise()
        gc.collect()
        said = ears.house.getvalue()
    assert '"exception": "ValueError"' in said
    assert spoken(MARKS, said) == []


def test_the_search_would_hear_a_marker():
    with listening() as ears:
        logging.getLogger("library").debug("sent %s", TEXT)
        assert spoken(MARKS, ears.heard()) == ["text"]
    for form in (TEXT, repr(TEXT.encode()), TEXT.encode().hex()):
        assert spoken(MARKS, form) == ["text"]
