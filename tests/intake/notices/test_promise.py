"""Coordinators are told that something waits: once until they look, by the way they chose, and nothing of what."""

import pytest

from bridges.contract import Reason, Undelivered
from intake.model import CaseId, NoticeWay
from intake.notices import proving
from intake.notices.promise import LIVES, note_looked
from intake.notices.words import What
from intake.outbox.expiry import forget_passing
from intake.people import deactivate
from intake.store.schema import notice_addresses, outbox
from tests.intake.arrival.said import all_cases, rows_of, say
from tests.intake.notices.conftest import Notified


@pytest.fixture
async def national_case(notified: Notified) -> CaseId:
    await say(notified.service, notified.clock, "Hej")
    (case,) = await all_cases(notified.service)
    return case


async def test_a_notice_says_that_something_waits_and_where_and_no_more(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    assert await notified.promise([notified.kim], None, What.WAITING) == frozenset()
    text = notified.got("phone")[-1].text
    sentence, reference, link = text.split("\n")
    assert (sentence, link) == ("Något väntar i inkorgen.", "http://127.0.0.1:8081/")
    assert len(reference.removeprefix("Referens ")) == 5


async def test_each_is_told_by_the_way_that_they_chose(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    await notified.prove(notified.kim, NoticeWay.EMAIL)
    await notified.prove(notified.alex, NoticeWay.SMS, "+46701112233")
    await notified.promise([notified.kim, notified.alex], None, What.DIGEST)
    assert notified.got("post")[-1].subject == "Hamn: Det finns saker att göra i inkorgen."
    assert [text.address.value for text in notified.got("phone")][-1] == "+46701112233"


async def test_who_has_no_proven_address_is_named_so_that_others_can_be_asked(notified: Notified):
    await proving.begin(notified.service, notified.kim, NoticeWay.SMS, "0701234567", "sv", notified.clock.now)
    assert await notified.promise([notified.kim], None, What.ALARM) == {notified.kim}


async def test_however_much_comes_one_notice_stands_for_it_until_they_look(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    for _ in range(5):
        await notified.promise([notified.kim], None, What.WAITING)
    assert len(notified.got("phone")) == 2
    await note_looked(notified.service, notified.kim)
    await notified.promise([notified.kim], None, What.WAITING)
    assert len(notified.got("phone")) == 3


async def test_what_has_not_been_looked_at_is_told_again_after_the_quiet_time(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    await notified.promise([notified.kim], None, What.WAITING)
    notified.clock.advance(minutes=16)
    await notified.promise([notified.kim], None, What.WAITING)
    assert len(notified.got("phone")) == 3


async def test_an_alarm_is_repeated_as_often_as_it_is_promised_but_never_queues_up(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    await notified.promise([notified.kim], None, What.ALARM)
    await notified.promise([notified.kim], None, What.ALARM)
    notified.bridge("phone").fails = Undelivered(Reason.UNREACHABLE, LIVES[What.ALARM] / 60)
    for _ in range(3):
        await notified.promise([notified.kim], None, What.ALARM)
    notified.bridge("phone").fails = None
    notified.clock.advance(minutes=10)
    await notified.send_all()
    assert len(notified.got("phone")) == 1 + 3


async def test_an_alarm_rings_the_number_that_texts_go_to(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    await notified.prove(notified.kim, NoticeWay.EMAIL)
    assert await notified.promise([notified.kim], NoticeWay.CALL, What.ALARM) == frozenset()
    alarm = notified.got("phone")[-1]
    assert (alarm.address.value, alarm.language) == ("+46701234567", "sv-SE")
    assert alarm.words == "Det här är Hamn. Något kan inte vänta. Öppna inkorgen."


async def test_the_reference_is_the_cases_where_one_is_named(notified: Notified, national_case: CaseId):
    await notified.prove(notified.kim, NoticeWay.SMS)
    await notified.promise([notified.kim], None, What.WAITING, about=national_case)
    assert f"Referens {national_case[:5]}" in notified.got("phone")[-1].text


async def test_nothing_is_kept_of_text_or_address_once_a_notice_has_gone(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    await notified.promise([notified.kim], None, What.WAITING)
    rows = await notified.service.database.read(lambda conn: conn.execute(outbox.select()).mappings().all())
    assert {(row["state"], row["sealed_text"], row["sealed_address"]) for row in rows} == {("sent", None, None)}


async def test_a_notice_that_comes_too_late_is_not_sent(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    notified.bridge("phone").fails = Undelivered(Reason.UNREACHABLE, LIVES[What.TEST])
    await notified.promise([notified.kim], None, What.WAITING)
    notified.clock.advance(hours=13)
    notified.bridge("phone").fails = None
    await notified.send_all()
    assert await forget_passing(notified.service, notified.clock.now) == 1
    assert len(notified.got("phone")) == 1


async def test_a_notice_that_cannot_get_through_is_seen_on_the_members_own_page(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    notified.bridge("phone").fails = Undelivered(Reason.ADDRESS, None)
    notified.clock.advance(seconds=1)
    await notified.promise([notified.kim], None, What.WAITING)
    last = (await proving.own_ways(notified.service, notified.kim, notified.clock.now)).told[0]
    assert (last.state, last.reason) == ("failed", "address")


async def test_whoever_is_shown_out_is_told_nothing_more(notified: Notified):
    await notified.prove(notified.kim, NoticeWay.SMS)
    notified.bridge("phone").fails = Undelivered(Reason.UNREACHABLE, LIVES[What.TEST])
    await notified.promise([notified.kim], None, What.WAITING)
    await deactivate(notified.service, notified.kim, notified.clock.now)
    notified.bridge("phone").fails = None
    notified.clock.advance(hours=1)
    await notified.send_all()
    assert len(notified.got("phone")) == 1
    assert await rows_of(notified.service, notice_addresses) == await rows_of(notified.service, outbox) == 0


@pytest.mark.parametrize("way", [NoticeWay.SMS, NoticeWay.EMAIL])
async def test_a_notice_goes_nowhere_that_was_taken_away_meanwhile(notified: Notified, way: NoticeWay):
    await notified.prove(notified.kim, way)
    before = sum(len(notified.got(name)) for name in notified.service.bridges)
    service, now = notified.service, notified.clock.now
    await service.database.write(proving.promise, service, [notified.kim], None, What.WAITING, now)
    await proving.forget(service, notified.kim, way, now)
    await notified.send_all()
    assert sum(len(notified.got(name)) for name in notified.service.bridges) == before
