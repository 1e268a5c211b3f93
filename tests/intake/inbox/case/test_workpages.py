"""Working with a case beside answering it: what each form does, what it shows when it is refused, who may send it."""

from collections.abc import Callable

import pytest

from intake import audit
from intake.audit import Act
from intake.mailbox import key_from_receipt, open_mailbox
from intake.model import CaseId
from intake.service import Service
from tests.intake.inbox.browser import Answer, Browser
from tests.intake.inbox.conftest import TOLD, tell
from tests.service import MONDAY_MORNING

SCRIPT = "<script>alert(1)</script></textarea><img src=x onerror=alert(1)>"
FORMS = {
    "remark": {"remark": "Ring inte."},
    "labels": {"lang": "th"},
    "hand-on": {"desk": "mitt", "reason": "Hör till er.", "way": "move"},
    "take-back": {"desk": "mitt"},
    "later": {"back_way": "partner", "back_day": "2026-12-01"},
    "go-on": {},
    "interpreter": {"hidden": "Umeå"},
}
"""Every form that a case may be worked with, by the end of its address, as it is filled in."""


async def send(visitor: Browser, case: CaseId, form: str, **fields: str) -> Answer:
    """Open the case, fill in a form of it and send it."""
    page = "/interpreter" if form == "interpreter" else ""
    return await visitor.fill_in(f"/cases/{case}{page}", f"/cases/{case}/{form}", **(FORMS[form] | fields))


async def labels_form(visitor: Browser, case: CaseId) -> dict[str, str]:
    """The labels as a browser would send them: `Browser` knows no select."""
    form = (await visitor.get(f"/cases/{case}")).form(f"/cases/{case}/labels")
    chosen = {"kind": "help", "type": "unclear", "urgency": "high", "minor": "yes", "place": "2480", "lang": "sv"}
    return form | chosen


async def acts(service: Service, desk: str = "nord") -> list[Act]:
    return [line.act for line in await service.database.read(audit.read, service.key, desk)]


async def test_a_note_is_shown_apart_with_its_writer_and_harmless(nord: Browser, case: CaseId, house: Service) -> None:
    sent = await send(nord, case, "remark", remark=SCRIPT)
    assert sent.location == f"/cases/{case}#colleagues"
    page = (await nord.get(f"/cases/{case}")).text
    assert '<article class="remark">' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x" not in page
    assert "<bdi>nord</bdi>" in page


async def test_the_person_never_reads_a_note(nord: Browser, case: CaseId, house: Service, receipt: str) -> None:
    await send(nord, case, "remark")
    mailbox = await open_mailbox(house, await key_from_receipt(house, receipt), MONDAY_MORNING)
    assert [message.text for message in mailbox.messages] == [TOLD]


@pytest.mark.parametrize("text", ["", "  ", "å" * 10_001])
async def test_a_note_that_is_not_kept_is_shown_again(text: str, nord: Browser, case: CaseId) -> None:
    page = await send(nord, case, "remark", remark=text)
    assert page.status == 422
    assert page.form(f"/cases/{case}/remark")["remark"] == text


async def test_labels_are_put_right_and_the_consequence_is_offered(nord: Browser, case: CaseId) -> None:
    form = await labels_form(nord, case) | {"place": "1980", "lang": "th"}
    assert (await nord.post(f"/cases/{case}/labels", form)).location == f"/cases/{case}#labels"
    page = await nord.get(f"/cases/{case}")
    assert "Västerås" in page.words
    assert "Interpreter: Thai" in page.words
    assert "By its labels the case belongs to" in page.words
    assert '<option value="mitt" selected>' in page.text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"place": "9999"}, 422),
        ({"place": "<b>"}, 422),
        ({"lang": "x" * 40}, 422),
        ({"lang": "<b>"}, 422),
        ({"kind": "nonsense"}, 422),
        ({"urgency": ""}, 422),
        ({"cards": "0"}, 409),
        ({"cards": "many"}, 409),
    ],
    ids=str,
)
async def test_labels_that_are_none_change_nothing(
    changes: dict[str, str], status: int, nord: Browser, case: CaseId, house: Service
) -> None:
    answer = await nord.post(f"/cases/{case}/labels", await labels_form(nord, case) | changes)
    assert answer.status == status
    assert Act.CORRECTED not in await acts(house)


