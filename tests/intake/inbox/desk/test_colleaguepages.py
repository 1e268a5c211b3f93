"""Colleagues: let in by what was heard, invited and shown out by an administrator."""

from collections.abc import Callable
from re import findall

import pytest

from intake.model import MemberId
from intake.people import Colleague, colleagues
from intake.service import Service
from tests.intake.inbox.browser import Browser
from tests.service import PASSPHRASE, staff

NewBrowser = Callable[[], Browser]


async def known(service: Service, login: str) -> Colleague:
    return next(one for one in await colleagues(service, None) if one.login == login)


@pytest.fixture
async def newcomer(house: Service) -> MemberId:
    return (await staff(house, "newcomer", "nord")).member


@pytest.fixture
async def admin(another_browser: NewBrowser) -> Browser:
    visitor = another_browser()
    await visitor.log_in("admin")
    return visitor


async def test_a_colleague_is_let_in_by_the_digits_that_were_heard(
    nord: Browser, house: Service, newcomer: MemberId
) -> None:
    heard = (await known(house, "newcomer")).fingerprint
    answer = await nord.fill_in("/colleagues", f"/colleagues/{newcomer}/let-in", fingerprint=heard.replace(" ", "-"))
    assert answer.status == 303
    assert (await known(house, "newcomer")).let_in


async def test_the_digits_are_not_where_they_could_be_copied_from(
    nord: Browser, house: Service, newcomer: MemberId
) -> None:
    page = await nord.get("/colleagues")
    assert "waits to be let in" in page.text
    assert (await known(house, "newcomer")).fingerprint not in page.text
    assert (await known(house, "nord")).fingerprint in page.text


@pytest.mark.parametrize("heard", ["", "1234", "0000 0000 0000 0000 0000 0000", "x" * 24])
async def test_other_digits_let_nobody_in(heard: str, nord: Browser, house: Service, newcomer: MemberId) -> None:
    answer = await nord.fill_in("/colleagues", f"/colleagues/{newcomer}/let-in", fingerprint=heard)
    assert answer.status == 422
    assert "not the digits of that key" in answer.text
    assert not (await known(house, "newcomer")).let_in


async def test_another_desk_lets_nobody_in(another_browser: NewBrowser, house: Service, newcomer: MemberId) -> None:
    visitor = another_browser()
    await visitor.log_in("mitt")
    mark = (await visitor.get("/colleagues")).form("/logout")
    heard = (await known(house, "newcomer")).fingerprint
    answer = await visitor.post(f"/colleagues/{newcomer}/let-in", mark | {"fingerprint": heard})
    assert answer.status == 404
    assert not (await known(house, "newcomer")).let_in


async def test_who_waits_sees_their_own_digits_and_lets_nobody_in(
    another_browser: NewBrowser, house: Service, newcomer: MemberId
) -> None:
    visitor = another_browser()
    await visitor.log_in("newcomer")
    own = (await known(house, "newcomer")).fingerprint
    page = await visitor.get("/")
    assert own in page.text
    answer = await visitor.post(f"/colleagues/{newcomer}/let-in", page.form("/logout") | {"fingerprint": own})
    assert answer.status == 404


async def test_members_see_the_people_of_their_own_desks_only(nord: Browser, newcomer: MemberId) -> None:
    page = (await nord.get("/colleagues")).text
    assert ">newcomer<" in page
    assert ">mitt<" not in page


async def test_an_administrator_invites_and_the_code_works(admin: Browser, another_browser: NewBrowser) -> None:
    page = await admin.fill_in("/colleagues", "/colleagues/invite", invited="eva@syd.example", desk="syd")
    code = page.text.partition('code big">')[2].partition("<")[0]
    assert (await another_browser().fill_in("/join", "/join", invitation=code)).status == 200
    assert code not in (await admin.get("/colleagues")).text


