"""A desk's lead gives a case to a colleague who can read it, and to nobody else."""

from collections.abc import Callable

import pytest

from intake.model import CaseId, MemberId, Role
from intake.people import Colleague, colleagues, let_colleague_in
from intake.service import Service
from tests.intake.inbox.browser import Answer, Browser
from tests.service import MONDAY_MORNING, Person, reader_of, staff

NewBrowser = Callable[[], Browser]


async def known(service: Service, login: str) -> Colleague:
    return next(one for one in await colleagues(service, None) if one.login == login)


@pytest.fixture
async def lead(house: Service, another_browser: NewBrowser) -> Browser:
    """The lead of Nord, let in, logged in."""
    person = await staff(house, "lead", "nord", role=Role.LEAD)
    reader = await reader_of(house, Person("nord", (await known(house, "nord")).member.id))
    heard = (await known(house, "lead")).fingerprint
    await let_colleague_in(house, reader, person.member, heard, MONDAY_MORNING)
    visitor = another_browser()
    await visitor.log_in("lead")
    return visitor


async def give(visitor: Browser, case: CaseId, to: MemberId) -> Answer:
    page = await visitor.get(f"/cases/{case}")
    return await visitor.post(f"/cases/{case}/assign", page.form("/logout") | {"member": to})


async def test_a_lead_gives_a_case_to_a_colleague(lead: Browser, case: CaseId, house: Service) -> None:
    page = await lead.get(f"/cases/{case}")
    nord = (await known(house, "nord")).member.id
    assert f'value="{nord}"' in page.text
    assert (await give(lead, case, nord)).status == 303
    assert "nord" in (await lead.get(f"/cases/{case}")).words.partition("In whose hands")[2][:40]


async def test_nobody_who_cannot_read_it_is_given_a_case(lead: Browser, case: CaseId, house: Service) -> None:
    await staff(house, "waiting", "nord")
    for login in ("waiting", "mitt", "admin"):
        answer = await give(lead, case, (await known(house, login)).member.id)
        assert (answer.status, "Nothing was changed" in answer.words) == (422, True), login


async def test_a_coordinator_gives_nobody_a_case(nord: Browser, case: CaseId, house: Service) -> None:
    assert "Give it" not in (await nord.get(f"/cases/{case}")).text
    assert (await give(nord, case, (await known(house, "nord")).member.id)).status == 403
