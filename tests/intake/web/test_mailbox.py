"""Coming back: the receipt opens the mailbox once a page, a handle carries on from there, and erasing erases."""

import re

import pytest
from aiohttp.test_utils import TestClient, TestServer

from intake.casefile.closing import Closing, close
from intake.casework import list_cases, open_case
from intake.model import MemberId
from intake.reply import reply
from intake.service import Service
from intake.store.database import Database
from intake.store.failure import Reason, StoreUnavailable
from intake.web import mailbox
from intake.web.app import public_app
from tests.intake.arrival.said import queued, say
from tests.intake.web.conftest import Page, Visitor, once
from tests.service import Clock, Person, make_config, reader_of

STANDS = [
    "Somebody reads what you wrote at the latest on",
    "Nobody has read it yet",
    "Somebody has read what you wrote",
    "The conversation is closed",
]


async def _answer(service: Service, text: str) -> None:
    """The coordinator of the national desk answers the only case."""
    reader = await reader_of(service, Person("nationell@test", MemberId("")))
    (line,) = (await list_cases(service, reader, None, 10)).lines
    await reply(service, reader, line.case.id, text, service.clock())


async def _act(visitor: Visitor, page: Page, action: str, **fields: str) -> Page:
    return await visitor.post("/en/mailbox", **page.hidden, action=action, **fields)


async def test_the_answer_is_read_with_the_receipt_alone(visitor: Visitor, service: Service):
    receipt = await visitor.send("Hello", "help")
    await _answer(service, "Hello, <you>.")
    page = await visitor.open(receipt)
    assert (page.status, "Hello, &lt;you&gt;." in page.text) == (200, True)


@once
@pytest.mark.parametrize(
    "typed",
    [
        lambda digits: " ".join(re.findall("....", digits)),
        lambda digits: "-".join(re.findall("..", digits)),
        lambda digits: digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda digits: f"\u200f{digits}\n",
    ],
    ids=["spaces", "dashes", "arabic", "pasted"],
)
async def test_a_receipt_is_read_as_people_type_it(typed, visitor: Visitor):
    receipt = await visitor.send("Hello")
    assert "Hello" in (await visitor.open(typed(receipt))).text


async def test_no_page_after_the_first_carries_the_receipt(visitor: Visitor):
    receipt = await visitor.send("Hello")
    page = await visitor.open(receipt)
    again = await _act(visitor, page, "write", text="More")
    for shown in (page, again):
        assert receipt not in re.sub(r"\D", "", shown.text)
        assert "handle" in shown.hidden


@once
@pytest.mark.parametrize("typed", ["0" * 28, "1234", "", "abc"])
async def test_unknown_and_malformed_receipts_look_the_same(typed: str, visitor: Visitor):
    page = await visitor.open(typed)
    assert page.status == 404
    assert "We find no messages with this number" in page.text


async def test_opening_sent_again_from_the_history_shows_the_empty_field(visitor: Visitor):
    fields = (await visitor.get("/en/mailbox")).hidden | {"receipt": await visitor.send("Secret"), "action": "open"}
    assert "Secret" in (await visitor.post("/en/mailbox", **fields)).text
    again = await visitor.post("/en/mailbox", **fields)
    assert (again.status, "Secret" in again.text) == (409, False)


async def test_more_can_be_written_and_sent_again_it_is_not_there_twice(visitor: Visitor):
    receipt = await visitor.send("First")
    page = await visitor.open(receipt)
    fields = page.hidden | {"text": "Second words", "action": "write"}
    written = await visitor.post("/en/mailbox", **fields)
    assert "Your message has been received" in written.text
    assert "Second words" not in (await visitor.post("/en/mailbox", **fields)).text
    assert (await visitor.open(receipt)).text.count("Second words") == 1


async def test_the_page_says_what_became_of_the_words_and_an_hour_only_where_it_is_known(
    visitor: Visitor, service: Service, clock: Clock
):
    receipt = await visitor.send("First")
    assert _stand(await visitor.open(receipt)) == "Somebody reads what you wrote at the latest on"
    reader = await reader_of(service, Person("nationell@test", MemberId("")))
    (line,) = (await list_cases(service, reader, None, 10)).lines
    await open_case(service, reader, line.case.id, service.clock())
    assert _stand(await visitor.open(receipt)) == "Somebody has read what you wrote"
    await reply(service, reader, line.case.id, "Answer", service.clock())
    page = await visitor.open(receipt)
    assert _stand(page) is None
    await _act(visitor, page, "write", text="Second")
    assert _stand(await visitor.open(receipt)) == "Somebody reads what you wrote at the latest on"
    clock.advance(days=21)
    assert _stand(await visitor.open(receipt)) == "Nobody has read it yet"
    await open_case(service, reader, line.case.id, service.clock())
    await close(service, reader, line.case.id, Closing(), service.clock())
    assert _stand(await visitor.open(receipt)) == "The conversation is closed"


def _stand(page: Page) -> str | None:
    """Which of the things it can say of the person's last words a page says; at most one."""
    said = [one for one in STANDS if one in page.text]
    assert len(said) <= 1
    assert bool(re.search(r"\d\d:\d\d", page.text)) == (said == STANDS[:1])
    return said[0] if said else None