async def test_an_administrator_can_be_invited(admin: Browser, another_browser: NewBrowser) -> None:
    page = await admin.fill_in("/colleagues", "/colleagues/invite", invited="second", desk="admin")
    code = page.text.partition('code big">')[2].partition("<")[0]
    visitor = another_browser()
    choose = await visitor.fill_in("/join", "/join", invitation=code)
    form = choose.form("/join/finish") | {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert (await visitor.post("/join/finish", form)).status == 303
    await visitor.log_in("second")
    assert (await visitor.get("/")).location == "/colleagues"


@pytest.mark.parametrize(
    ("invited", "desk", "said"),
    [
        ("", "syd", "Write the login"),
        ("a b", "syd", "Write the login"),
        ("a", "atlantis", "Choose a desk"),
        ("a", "", "Choose"),
    ],
)
async def test_an_invitation_to_nothing_is_refused(invited: str, desk: str, said: str, admin: Browser) -> None:
    page = await admin.fill_in("/colleagues", "/colleagues/invite", invited=invited, desk=desk)
    assert page.status == 422
    assert said in page.text


async def test_who_is_shown_out_is_out_at_once(admin: Browser, nord: Browser, house: Service) -> None:
    member = (await known(house, "nord")).member.id
    assert (await admin.fill_in("/colleagues", f"/colleagues/{member}/show-out")).status == 303
    assert (await nord.get("/")).status == 303
    assert ">nord<" not in (await admin.get("/colleagues")).text


async def test_an_administrator_cannot_lock_the_door_behind_themselves(admin: Browser, house: Service) -> None:
    member, mark = (await known(house, "admin")).member.id, (await admin.get("/colleagues")).form("/logout")
    assert (await admin.post(f"/colleagues/{member}/show-out", mark)).status == 409
    assert (await admin.get("/colleagues")).status == 200


async def test_showing_nobody_out_says_so(admin: Browser) -> None:
    mark = (await admin.get("/colleagues")).form("/logout")
    assert (await admin.post(f"/colleagues/{'a' * 26}/show-out", mark)).status == 404


async def test_who_lost_the_passphrase_joins_again_and_waits_to_be_let_in(
    nord: Browser, another_browser: NewBrowser, house: Service, newcomer: MemberId
) -> None:
    page = await nord.get("/colleagues")
    answer = await nord.post(f"/colleagues/{newcomer}/start-over", page.form("/logout"))
    code = findall(r'class="code[^"]*">([a-z2-7 ]{24,})<', answer.text)[0]
    visitor = another_browser()
    assert (await visitor.log_in("newcomer")).status == 403
    joining = (await visitor.fill_in("/join", "/join", invitation=code)).form("/join/finish")
    joined = await visitor.post("/join/finish", joining | {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert joined.location == "/login?joined"
    again = await known(house, "newcomer")
    assert (again.member.id != newcomer, again.let_in) == (True, False)


async def test_only_a_colleague_or_an_administrator_starts_somebody_over(
    another_browser: NewBrowser, house: Service, nord: Browser
) -> None:
    for login, status in (("mitt", 404), ("nord", 404), ("admin", 200)):
        visitor = another_browser()
        await visitor.log_in(login)
        form = (await visitor.get("/colleagues")).form("/logout")
        answer = await visitor.post(f"/colleagues/{(await known(house, 'nord')).member.id}/start-over", form)
        assert answer.status == status, login
    assert (await nord.get("/")).status == 303


@pytest.mark.parametrize(
    ("role", "desk", "status"),
    [
        ("statistician", "nord", 200),
        ("national", "nationell", 200),
        ("national", "nord", 422),
        ("admin", "nord", 422),
        ("nobody", "nord", 422),
        ("registrar", "", 422),
    ],
)
async def test_somebody_is_invited_as_what_the_desk_may_have(
    role: str, desk: str, status: int, another_browser: NewBrowser
) -> None:
    admin = another_browser()
    await admin.log_in("admin")
    form = {"invited": "new@test", "desk": desk, "role": role}
    answer = await admin.fill_in("/colleagues", "/colleagues/invite", **form)
    assert answer.status == status


async def test_who_started_somebody_over_is_told_that_another_lets_them_in(
    nord: Browser, another_browser: NewBrowser, house: Service, newcomer: MemberId
) -> None:
    answer = await nord.post(f"/colleagues/{newcomer}/start-over", (await nord.get("/colleagues")).form("/logout"))
    code = findall(r'class="code[^"]*">([a-z2-7 ]{24,})<', answer.text)[0]
    joining = (await another_browser().fill_in("/join", "/join", invitation=code)).form("/join/finish")
    await another_browser().post("/join/finish", joining | {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    again = await known(house, "newcomer")
    page = await nord.get("/colleagues")
    form = page.form("/logout") | {"fingerprint": again.fingerprint}
    refused = await nord.post(f"/colleagues/{again.member.id}/let-in", form)
    assert ("another colleague must let them in" in page.words, refused.status) == (True, 409)
    assert not (await known(house, "newcomer")).let_in
