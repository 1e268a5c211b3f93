"""Writing for the first time: what is sent arrives or is kept on the page, and is never shown to who comes after."""

import pytest

from intake.casework import list_cases
from intake.model import MemberId, Police
from intake.service import Service
from intake.store.database import Database
from intake.store.failure import Reason, StoreUnavailable
from tests.intake.web.conftest import Visitor, once
from tests.service import Clock, Person, reader_of

TEXT = "De håller henne i en lägenhet & låser <dörren>."
SHOWN = "De håller henne i en lägenhet &amp; låser &lt;dörren&gt;."


async def test_a_text_becomes_a_receipt_that_opens_it(visitor: Visitor):
    page = await visitor.fill("/en/tip", text=TEXT)
    assert page.status == 201
    assert len(page.receipt) == 28
    assert SHOWN in (await visitor.open(page.receipt)).text


@once
@pytest.mark.parametrize("door", ["tip", "help", "buyer", "professional"])
async def test_every_door_takes_a_text(door: str, visitor: Visitor):
    assert len(await visitor.send("Hej", door)) == 28


async def test_the_receipt_page_says_who_has_it_and_when_somebody_reads(visitor: Visitor):
    page = await visitor.fill("/sv/tip", text="Något konstigt vid hotellet.", chosen="1280")
    assert "Regionkoordinator Syd" in page.text
    assert "november" in page.text
    assert "Kvinnofridslinjen" not in page.text


async def test_when_nobody_is_on_duty_the_receipt_page_says_whom_to_call(visitor: Visitor, clock: Clock):
    clock.advance(hours=12)
    page = await visitor.fill("/en/tip", text="Something odd at the hotel.")
    assert "Nobody is on duty right now" in page.text
    assert 'href="tel:112"' in page.text
    assert "Kvinnofridslinjen" in page.text


@once
@pytest.mark.parametrize(
    ("text", "words"), [("", "Write something"), ("  \n", "Write something"), ("x" * 20_001, "too long")]
)
async def test_an_error_names_the_field_and_keeps_every_word(text: str, words: str, visitor: Visitor):
    page = await visitor.fill("/en/tip", text=text, place="Lund <b>", police="ask")
    assert page.status == 422
    assert words in page.text
    assert 'aria-describedby="text-hint text-error"' in page.text
    assert 'value="Lund &lt;b&gt;"' in page.text
    assert 'value="ask" checked' in page.text
    assert text in page.text


async def test_a_form_that_was_open_too_long_is_shown_again_with_every_word(visitor: Visitor, clock: Clock):
    old = (await visitor.get("/en/tip")).hidden
    clock.advance(hours=25)
    again = await visitor.post("/en/tip", **old, text=TEXT)
    assert (again.status, again.receipt) == (409, None)
    assert SHOWN in again.text
    assert len((await visitor.post("/en/tip", **again.hidden, text=TEXT)).receipt) == 28


@once
async def test_a_forged_token_sends_nothing(visitor: Visitor):
    page = await visitor.post("/en/tip", token="AAAA", text=TEXT)
    assert (page.status, page.receipt) == (409, None)


async def test_the_same_report_within_the_hour_shows_its_receipt_again(visitor: Visitor, clock: Clock):
    fields = (await visitor.get("/en/tip")).hidden | {"text": TEXT}
    first = await visitor.post("/en/tip", **fields)
    clock.advance(minutes=50)
    assert (await visitor.post("/en/tip", **fields)).receipt == first.receipt


@pytest.mark.parametrize("then", ["kept", "opened", "an hour passes"])
async def test_sent_again_from_the_history_it_shows_neither_words_nor_receipt(
    then: str, visitor: Visitor, clock: Clock
):
    fields = (await visitor.get("/en/tip")).hidden | {"text": TEXT}
    page = await visitor.post("/en/tip", **fields)
    if then == "kept":
        await visitor.post("/en/mailbox", **page.hidden, action="keep")
    elif then == "opened":
        await visitor.open(page.receipt)
    else:
        clock.advance(minutes=61)
    again = await visitor.post("/en/tip", **fields)
    assert (again.status, again.receipt) == (409, None)
    assert "låser" not in again.text


async def test_who_cannot_keep_the_number_leaves_a_word_and_the_number_is_gone(visitor: Visitor):
    fields = (await visitor.get("/en/help")).hidden | {"text": TEXT}
    page = await visitor.post("/en/help", **fields)
    left = await visitor.post("/en/mailbox", **page.hidden, action="write", text="Lingonberry")
    assert (left.status, "Lingonberry" in left.text, left.receipt) == (200, True, None)
    assert (await visitor.post("/en/help", **fields)).receipt is None