async def test_an_empty_message_is_named_and_the_conversation_stays(visitor: Visitor):
    page = await _act(visitor, await visitor.open(await visitor.send("First")), "write", text=" ")
    assert page.status == 422
    assert "text-error" in page.text
    assert "First" in page.text


async def test_words_typed_while_the_mailbox_closed_are_kept_and_can_be_sent(visitor: Visitor, clock: Clock):
    receipt = await visitor.send("First")
    page = await visitor.open(receipt)
    clock.advance(minutes=31)
    closed = await _act(visitor, page, "write", text="Long thought of")
    assert (closed.status, "Long thought of" in closed.text, "First" in closed.text) == (409, True, False)
    sent = await _act(visitor, closed, "write", text="Long thought of", receipt=receipt)
    assert "Your message has been received" in sent.text


@once
async def test_without_a_store_the_words_are_kept(visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    page = await visitor.open(await visitor.send("First"))

    async def full(*_: object, **__: object) -> None:
        raise StoreUnavailable(Reason.FULL)

    monkeypatch.setattr(Database, "write", full)
    unsent = await _act(visitor, page, "write", text="More words")
    assert (unsent.status, "More words" in unsent.text) == (503, True)
    assert (await _act(visitor, page, "ask-erase")).status == 503


async def test_a_handle_ends_after_half_an_hour(visitor: Visitor, clock: Clock):
    page = await visitor.open(await visitor.send("First"))
    clock.advance(minutes=30)
    closed = await _act(visitor, page, "open")
    assert (closed.status, "First" in closed.text) == (404, False)


async def test_erasing_asks_once_says_what_goes_when_and_destroys(visitor: Visitor):
    receipt = await visitor.send("First")
    asked = await _act(visitor, await visitor.open(receipt), "ask-erase")
    assert "Your side goes at once" in asked.text
    assert "Wednesday 23 December" in asked.text
    erased = await _act(visitor, asked, "erase")
    assert "Your messages are erased" in erased.text
    assert (await visitor.open(receipt)).status == 404


async def test_one_may_think_better_of_erasing(visitor: Visitor):
    asked = await _act(visitor, await visitor.open(await visitor.send("First")), "ask-erase")
    assert "First" in (await _act(visitor, asked, "open")).text


@once
async def test_an_authority_without_a_decision_says_that_the_copy_is_kept(make_service, service: Service):
    authority = make_service(make_config(operator={"kind": "authority"}))
    assert authority.key is service.key
    async with TestClient(TestServer(public_app(authority))) as client:
        visitor = Visitor(client)
        asked = await _act(visitor, await visitor.open(await visitor.send("First")), "ask-erase")
    assert "is a public record" in asked.text
    assert "is deleted on" not in asked.text


async def test_a_code_from_a_phone_opens_a_new_mailbox_once_and_shows_its_number(
    visitor: Visitor, service: Service, clock: Clock
):
    await say(service, clock, "hej", "JA")
    await _answer(service, "Hello, you.")
    await say(service, clock, "KOD")
    code = (await queued(service))[-1].partition(".")[0]
    page = await visitor.open(code)
    assert (page.status, "Hello, you." in page.text, ">hej<" in page.text) == (200, True, False)
    receipt = re.sub(r"\D", "", page.text.partition('class="receipt"')[2].partition("</p>")[0])
    assert "Hello, you." in (await visitor.open(receipt)).text
    assert (await visitor.open(code)).status == 404


@once
async def test_a_message_that_was_not_written_has_not_spent_its_form(
    visitor: Visitor, service: Service, monkeypatch: pytest.MonkeyPatch
):
    receipt = await visitor.send("First")
    page = await visitor.open(receipt)
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise StoreUnavailable(Reason.UNREACHABLE)

        broken.setattr("intake.mailbox.add_message", fail)
        assert (await _act(visitor, page, "write", text="Second")).status == 503
    assert "Your message has been received" in (await _act(visitor, page, "write", text="Second")).text
    assert (await visitor.open(receipt)).text.count(">Second<") == 1


async def test_the_mailbox_says_that_a_code_from_a_phone_works_too(visitor: Visitor):
    assert "or the code that came to your phone" in (await visitor.get("/en/mailbox")).text


@once
async def test_earlier_messages_come_when_asked_for_and_typed_words_stay(visitor: Visitor, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_SHOWN", 2)
    page = await visitor.open(await visitor.send("First"))
    for text in ("Second", "Third"):
        page = await _act(visitor, page, "write", text=text)
    assert ("First" in page.text, "Second" in page.text) == (False, True)
    earlier = await _act(visitor, page, "earlier", text="Half typed")
    assert ("First" in earlier.text, "Third" in earlier.text, "Half typed" in earlier.text) == (True, False, True)
    latest = await _act(visitor, earlier, "open", text="Half typed")
    assert ("Third" in latest.text, "Half typed" in latest.text, "latest messages" in latest.text) == (
        True,
        True,
        False,
    )


@once
@pytest.mark.parametrize("before", ["", "-1", "²", "9" * 9, "0x1"])
async def test_a_place_that_is_none_shows_the_latest_messages(before: str, visitor: Visitor):
    page = await visitor.open(await visitor.send("First"))
    shown = await visitor.post("/en/mailbox", **page.hidden, action="earlier", before=before)
    assert (shown.status, "First" in shown.text) == (200, True)