async def test_a_moved_case_is_gone_here_and_there_with_from_whom_and_why(
    nord: Browser, case: CaseId, another_browser: Callable[[], Browser]
) -> None:
    assert (await send(nord, case, "hand-on", reason=SCRIPT)).location == "/"
    assert (await nord.get(f"/cases/{case}")).status == 404
    mitt = another_browser()
    await mitt.log_in("mitt")
    page = await mitt.get(f"/cases/{case}")
    assert TOLD in page.words
    assert "Moved from Regionkoordinator Nord" in page.words
    assert "&lt;script&gt;" in page.text
    assert (await mitt.get("/")).cases == [case]


async def test_a_lent_case_is_marked_as_lent_and_taken_back(
    nord: Browser, case: CaseId, another_browser: Callable[[], Browser]
) -> None:
    assert (await send(nord, case, "hand-on", way="lend")).location == f"/cases/{case}"
    mitt = another_browser()
    await mitt.log_in("mitt")
    assert "On loan from Regionkoordinator Nord" in (await mitt.get("/")).words
    page = await mitt.get(f"/cases/{case}")
    assert f"/cases/{case}/hand-on" not in page.text
    assert "Also read by" in (await nord.get(f"/cases/{case}")).words
    assert (await send(nord, case, "take-back")).status == 303
    assert (await mitt.get(f"/cases/{case}")).status == 404


@pytest.mark.parametrize("changes", [{"reason": " "}, {"reason": "å" * 2_001}, {"desk": "syd"}, {"desk": "nord"}])
async def test_a_case_that_cannot_go_stays_and_the_reason_is_shown_again(
    changes: dict[str, str], nord: Browser, case: CaseId
) -> None:
    answer = await send(nord, case, "hand-on", **changes)
    assert answer.status == 422
    assert answer.form(f"/cases/{case}/hand-on")["reason"].strip() == changes.get("reason", "Hör till er.").strip()


async def test_an_interpreters_copy_is_masked_names_nothing_and_is_logged(nord: Browser, house: Service) -> None:
    await tell(house, "Hon heter Amina Berg, ring +46 70 123 45 67. <b>Amina  berg</b> är rädd.")
    case = CaseId((await nord.get("/")).cases[0])
    prepared = (await nord.get(f"/cases/{case}/interpreter")).form(f"/cases/{case}/interpreter")
    assert "+46 70 123 45 67" in prepared["hidden"]
    copy = await send(nord, case, "interpreter", hidden=f"{prepared['hidden']}\nAmina Berg")
    assert "█████, ring █████. &lt;b&gt;█████&lt;/b&gt; är rädd." in copy.text
    assert case not in copy.text
    assert case[:5] not in copy.text
    assert "Umeå" not in copy.text
    assert (await acts(house))[-1] is Act.COPIED


async def test_a_copy_holds_our_answers_only_where_asked(nord: Browser, case: CaseId) -> None:
    await nord.fill_in(f"/cases/{case}", f"/cases/{case}/answer", text="Vi hör dig.")
    assert "Vi hör dig." not in (await send(nord, case, "interpreter")).text
    assert "Vi hör dig." in (await send(nord, case, "interpreter", answers="answers")).text


@pytest.mark.parametrize("form", FORMS)
async def test_another_desks_case_looks_like_none_to_every_form(
    form: str, another_browser: Callable[[], Browser], case: CaseId
) -> None:
    visitor = another_browser()
    await visitor.log_in("mitt")
    mark = (await visitor.get("/colleagues")).form("/logout")
    labels = {"kind": "tip", "type": "labour", "urgency": "high", "minor": "no", "place": "", "lang": "sv"}
    for one in (case, "a" * 26):
        answer = await visitor.post(f"/cases/{one}/{form}", labels | mark | FORMS[form])
        assert answer.status == 404
        assert TOLD not in answer.words


async def test_no_copy_is_made_of_which_something_would_stay_unhidden(nord: Browser, house: Service) -> None:
    await tell(house)
    case = (await nord.get("/")).cases[0]
    sent = await send(nord, case, "interpreter", hidden="Amina\n" * 9_000)
    assert (sent.status, "longer than 50,000" in sent.words) == (422, True)