async def test_another_text_on_a_spent_form_is_not_taken_for_received(visitor: Visitor):
    fields = (await visitor.get("/en/tip")).hidden
    await visitor.post("/en/tip", **fields, text=TEXT)
    again = await visitor.post("/en/tip", **fields, text="Another text")
    assert "has not been sent" in again.text


async def test_without_a_store_the_page_says_not_received_and_holds_every_word(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    fields = (await visitor.get("/en/tip")).hidden | {"text": TEXT, "place": "Lund"}

    async def full(*_: object, **__: object) -> None:
        raise StoreUnavailable(Reason.FULL)

    with monkeypatch.context() as broken:
        broken.setattr(Database, "_write", full)
        page = await visitor.post("/en/tip", **fields)
    assert page.status == 503
    assert "We have not received your text" in page.text
    assert SHOWN in page.text
    assert (await visitor.post("/en/tip", **page.hidden, text=TEXT)).receipt


async def test_the_receipt_shows_even_if_the_store_fails_right_after_the_commit(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    await visitor.send("Whatever is read once has been read")
    fields = (await visitor.get("/en/tip")).hidden | {"text": TEXT}

    async def gone(*_: object, **__: object) -> None:
        raise StoreUnavailable(Reason.UNREACHABLE)

    monkeypatch.setattr(Database, "read", gone)
    page = await visitor.post("/en/tip", **fields)
    assert len(page.receipt) == 28
    assert "I have kept it" not in page.text


@once
async def test_places_are_found_without_javascript_and_every_word_stays(visitor: Visitor):
    page = await visitor.fill("/en/tip", text=TEXT, place="lun", police="no", search="1")
    assert page.status == 200
    assert "Lund" in page.text
    assert 'value="1281"' in page.text
    assert SHOWN in page.text
    assert 'value="no" checked' in page.text


@once
async def test_a_search_that_finds_nothing_says_that_the_words_go_along(visitor: Visitor):
    page = await visitor.fill("/en/tip", text=TEXT, place="qqqq", search="1")
    assert "goes along with your text" in page.text


async def test_a_search_sent_again_much_later_shows_nothing(visitor: Visitor, clock: Clock):
    fields = (await visitor.get("/en/tip")).hidden | {"text": TEXT, "place": "lun", "search": "1"}
    await visitor.post("/en/tip", **fields)
    clock.advance(minutes=2)
    again = await visitor.post("/en/tip", **fields)
    assert again.status == 409
    assert "låser" not in again.text


async def test_an_impatient_finger_on_the_search_loses_nothing(visitor: Visitor):
    fields = (await visitor.get("/en/tip")).hidden | {"text": TEXT, "place": "lun", "search": "1"}
    await visitor.post("/en/tip", **fields)
    assert SHOWN in (await visitor.post("/en/tip", **fields)).text


@once
@pytest.mark.parametrize(
    ("fields", "desk"),
    [
        ({"chosen": "1281"}, "Regionkoordinator Syd"),
        ({"chosen": "25"}, "Regionkoordinator Nord"),
        ({"place": "Umeå"}, "Regionkoordinator Nord"),
        ({"place": "Umeå", "chosen": "unsure"}, "Regionkoordinator Nord"),
        ({"chosen": "99"}, "Nationella samordningen"),
        ({}, "Nationella samordningen"),
    ],
)
async def test_the_place_decides_the_desk_and_a_typed_one_goes_along(
    fields: dict[str, str], desk: str, visitor: Visitor
):
    assert desk in (await visitor.fill("/sv/tip", text="Något konstigt.", **fields)).text


async def test_a_place_that_was_only_typed_stands_below_the_text(visitor: Visitor):
    page = await visitor.fill("/en/tip", text="Something odd.", place=" Umeå ")
    assert "Something odd.\n\nPlace: Umeå" in (await visitor.open(page.receipt)).text


async def test_the_answer_about_the_police_reaches_the_desk(visitor: Visitor, service: Service):
    await visitor.fill("/en/help", text="Hej", chosen="1281", police="ask")
    reader = await reader_of(service, Person("syd@test", MemberId("")))
    page = await list_cases(service, reader, None, 10)
    assert [card.police for line in page.lines for card in line.cards] == [Police.ASK]


@once
async def test_the_field_that_nobody_sees_refuses_nobody(visitor: Visitor):
    page = await visitor.fill("/en/tip", text=TEXT, website="https://spam.example")
    assert len(page.receipt) == 28


@once
async def test_a_form_from_another_site_is_refused(visitor: Visitor):
    fields = (await visitor.get("/en/tip")).hidden | {"text": TEXT}
    answer = await visitor.client.post("/en/tip", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403
