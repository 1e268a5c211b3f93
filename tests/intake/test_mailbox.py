"""The person's way back: it opens with the receipt alone, takes more, and is destroyed when they say so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake import people
from intake.casefile.closing import Closing, close
from intake.crew import Crew
from intake.filing import assess_text
from intake.mailbox import NoMailbox, deletion_time, key_from_receipt, open_mailbox, write_more
from intake.model import Direction, Status
from intake.reply import reply
from intake.service import Service
from intake.store.schema import wraps
from intake.vault.receipt import show_receipt
from tests.flows.steps import (
    MALMO,
    STOCKHOLM,
    TEXT,
    add,
    erase,
    heard,
    listed,
    look,
    only_case,
    read,
    staffed,
    tell,
    texts_read,
)
from tests.service import MONDAY_MORNING, Person, make_config, reader_of
from triage.model import Assessment, Pace, Urgency
from triage.route import NoDesk

LATER = MONDAY_MORNING + timedelta(hours=3)


@pytest.fixture
async def staff(empty_service: Service) -> list[Person]:
    """Who works at Syd, at the national desk, and at Väst."""
    return await staffed(empty_service, "syd", "nationell", "vast")


@pytest.fixture
async def receipt(empty_service: Service, staff: list[Person]) -> str:
    """The receipt of a report to Syd."""
    assert staff
    return (await tell(empty_service)).receipt


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it was given": str,
    "in groups": show_receipt,
    "with dashes": lambda digits: show_receipt(digits).replace(" ", "-"),
    "in Arabic digits": lambda digits: digits.translate({ord(str(n)): chr(0x660 + n) for n in range(10)}),
    "with a line end": lambda digits: f"\t{digits}\n",
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
async def test_a_receipt_opens_its_mailbox(empty_service: Service, receipt: str, spelling):
    assert await heard(empty_service, spelling(receipt)) == [TEXT]


@pytest.mark.parametrize("typed", ["", "1234", "0" * 28, "x" * 28, "9" * 500, "\ud800", "²" * 28], ids=ascii)
async def test_unknown_and_malformed_receipts_look_the_same(empty_service: Service, receipt: str, typed: str):
    assert receipt != typed
    with pytest.raises(NoMailbox) as refused:
        await key_from_receipt(empty_service, typed)
    assert refused.value.args == ()


async def test_a_receipt_one_digit_off_opens_nothing(empty_service: Service, receipt: str):
    wrong = receipt[:-1] + str((int(receipt[-1]) + 1) % 10)
    with pytest.raises(NoMailbox):
        await look(empty_service, wrong)


async def test_a_receipt_opens_after_the_service_key_rotated(empty_service: Service, receipt: str):
    rotated = replace(empty_service, key=empty_service.key.rotate())
    await add(rotated, receipt, "Mer")
    assert await heard(rotated, receipt) == [TEXT, "Mer"]


async def test_a_receipt_opens_nothing_under_another_service_key(empty_service: Service, receipt: str):
    with pytest.raises(NoMailbox):
        await look(replace(empty_service, key=type(empty_service.key).generate()), receipt)


async def test_two_mailboxes_show_each_their_own(empty_service: Service, receipt: str):
    other = (await tell(empty_service, "En annan")).receipt
    assert [await heard(empty_service, one) for one in (receipt, other)] == [[TEXT], ["En annan"]]


async def test_who_speaks_is_shown_in_order(empty_service: Service, receipt: str, staff: list[Person]):
    reader = await reader_of(empty_service, staff[0])
    await reply(empty_service, reader, await only_case(empty_service, reader), "Tack", LATER)
    await add(empty_service, receipt, "Mer", LATER)
    opened = await look(empty_service, receipt, LATER)
    said = [(message.direction, message.text) for message in opened.messages]
    assert said == [(Direction.FROM_PERSON, TEXT), (Direction.FROM_DESK, "Tack"), (Direction.FROM_PERSON, "Mer")]
    assert opened.desk_name == "Regionkoordinator Syd"


async def test_what_is_added_makes_a_closed_case_wait_again(empty_service: Service, receipt: str, staff: list[Person]):
    reader = await reader_of(empty_service, staff[0])
    case = (await read(empty_service, reader)).case.id
    await close(empty_service, reader, case, Closing(), MONDAY_MORNING)
    assert await listed(empty_service, reader) == []
    await add(empty_service, receipt, "Mer", LATER)
    waiting = (await look(empty_service, receipt, LATER)).case
    assert waiting.status is Status.NEW
    assert waiting.due_at > LATER
    assert [message.text for message in (await read(empty_service, reader, LATER)).messages] == [TEXT, "Mer"]


@pytest.mark.parametrize(
    ("first", "then", "pace"),
    [(Urgency.NORMAL, Urgency.ACUTE, Pace.NOW), (Urgency.HIGH, Urgency.LOW, Pace.TODAY)],
    ids=["faster", "but never slower"],
)
async def test_what_is_added_can_make_a_case(
    empty_service: Service, staff: list[Person], monkeypatch: pytest.MonkeyPatch, first, then, pace: Pace
):
    monkeypatch.setattr("intake.filing.assess", lambda *_, **__: Assessment(urgency=first, place=MALMO))
    receipt = (await tell(empty_service)).receipt
    monkeypatch.setattr("intake.filing.assess", lambda *_, **__: Assessment(urgency=then))
    await add(empty_service, receipt, "Mer")
    assert (await look(empty_service, receipt)).case.pace is pace
    held = await empty_service.database.read(lambda conn: set(conn.execute(select(wraps.c.recipient)).scalars()))
    assert ("vast" in held) == (pace is Pace.NOW)


async def test_what_is_added_to_a_desk_that_lost_everybody_is_read_by_its_deputy(
    empty_service: Service, receipt: str, staff: list[Person]
):
    syd, _, vast = staff
    await people.deactivate(empty_service, syd.member, MONDAY_MORNING)
    await add(empty_service, receipt, "Mer", LATER)
    opened = await read(empty_service, await reader_of(empty_service, vast), LATER)
    assert [message.text for message in opened.messages] == ["Mer"]
    assert opened.locked == 1
    await add(empty_service, receipt, "Ännu mer", LATER)
    assert await texts_read(empty_service, vast) == ["Mer", "Ännu mer"]


async def test_nothing_is_received_that_nobody_could_ever_read(
    empty_service: Service, receipt: str, staff: list[Person]
):
    for person in staff:
        await people.deactivate(empty_service, person.member, MONDAY_MORNING)
    with pytest.raises(NoDesk):
        await add(empty_service, receipt, "Mer", LATER)
    assert await heard(empty_service, receipt) == [TEXT]


async def test_an_erased_mailbox_is_gone_as_if_it_had_never_been(empty_service: Service, receipt: str):
    key = await key_from_receipt(empty_service, receipt)
    await erase(empty_service, receipt)
    for opening in (
        look(empty_service, receipt),
        open_mailbox(empty_service, key, LATER),
        write_more(empty_service, key, "Mer", "sv", LATER),
        erase(empty_service, receipt),
    ):
        with pytest.raises(NoMailbox):
            await opening


async def test_the_desk_keeps_its_copy_of_an_erased_case(empty_service: Service, receipt: str, staff: list[Person]):
    await erase(empty_service, receipt)
    opened = await read(empty_service, await reader_of(empty_service, staff[0]))
    assert [message.text for message in opened.messages] == [TEXT]
    assert not opened.can_be_answered
    assert opened.case.delete_at is not None


@pytest.mark.parametrize(
    ("kind", "decision", "days"),
    [("organisation", None, 30), ("authority", None, None), ("authority", "RA-MS 2026:1", 30)],
)
async def test_the_desks_copy_goes_when_the_operators_duties_allow(make_service, kind: str, decision, days):
    retention = {} if decision is None else {"decision": decision}
    service = make_service(make_config(operator={"kind": kind}, retention=retention))
    due = None if days is None else MONDAY_MORNING + timedelta(days=days)
    assert deletion_time(service, MONDAY_MORNING) == due


async def test_a_mailbox_elsewhere_is_not_touched_by_erasing(empty_service: Service, receipt: str):
    other = (await tell(empty_service, "En annan", STOCKHOLM)).receipt
    await erase(empty_service, receipt)
    assert await heard(empty_service, other) == ["En annan"]


async def test_a_long_conversation_is_opened_in_parts(empty_service: Service, receipt: str):
    for n in range(6):
        await add(empty_service, receipt, str(n), LATER)
    key, parts, before = await key_from_receipt(empty_service, receipt), [], None
    while not parts or before is not None:
        part = await open_mailbox(empty_service, key, LATER, most=3, before=before)
        parts.append(([message.text for message in part.messages], part.newest, part.waits))
        before = part.earlier
    assert parts == [(["3", "4", "5"], True, True), (["0", "1", "2"], False, True), ([TEXT], False, True)]


async def test_whoever_was_answered_waits_no_more_on_an_earlier_part_either(empty_service: Service, staff, receipt):
    reader = await reader_of(empty_service, staff[0])
    await reply(empty_service, reader, await only_case(empty_service, reader), "Hej", LATER)
    key = await key_from_receipt(empty_service, receipt)
    earlier = await open_mailbox(empty_service, key, LATER, most=1, before=1)
    assert ([message.text for message in earlier.messages], earlier.waits) == ([TEXT], False)


class Asked(Crew):
    """A crew without hands that remembers what it was asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.works: list[object] = []

    async def do(self, work, shop, *args, **kwargs):
        self.works.append(work)
        return await super().do(work, shop, *args, **kwargs)


async def test_what_is_added_is_assessed_where_a_core_is_free(empty_service: Service, receipt: str):
    crew = Asked()
    await add(replace(empty_service, crew=crew), receipt, "Hon är 15 år.", LATER)
    assert crew.works == [assess_text]
