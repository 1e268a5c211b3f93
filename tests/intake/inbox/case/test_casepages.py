"""One case: what is shown, what is sent, and that no typed word is ever lost."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from intake.inbox.app import inbox_app
from intake.inbox.case.casepages import LONGEST_ANSWER
from intake.mailbox import erase, key_from_receipt
from intake.model import CaseId
from intake.people import colleagues, let_colleague_in
from intake.service import Service
from intake.store.database import Database
from intake.store.failure import Reason, StoreUnavailable
from tests.intake.inbox.browser import Browser, without_jar
from tests.intake.inbox.case.said import ANSWER, answers, more, send
from tests.intake.inbox.conftest import TOLD, tell
from tests.service import MONDAY_MORNING, Clock, Person, reader_of, staff
from triage.model import NOWHERE

MARK = re.compile("</?mark>")
"""What triage points at stands in the middle of the text."""


async def let_in(service: Service, newcomer: Person) -> None:
    """Nord's coordinator gives a newcomer the desk's key."""
    reader = await reader_of(service, Person("nord", newcomer.member))
    heard = next(one.fingerprint for one in await colleagues(service, None) if one.login == newcomer.login)
    await let_colleague_in(service, reader, newcomer.member, heard, MONDAY_MORNING)


async def test_an_answer_reaches_the_person(nord: Browser, case: CaseId, house: Service, receipt: str) -> None:
    sent = await send(nord, case)
    assert sent.location == f"/cases/{case}#end"
    assert await answers(house, receipt) == [ANSWER]
    page = await nord.get(f"/cases/{case}")
    assert "Answered" in page.text
    assert "&lt;Är du&gt; &amp; är" in page.text
    assert page.form(f"/cases/{case}/answer")["text"] == ""


async def test_the_case_shows_message_labels_and_reasons(nord: Browser, case: CaseId) -> None:
    page = await nord.get(f"/cases/{case}")
    assert TOLD in page.words
    assert "Asks for help · <bdi>Umeå</bdi>" in page.text
    assert "the sender chose the place" in page.text
    assert "Ask me before the police are told" in page.text


async def test_the_words_that_a_label_came_from_are_marked(nord: Browser, house: Service) -> None:
    await tell(house, "De säljer henne i en lägenhet i Luleå nu.", place=NOWHERE)
    page = await nord.get(f"/cases/{(await nord.get('/')).cases[0]}")
    assert "<mark>Luleå</mark>" in page.text


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("</textarea><img src=x onerror=alert(1)>", "&lt;/textarea&gt;&lt;img src=x onerror=alert(1)&gt;"),
        ("{{ csrf }} {% set %}", "{{ csrf }} {% set %}"),
        ("vänd \u202egnp.exe", "vänd \ufffdgnp.exe"),
        ("halv \ud83d", "halv \ufffd"),
        ("100 % säker %(count)s", "100 % säker %(count)s"),
    ],
)
async def test_a_strangers_text_is_shown_and_does_nothing(told: str, shown: str, nord: Browser, house: Service) -> None:
    await tell(house, told)
    page = await nord.get(f"/cases/{(await nord.get('/')).cases[0]}")
    assert page.status == 200
    assert shown in MARK.sub("", page.text)
    assert "<img src=x" not in page.text


@pytest.mark.parametrize(
    ("text", "said"), [("", "no answer to send"), (" \n ", "no answer to send"), ("å" * (LONGEST_ANSWER + 1), "longer")]
)
async def test_an_answer_that_cannot_be_sent_is_shown_again(
    text: str, said: str, nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    page = await send(nord, case, text)
    assert page.status == 422
    assert said in page.text
    assert page.form(f"/cases/{case}/answer")["text"] == text
    assert await answers(house, receipt) == []


async def test_an_answer_sent_twice_is_written_once_and_its_words_stay(
    nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    form = (await nord.get(f"/cases/{case}")).form(f"/cases/{case}/answer") | {"text": ANSWER}
    assert (await nord.post(f"/cases/{case}/answer", form)).status == 303
    again = await nord.post(f"/cases/{case}/answer", form)
    assert again.status == 409
    assert again.form(f"/cases/{case}/answer")["text"] == ANSWER
    assert await answers(house, receipt) == [ANSWER]


async def test_nobody_answers_past_what_the_person_wrote_meanwhile(
    nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    form = (await nord.get(f"/cases/{case}")).form(f"/cases/{case}/answer") | {"text": ANSWER}
    await more(house, receipt, "Han är tillbaka.")
    page = await nord.post(f"/cases/{case}/answer", form)
    assert page.status == 409
    assert "Han är tillbaka." in page.text
    assert await answers(house, receipt) == []
    assert (await nord.post(f"/cases/{case}/answer", page.form(f"/cases/{case}/answer"))).status == 303


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999", "²"])
async def test_an_answer_that_does_not_say_what_it_answers_is_shown_again(
    seen: str, nord: Browser, case: CaseId
) -> None:
    page = await nord.fill_in(f"/cases/{case}", f"/cases/{case}/answer", text=ANSWER, seen=seen)
    assert page.status == 409
    assert page.form(f"/cases/{case}/answer")["text"] == ANSWER


async def test_an_answer_to_an_erased_mailbox_is_not_sent_and_not_lost(
    nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    form = (await nord.get(f"/cases/{case}")).form(f"/cases/{case}/answer") | {"text": ANSWER}
    await erase(house, await key_from_receipt(house, receipt), MONDAY_MORNING)
    page = await nord.post(f"/cases/{case}/answer", form)
    assert page.status == 409
    assert "would reach nobody" in page.text
    assert "&lt;Är du&gt;" in page.text
    assert f"/cases/{case}/answer" not in page.text


class Full:
    """A store whose disk is full: it reads, and writes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def write(self, *_: object) -> None:
        raise StoreUnavailable(Reason.FULL)


