"""The casefile's forms save what was filled in, say what is missing, and lose nothing that was typed."""

import json

from intake.model import CaseId
from intake.service import Service
from tests.flows.ears import listening, spoken
from tests.intake.inbox.browser import Browser
from tests.intake.inbox.conftest import tell

FORMS = [
    ("steps", {"step-0": "1"}, "Steps of support 1/10"),
    ("concern", {"state": "made", "day": "2026-11-23", "time": "09:15", "remark": "to Umeå"}, "to Umeå"),
    ("referral", {"partner": "Socialtjänsten", "basis": "consent", "passed_on": "the address"}, "the address"),
    ("referral", {"partner": "Polisen", "basis": "ground", "ground": "10:24 OSL"}, "10:24 OSL"),
    ("hold", {"hold": "disclosure", "reason": "asked for by a paper"}, "asked for by a paper"),
    ("transfer", {"reference": "SN 2026/17"}, "SN 2026/17"),
]
WRONG = [
    ("concern", {"state": "perhaps"}, "Something is missing"),
    ("concern", {"state": "made", "day": "soon"}, "Something is missing"),
    ("referral", {"partner": "", "basis": "consent"}, "Something is missing"),
    ("referral", {"partner": "Polisen", "basis": "ground"}, "Something is missing"),
    ("hold", {"hold": "disclosure", "reason": ""}, "Something is missing"),
    ("hold", {"hold": "nonsense", "reason": "x"}, "Something is missing"),
    ("transfer", {"reference": " "}, "Something is missing"),
    ("link", {"other": "abcde"}, "No case that you may read"),
    ("link", {"other": "a" * 26}, "No case that you may read"),
    ("ready", {"ready": "xx/none"}, "Choose an answer"),
]


async def send(browser: Browser, case: CaseId, path: str, fields: dict[str, str]):
    csrf = (await browser.get(f"/cases/{case}")).form(f"/cases/{case}/answer")["csrf"]
    return await browser.post(f"/cases/{case}/{path}", {"csrf": csrf, **fields})


async def test_what_is_filled_in_stands_on_the_case(nord: Browser, case):
    for path, fields, shown in FORMS:
        assert (await send(nord, case, path, fields)).location == f"/cases/{case}#file", path
        assert shown in (await nord.get(f"/cases/{case}")).words


async def test_what_is_wrong_is_said_and_the_answer_that_was_begun_is_kept(nord: Browser, case):
    for path, fields, shown in WRONG:
        answer = await send(nord, case, path, {**fields, "text": "A begun answer"})
        assert (answer.status, shown in answer.words) == (422, True), (path, fields)
        assert "A begun answer" in answer.text


async def test_a_ready_answer_comes_after_what_was_typed_and_nothing_is_sent(nord: Browser, case):
    answer = await send(nord, case, "ready", {"ready": "ro/received", "text": "Bună ziua."})
    assert answer.status == 200
    assert answer.form(f"/cases/{case}/answer")["text"].startswith("Bună ziua.\n\nVă mulțumim că ne scrieți.")
    assert "from_desk" not in answer.text


async def test_only_the_persons_language_is_offered_at_once_and_the_others_lie_folded(nord: Browser, case):
    page = (await nord.get(f"/cases/{case}")).text
    first, others = page.index('id="ready"'), page.index('id="ready-other"')
    assert [lang for lang in ("sv", "en", "th", "ro") if f'value="{lang}/received"' in page[first:others]] == ["sv"]
    fields = {"ready": "sv/received", "ready_other": "th/safe", "pick": "other", "text": ""}
    assert "เรา" in (await send(nord, case, "ready", fields)).form(f"/cases/{case}/answer")["text"]


async def test_two_cases_are_linked_by_what_the_page_shows_of_them_and_parted(house: Service, nord: Browser, case):
    await tell(house, "Samma hotell igen")
    other = next(one for one in (await nord.get("/")).cases if one != case)
    assert (await send(nord, case, "link", {"other": other[:5]})).status == 303
    assert f"/cases/{case}" in (await nord.get(f"/cases/{other}")).text
    await send(nord, case, "link", {"other": other, "act": "part"})
    assert f"/cases/{case}" not in (await nord.get(f"/cases/{other}")).text.replace(f'action="/cases/{case}', "")


