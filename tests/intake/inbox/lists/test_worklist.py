"""The list: order, marks, pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from intake.inbox.lists import worklist
from intake.inbox.lists.worklist import is_overdue, read_after, write_after
from intake.mailbox import key_from_receipt, write_more
from intake.model import Case, CaseId, Channel, Status
from intake.service import Service
from intake.store.cases import After
from tests.intake.inbox.browser import Browser
from tests.intake.inbox.conftest import tell
from tests.service import MONDAY_MORNING, Clock
from triage.model import NOWHERE, DeskName, Kind, Pace, Place

AFTER = After(datetime(2026, 11, 23, 9, tzinfo=UTC), CaseId("b" * 26))


async def test_the_soonest_due_comes_first(nord: Browser, house: Service) -> None:
    await tell(house, "Ett tips", kind=Kind.TIP)
    await tell(house, "Hjälp", kind=Kind.HELP)
    page = (await nord.get("/")).text
    assert page.index("Asks for help") < page.index("Tip ·")


async def test_what_is_late_is_marked(nord: Browser, house: Service, clock: Clock) -> None:
    await tell(house)
    assert "overdue" not in (await nord.get("/")).text
    clock.advance(days=2)
    await nord.log_in("nord")
    page = (await nord.get("/")).text
    assert " late</strong>" in page
    assert 'class="case new overdue' in page


async def test_no_text_is_on_the_list(nord: Browser, house: Service) -> None:
    await tell(house, "De håller henne i källaren.")
    assert "källaren" not in (await nord.get("/")).text


async def test_an_unknown_place_is_said(house: Service, another_browser: Callable[[], Browser]) -> None:
    await tell(house, "Jag såg något.", kind=Kind.TIP, place=NOWHERE)
    visitor = another_browser()
    await visitor.log_in("national")
    assert "place unknown" in (await visitor.get("/")).text


async def test_a_county_alone_has_its_name(nord: Browser, house: Service) -> None:
    await tell(house, "Jag såg något.", place=Place(county="25"))
    assert "Norrbotten" in (await nord.get("/")).text


async def test_every_case_is_on_exactly_one_page(
    nord: Browser, house: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "PAGE", 2)
    for minute in range(5):
        await tell(house, f"Tips {minute}", MONDAY_MORNING + timedelta(minutes=minute // 2))
    seen, path = [], "/"
    while path:
        page = await nord.get(path)
        assert len(page.cases) <= 2
        seen += page.cases
        path = "/" + page.text.partition('href="?')[2].partition('"')[0] if 'rel="next"' in page.text else ""
        path = path.replace("/after", "/?after")
    assert len(seen) == len(set(seen)) == 5


async def test_a_later_message_raises_what_the_list_says(nord: Browser, house: Service) -> None:
    key = await key_from_receipt(house, await tell(house, "De säljer henne i en lägenhet."))
    assert "Under 18" not in (await nord.get("/")).text
    await write_more(house, key, "De säljer en flicka till, hon är 15 år.", "sv", MONDAY_MORNING)
    assert "Under 18" in (await nord.get("/")).text


async def test_who_has_nothing_to_do_is_told_so(nord: Browser) -> None:
    assert "Nothing waits." in (await nord.get("/")).text
    assert "No case has been closed yet." in (await nord.get("/closed")).text


def test_a_page_is_found_again_by_a_time_and_a_random_id() -> None:
    assert read_after(write_after(AFTER)) == AFTER


@pytest.mark.parametrize("text", ["", "x", "1-x", "-" + "b" * 26, "٣-" + "b" * 26, "9" * 12 + "-" + "b" * 26])
def test_what_is_no_such_place_is_the_beginning(text: str) -> None:
    assert read_after(text) is None


@pytest.mark.parametrize(
    ("status", "hours", "late"),
    [
        (Status.NEW, 1, True),
        (Status.NEW, -1, False),
        (Status.OPENED, 1, True),
        (Status.ANSWERED, 1, False),
        (Status.CLOSED, 1, False),
    ],
)
def test_a_case_is_late_until_it_is_answered(status: Status, hours: int, late: bool) -> None:
    due, now = MONDAY_MORNING, MONDAY_MORNING + timedelta(hours=hours)
    case = Case(CaseId("a"), DeskName("nord"), status, Pace.TODAY, Channel.WEB, received_at=due, due_at=due)
    assert is_overdue(case, now) is late
