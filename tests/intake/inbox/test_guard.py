"""Who comes to which page, and what a form must carry."""

import re
from collections.abc import Callable

import pytest

from intake.inbox.app import OPEN_ROUTES, POST, ROUTES
from intake.inbox.guard import Door
from intake.model import CaseId, Role
from intake.service import Service
from tests.intake.inbox.browser import Answer, Browser
from tests.intake.inbox.conftest import TOLD
from tests.service import PASSPHRASE, staff

NOT_A_CASE = "a" * 26

PASSES = {
    Role.COORDINATOR: {Door.MEMBERS, Door.READERS, Door.STATISTICS, Door.COLLEAGUES},
    Role.LEAD: {Door.MEMBERS, Door.READERS, Door.STATISTICS, Door.COLLEAGUES, Door.LEADS},
    Role.NATIONAL: {Door.MEMBERS, Door.READERS, Door.STATISTICS, Door.COLLEAGUES},
    Role.REGISTRAR: {Door.MEMBERS, Door.REGISTER},
    Role.STATISTICIAN: {Door.MEMBERS, Door.STATISTICS},
    Role.ADMIN: {Door.MEMBERS, Door.COLLEAGUES, Door.ADMINISTRATORS},
}
"""Which doors open to whom."""
INSIDE = {200, 303, 400, 404, 409, 422}
"""What a page may answer to somebody whom its door let through, with a form that says nothing."""


def filled(path: str, case: str = NOT_A_CASE) -> str:
    """The path with an example for each of its patterns: the case, else an id of nothing, or the first of a choice."""

    def example(found: re.Match[str]) -> str:
        name, pattern = found.groups()
        return case if name == "case" else pattern.split("|")[0] if "|" in pattern else NOT_A_CASE

    return re.sub(r"\{(\w+):((?:[^{}]|\{\d+\})*)\}", example, path)


async def knock(visitor: Browser, method: str, path: str, form: dict[str, str]) -> Answer:
    return await visitor.post(path, form) if method == POST else await visitor.get(path)


async def own_mark(visitor: Browser) -> dict[str, str]:
    return {} if visitor.cookie is None else (await visitor.get("/colleagues")).form("/logout")


@pytest.mark.parametrize("role", Role)
async def test_each_door_opens_to_its_own_people_only(
    role: Role, another_browser: Callable[[], Browser], house: Service, case: CaseId
) -> None:
    desk = {Role.ADMIN: None, Role.NATIONAL: "nationell"}.get(role, "nord")
    await staff(house, "someone", desk, role=role)
    visitor = another_browser()
    await visitor.log_in("someone")
    mark = await own_mark(visitor)
    for method, path, door, _ in ROUTES:
        answer = await knock(visitor, method, filled(path, case), mark)
        assert answer.status in (INSIDE if door in PASSES[role] else {403}), (role, method, path)
        if path == "/logout":
            await visitor.log_in("someone")
            mark = await own_mark(visitor)


async def test_who_is_not_logged_in_is_sent_to_the_login(another_browser: Callable[[], Browser], case: CaseId) -> None:
    for method, path, *_ in ROUTES:
        answer = await knock(another_browser(), method, filled(path, case), {})
        assert answer.location is not None
        assert answer.location.startswith("/login")
        assert not answer.text


@pytest.mark.parametrize("who", ["mitt", "national", "admin"])
async def test_nobody_else_sees_a_word_of_a_desks_case(
    who: str, another_browser: Callable[[], Browser], case: CaseId
) -> None:
    visitor = another_browser()
    await visitor.log_in(who)
    form = await own_mark(visitor) | {"text": "Hej", "seen": "1"}
    for method, path, *_ in [route for route in ROUTES if route[1] != "/logout"]:
        answer = await knock(visitor, method, filled(path, case), form)
        assert TOLD not in answer.words, path
        assert case not in answer.text.replace(f"/cases/{case}", ""), path
        assert "Umeå" not in answer.text, path


FILLED = {
    "text": "Hej",
    "seen": "1",
    "cards": "1",
    "desk": "mitt",
    "reason": "Därför",
    "form": "json",
    "before": "9",
    "remark": "Hej",
    "back_way": "quiet",
    "back_day": "2026-12-01",
    "back_why": "Hej",
    "hidden": "x",
    "way": "lend",
    "kind": "tip",
    "type": "other",
    "urgency": "low",
    "minor": "no",
    "place": "stays",
    "lang": "sv",
    "hold": "court",
}
"""A form in which most of what some page of a case asks for is filled in."""


@pytest.mark.parametrize("form", [{}, FILLED], ids=["empty", "filled in"])
async def test_another_desks_case_looks_like_none(
    form: dict[str, str], another_browser: Callable[[], Browser], case: CaseId
) -> None:
    visitor = another_browser()
    await visitor.log_in("mitt")
    form = form | await own_mark(visitor)
    for method, path, door, _ in ROUTES:
        if "{case:" not in path or door is Door.LEADS:
            continue
        path += "?before=9" if path.endswith("/earlier") else ""
        theirs, none = [await knock(visitor, method, filled(path, one), form) for one in (case, NOT_A_CASE)]
        assert theirs.status == none.status >= 400, path
        assert theirs.text.replace(case, NOT_A_CASE) == none.text, path


@pytest.mark.parametrize("mark", [{}, {"csrf": ""}, {"csrf": "f" * 64}, {"csrf": "å"}])
async def test_a_form_without_the_sessions_mark_does_nothing(mark: dict[str, str], nord: Browser, case: CaseId) -> None:
    for method, path, *_ in ROUTES:
        if method == POST:
            assert (await nord.post(filled(path, case), mark)).status == 403, path
    page = await nord.get(f"/cases/{case}")
    assert "nobody's" in page.text
    assert "Answered" not in page.text


async def test_another_sessions_mark_does_nothing(
    nord: Browser, another_browser: Callable[[], Browser], case: CaseId
) -> None:
    other = another_browser()
    await other.log_in("nord")
    assert (await nord.post(f"/cases/{case}/take", await own_mark(other))).status == 403


async def test_a_form_from_another_site_does_nothing(nord: Browser, case: CaseId) -> None:
    mark = await own_mark(nord)
    for method, path, *_ in [*ROUTES, *OPEN_ROUTES]:
        if method == POST:
            assert (await nord.post(filled(path, case), mark, Sec_Fetch_Site="cross-site")).status == 403, path


async def test_a_link_from_elsewhere_goes_on_by_a_step_that_brings_the_cookie(
    another_browser: Callable[[], Browser], case: CaseId
) -> None:
    answer = await another_browser().get(f"/cases/{case}", Sec_Fetch_Site="cross-site")
    assert answer.status == 200
    assert f'content="0; url=/cases/{case}"' in answer.text


async def test_after_the_login_the_page_that_was_asked_for_comes(
    another_browser: Callable[[], Browser], case: CaseId
) -> None:
    visitor = another_browser()
    asked = await visitor.get(f"/cases/{case}")
    answer = await visitor.fill_in(asked.location or "", "/login", login="nord", passphrase=PASSPHRASE)
    assert answer.location == f"/cases/{case}"


@pytest.mark.parametrize("role", Role)
def test_nobody_passes_every_door(role: Role) -> None:
    assert not all(door.opens_to(role) for door in Door)


async def test_every_answer_is_kept_by_nobody_and_calls_nobody(nord: Browser, case: CaseId, house: Service) -> None:
    for path in ("/", "/closed", "/colleagues", f"/cases/{case}", "/login", "/join", "/nothing"):
        answer = await nord.get(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "//" not in answer.text.replace("<!doctype", ""), path