async def test_an_answered_referral_waits_no_more(nord: Browser, case):
    await send(nord, case, "referral", {"partner": "IOM", "basis": "consent", "awaited": "2026-11-20"})
    page = await nord.get(f"/cases/{case}")
    assert "late" in page.words
    form = page.form(f"/cases/{case}/answered")
    await nord.post(f"/cases/{case}/answered", {**form, "remark": "They can"})
    page = await nord.get(f"/cases/{case}")
    assert "They can" in page.words
    assert f"/cases/{case}/answered" not in page.text


async def test_closing_counts_two_persons_and_goes_back_to_the_list(nord: Browser, case):
    await nord.get(f"/cases/{case}")
    page = await nord.get(f"/cases/{case}/closing?seen=1")
    assert "Person 1" in page.words
    form = page.form(f"/cases/{case}/close")
    more = await nord.post(f"/cases/{case}/closing", {**form, "more": "1", "p0-age": "child", "remark": "Kept"})
    assert ("Person 2" in more.words, "Kept" in more.text) == (True, True)
    fields = {"persons": "2", "p0-age": "child", "p0-sexual": "1", "p0-origin": "RO", "p1-age": "adult"}
    assert (await nord.post(f"/cases/{case}/close", {**form, "outcome": "referred", **fields})).location == "/"
    assert "2 persons of this case are counted already" in (await nord.get(f"/cases/{case}/closing")).words
    assert (await nord.post(f"/cases/{case}/close", form)).status == 409


async def test_the_desks_numbers_show_the_month(nord: Browser, case):
    await nord.get(f"/cases/{case}")
    page = await nord.get("/numbers")
    assert page.status == 200
    assert "Came in this month1" in page.words.replace("\n", "")
    assert "<svg" in page.text


async def test_searching_puts_nothing_into_the_address_and_shows_where_the_words_stand(nord: Browser, case):
    found = await nord.fill_in("/search", "/search", wanted="inlåst hotell")
    assert found.cases == [case]
    assert "<mark>inlåst</mark>" in found.text
    assert (await nord.fill_in("/search", "/search", wanted="finns inte")).cases == []
    assert (await nord.fill_in("/search", "/search", wanted="x")).status == 422


async def test_no_log_hears_what_was_searched_for_or_written_into_the_file(nord: Browser, case):
    with listening() as ears:
        await nord.fill_in("/search", "/search", wanted="kanariefågel")
        await send(nord, case, "hold", {"hold": "other", "reason": "kanariefågel"})
        await send(nord, case, "referral", {"partner": "kanariefågel", "basis": "nonsense"})
        assert spoken({"words": "kanariefågel"}, ears.heard()) == []


async def test_what_is_searched_for_is_shown_as_text_only(nord: Browser, case):
    found = await nord.fill_in("/search", "/search", wanted="<!-- found --><b>")
    assert "<b>" not in found.text


async def test_a_copy_is_given_in_the_form_that_was_asked_for(nord: Browser, case):
    for form, media in (("print", "text/html"), ("json", "application/json")):
        answer = await send(nord, case, "copy", {"form": form})
        assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, media)
    assert json.loads(answer.text)["case"]["reference"] == case
    assert (await send(nord, case, "copy", {"form": "fax"})).status == 400


async def test_another_desk_reaches_none_of_it(another_browser, nord: Browser, case):
    mitt = another_browser()
    await mitt.log_in("mitt")
    csrf = (await mitt.get("/search")).form("/search")["csrf"]
    for path in ("steps", "concern", "referral", "hold", "transfer", "close", "closing", "copy", "ready"):
        fields = {"csrf": csrf, "state": "made", "partner": "x", "basis": "consent", "form": "json", "reason": "x"}
        fields |= {"day": "2026-11-27", "hold": "other", "reference": "x", "ready": "sv/tip"}
        assert (await mitt.post(f"/cases/{case}/{path}", fields)).status == 404, path