async def test_a_full_disk_gives_the_words_back(house: Service, nord: Browser, case: CaseId) -> None:
    form = (await nord.get(f"/cases/{case}")).form(f"/cases/{case}/answer") | {"text": ANSWER}
    broken = replace(house, database=Full(house.database))
    async with without_jar(TestServer(inbox_app(broken))) as client:
        page = await Browser(client, cookie=nord.cookie).post(f"/cases/{case}/answer", form)
    assert page.status == 503
    assert page.form(f"/cases/{case}/answer")["text"] == ANSWER
    assert "Nothing was written" in page.text


async def test_words_typed_while_the_session_ended_are_sent_after_a_new_login(
    nord: Browser, case: CaseId, clock: Clock, house: Service, receipt: str
) -> None:
    action = f"/cases/{case}/answer"
    form = (await nord.get(f"/cases/{case}")).form(action) | {"text": ANSWER}
    clock.advance(hours=1)
    ended = await nord.post(action, form)
    assert ended.status == 401
    assert ended.form(action)["text"] == ANSWER
    await nord.log_in("nord")
    with_new_mark = await nord.post(action, ended.form(action))
    assert with_new_mark.status == 403
    assert (await nord.post(action, with_new_mark.form(action))).status == 303
    assert await answers(house, receipt) == [ANSWER]


async def test_taking_a_case_puts_it_into_ones_own_hands(nord: Browser, case: CaseId) -> None:
    await nord.fill_in(f"/cases/{case}", f"/cases/{case}/take")
    assert "mine" in (await nord.get("/")).words
    assert f"/cases/{case}/take" not in (await nord.get(f"/cases/{case}")).text


async def test_a_colleague_sees_who_holds_a_case_and_may_take_it_over(
    nord: Browser, case: CaseId, house: Service, another_browser: Callable[[], Browser]
) -> None:
    await nord.fill_in(f"/cases/{case}", f"/cases/{case}/take")
    late = await staff(house, "late", "nord")
    await let_in(house, late)
    colleague = another_browser()
    await colleague.log_in("late")
    assert "nord" in (await colleague.get("/")).words
    await colleague.fill_in(f"/cases/{case}", f"/cases/{case}/take")
    assert "late" in (await nord.get("/")).words


async def test_a_closed_case_leaves_the_list_and_comes_back_when_the_person_writes(
    nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    assert (await nord.fill_in(f"/cases/{case}", f"/cases/{case}/close")).location == "/"
    assert (await nord.get("/")).cases == []
    assert (await nord.get("/closed")).cases == [case]
    await more(house, receipt, "Jag behöver er igen.")
    assert (await nord.get("/")).cases == [case]


async def test_a_case_is_not_closed_over_an_unread_message(
    nord: Browser, case: CaseId, house: Service, receipt: str
) -> None:
    form = (await nord.get(f"/cases/{case}")).form(f"/cases/{case}/close")
    await more(house, receipt, "Vänta, han kommer.")
    page = await nord.post(f"/cases/{case}/close", form)
    assert page.status == 409
    assert "Vänta, han kommer." in page.text
    assert (await nord.get("/")).cases == [case]


async def test_a_colleague_who_was_let_in_reads_what_came_before(
    house: Service, another_browser: Callable[[], Browser], case: CaseId
) -> None:
    late = await staff(house, "late", "nord")
    visitor = another_browser()
    await visitor.log_in("late")
    assert (await visitor.get(f"/cases/{case}")).status == 404
    await let_in(house, late)
    assert TOLD in (await visitor.get(f"/cases/{case}")).words
