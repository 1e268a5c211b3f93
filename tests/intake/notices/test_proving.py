"""An address is told nothing until its owner has shown that they read there."""

import pytest

from bridges.contract import Kind
from intake import audit
from intake.audit import Act, Line
from intake.model import NoticeWay
from intake.notices import proving
from intake.notices.proving import Refused
from intake.notices.words import What
from intake.store import desks
from intake.store.schema import cases, contacts
from tests.intake.arrival.said import CHAT, rows_of, say, update
from tests.intake.notices.conftest import Notified


async def begin(notified: Notified, way: NoticeWay, typed: str = "") -> str | None:
    return await proving.begin(notified.service, notified.kim, way, typed, "sv", notified.clock.now)


async def prove(notified: Notified, typed: str) -> None:
    await proving.prove(notified.service, notified.kim, NoticeWay.SMS, typed, notified.clock.now)


async def ways(notified: Notified) -> dict[NoticeWay, bool]:
    own = await proving.own_ways(notified.service, notified.kim, notified.clock.now)
    return {one.way: one.chosen for one in own.reached}


async def test_an_address_counts_once_its_code_was_typed(notified: Notified):
    await begin(notified, NoticeWay.SMS, "070-123 45 67")
    assert await ways(notified) == {}
    await notified.send_all()
    (text,) = notified.got("phone")
    await prove(notified, text.text.split()[2])
    assert await ways(notified) == {NoticeWay.SMS: True}


@pytest.mark.parametrize("typed", ["", "000000", "1", "æøå"])
async def test_a_wrong_code_proves_nothing(notified: Notified, typed: str):
    await begin(notified, NoticeWay.SMS, "0701234567")
    with pytest.raises(Refused, match="wrong"):
        await prove(notified, typed)
    assert await ways(notified) == {}


async def test_after_five_wrong_codes_the_right_one_comes_too_late(notified: Notified):
    await begin(notified, NoticeWay.SMS, "0701234567")
    await notified.send_all()
    code = notified.got("phone")[0].text.split()[2].strip(".")
    for typed in ["000001"] * 5 + [code]:
        with pytest.raises(Refused, match="wrong"):
            await prove(notified, typed)


async def test_a_code_is_good_for_a_quarter_of_an_hour(notified: Notified):
    await begin(notified, NoticeWay.SMS, "0701234567")
    await notified.send_all()
    notified.clock.advance(minutes=15)
    with pytest.raises(Refused, match="wrong"):
        await prove(notified, notified.got("phone")[0].text.split()[2])


async def test_nobody_is_sent_codes_in_a_row(notified: Notified):
    await begin(notified, NoticeWay.SMS, "0701234567")
    with pytest.raises(Refused, match="too_soon"):
        await begin(notified, NoticeWay.SMS, "0709999999")
    notified.clock.advance(seconds=61)
    await begin(notified, NoticeWay.SMS, "0709999999")


@pytest.mark.parametrize(
    ("way", "typed"),
    [
        (NoticeWay.SMS, "HAMN"),
        (NoticeWay.SMS, "123"),
        (NoticeWay.EMAIL, "kim"),
        (NoticeWay.EMAIL, "@example.se"),
        (NoticeWay.EMAIL, "kim@localhost"),
        (NoticeWay.EMAIL, "kim@example.se\nBcc: x@example.se"),
        (NoticeWay.EMAIL, "kim@example.se, x@example.se"),
        (NoticeWay.EMAIL, "k" * 200 + "@example.se"),
    ],
    ids=["name", "short", "no-at", "no-name", "no-domain", "line-break", "two", "long"],
)
async def test_what_is_no_address_is_refused(notified: Notified, way: NoticeWay, typed: str):
    with pytest.raises(Refused, match="no_address"):
        await begin(notified, way, typed)


async def test_a_way_without_a_bridge_is_refused(notified: Notified):
    notified.service.bridges.pop("post")
    with pytest.raises(Refused, match="no_bridge"):
        await begin(notified, NoticeWay.EMAIL, "kim@example.se")


async def test_a_chat_is_proven_by_start_and_opens_no_case(notified: Notified):
    code = await begin(notified, NoticeWay.TELEGRAM)
    await say(notified.service, notified.clock, update(f"/start {code}", Kind.COMMAND))
    assert await ways(notified) == {NoticeWay.TELEGRAM: True}
    assert await rows_of(notified.service, contacts) == await rows_of(notified.service, cases) == 0
    await notified.send_all()
    (text,) = notified.got("bot")
    assert (text.address, text.text.split("\n")[0]) == (CHAT, "Det här är ett prov: här får du veta när något väntar.")


async def test_a_start_that_is_no_proof_is_somebody_who_wants_to_write(notified: Notified):
    await begin(notified, NoticeWay.TELEGRAM)
    await say(notified.service, notified.clock, update("/start 0123", Kind.COMMAND))
    assert await ways(notified) == {}
    assert await rows_of(notified.service, contacts) == 1


async def test_one_may_choose_among_ones_ways_and_take_one_away(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    await notified.prove(notified.kim, NoticeWay.EMAIL)
    await proving.choose(notified.service, notified.kim, NoticeWay.SMS)
    assert await ways(notified) == {NoticeWay.SMS: True, NoticeWay.EMAIL: False}
    await proving.forget(notified.service, notified.kim, NoticeWay.SMS, notified.clock.now)
    assert await ways(notified) == {NoticeWay.EMAIL: True}


async def test_a_test_is_sent_however_often_it_is_asked_for(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    for _ in range(2):
        assert await proving.try_out(notified.service, notified.kim, None, notified.clock.now)
    await notified.send_all()
    assert [text.text.split(":")[0] for text in notified.got("phone")[1:]] == ["Det här är ett prov"] * 2


async def test_without_an_address_there_is_nothing_to_try(notified: Notified):
    assert not await proving.try_out(notified.service, notified.kim, None, notified.clock.now)
    assert await notified.promise([notified.kim], NoticeWay.SMS, What.TEST) == {notified.kim}


async def test_forgetting_gives_no_further_code_and_no_further_tries(notified: Notified):
    await begin(notified, NoticeWay.SMS, "0701234567")
    await notified.send_all()
    code = notified.got("phone")[0].text.split()[2].strip(".")
    await proving.forget(notified.service, notified.kim, NoticeWay.SMS, notified.clock.now)
    with pytest.raises(Refused, match="too_soon"):
        await begin(notified, NoticeWay.SMS, "0701234567")
    with pytest.raises(Refused, match="wrong"):
        await prove(notified, code)


async def test_a_changed_address_is_logged_without_the_address(notified: Notified):
    await begin(notified, NoticeWay.SMS, "0701234567")
    await notified.send_all()
    await prove(notified, notified.got("phone")[0].text.split()[2])
    await proving.forget(notified.service, notified.kim, NoticeWay.SMS, notified.clock.now)
    database, key = notified.service.database, notified.service.key
    (desk,) = await database.read(desks.desks_of, key, notified.kim)
    last = (await database.read(audit.read, key, desk))[-2:]
    assert last == [Line(notified.clock.now, Act.NOTICES_CHANGED, notified.kim)] * 2
