"""One's own notices: an address counts once its code was typed; the page shows how the last ones went."""

from dataclasses import replace

import pytest
from aiohttp.test_utils import TestServer

from bridges.contract import Channel
from intake.inbox.app import inbox_app
from intake.inbox.own.noticepages import SENT, WAYS
from intake.model import NoticeWay, OutgoingState
from intake.notices.promise import promise
from intake.notices.words import What
from intake.outbox.carry import drain
from intake.service import Service
from intake.store.members import list_members
from tests.intake.inbox.browser import Browser, without_jar
from tests.intake.outbox.fake import FakeBridge
from tests.service import PASSPHRASE


@pytest.fixture
def phone() -> FakeBridge:
    return FakeBridge("phone", Channel.SMS)


@pytest.fixture
def bot() -> FakeBridge:
    return FakeBridge("bot", Channel.TELEGRAM)


@pytest.fixture
def house(house: Service, phone: FakeBridge, bot: FakeBridge) -> Service:
    return replace(house, bridges={"phone": phone, "bot": bot})


async def prove_number(house: Service, nord: Browser, phone: FakeBridge) -> None:
    await nord.fill_in("/notices", "/notices/sms/begin", current=PASSPHRASE, address="070-123 45 67")
    await drain(house, phone, "node")
    code = phone.said[-1].split()[3].strip(".")
    assert (await nord.fill_in("/notices", "/notices/sms/prove", code=code)).status == 303


async def test_a_number_counts_once_its_code_was_typed(house: Service, nord: Browser, phone: FakeBridge) -> None:
    await prove_number(house, nord, phone)
    page = (await nord.get("/notices")).words
    assert "+46701234567" in page
    assert "in use" in page


async def test_a_wrong_code_is_said_to_be_wrong(nord: Browser) -> None:
    await nord.fill_in("/notices", "/notices/sms/begin", current=PASSPHRASE, address="0701234567")
    answer = await nord.fill_in("/notices", "/notices/sms/prove", code="x")
    assert (answer.status, "This is not the code" in answer.words) == (422, True)


async def test_what_is_no_number_is_said_so_and_not_repeated(nord: Browser) -> None:
    answer = await nord.fill_in("/notices", "/notices/sms/begin", current=PASSPHRASE, address="nobody")
    assert answer.status == 422
    assert "nobody" not in answer.text


async def test_a_chat_is_connected_by_a_line_for_the_bot(nord: Browser) -> None:
    answer = await nord.fill_in("/notices", "/notices/telegram/begin", current=PASSPHRASE)
    assert "/start " in answer.words


async def test_only_ways_that_there_are_bridges_for_are_offered(nord: Browser) -> None:
    assert "/notices/email/begin" not in (await nord.get("/notices")).text
    assert (await nord.fill_in("/notices", "/notices/sms/begin", current=PASSPHRASE, address="")).status == 422


async def test_a_test_goes_out_and_is_listed(house: Service, nord: Browser, phone: FakeBridge) -> None:
    await prove_number(house, nord, phone)
    assert (await nord.fill_in("/notices", "/notices/test")).status == 303
    await drain(house, phone, "node")
    assert phone.said[-1].startswith("This is a test")
    assert "sent" in (await nord.get("/notices")).words


async def test_whoever_opens_the_list_is_told_again_and_a_list_that_renews_itself_is_nobody_looking(
    house: Service, nord: Browser, phone: FakeBridge
) -> None:
    await prove_number(house, nord, phone)
    everybody = [one.id for one in await house.database.read(list_members, house.key)]
    before = len(phone.said)
    for path, told in (("/notices", 1), ("/notices", 1), ("/list", 1), ("/", 2)):
        await nord.get(path)
        await house.database.write(promise, house, everybody, None, What.WAITING, house.clock())
        await drain(house, phone, "node")
        assert len(phone.said) - before == told, path


async def test_an_address_is_taken_away(house: Service, nord: Browser, phone: FakeBridge) -> None:
    await prove_number(house, nord, phone)
    await nord.fill_in("/notices", "/notices/sms/forget", current=PASSPHRASE)
    assert "+46701234567" not in (await nord.get("/notices")).text


async def test_nobody_sees_anothers_address(house: Service, nord: Browser, phone: FakeBridge) -> None:
    await prove_number(house, nord, phone)
    async with without_jar(TestServer(inbox_app(house))) as client:
        other = Browser(client)
        await other.log_in("mitt")
        assert "+46701234567" not in (await other.get("/notices")).text


def test_every_way_and_state_has_words() -> None:
    assert set(WAYS) == set(NoticeWay)
    assert set(SENT) == set(OutgoingState)


@pytest.mark.parametrize(("current", "said"), [("", "present passphrase"), ("another-passphrase", "is wrong")])
@pytest.mark.parametrize("form", ["sms/begin", "sms/forget", "telegram/begin"])
async def test_a_session_alone_turns_notices_nowhere(
    house, nord: Browser, phone, form: str, current: str, said
) -> None:
    await prove_number(house, nord, phone)
    before = len(phone.said)
    answer = await nord.fill_in("/notices", f"/notices/{form}", address="0709999999", current=current)
    assert (answer.status, said in answer.words, "/start " in answer.words) == (422, True, False)
    await drain(house, phone, "node")
    assert (len(phone.said), "+46701234567" in (await nord.get("/notices")).words) == (before, True)
