"""No log, whoever's, has the address of a coordinator, the code that proves it, or a file's reference."""

from dataclasses import replace
from datetime import timedelta

from bridges.contract import Channel, Media, Reason, Undelivered
from intake.arrival.fetching import fetch_due
from intake.model import NoticeWay
from intake.notices.words import What
from tests.flows.ears import listening, spoken
from tests.intake.arrival.said import say, sms
from tests.intake.arrival.test_fetching import FakeStore
from tests.intake.notices.conftest import Notified

NUMBER = "+46701740617"


async def test_a_notice_shows_neither_address_nor_code_in_success_and_failure(notified: Notified):
    with listening() as ears:
        await notified.prove(notified.kim, NoticeWay.SMS, NUMBER)
        code = notified.got("phone")[0].text.split()[2].strip(".")
        await notified.promise([notified.kim], NoticeWay.CALL, What.ALARM)
        for trouble in (Undelivered(Reason.ADDRESS, None), RuntimeError(NUMBER)):
            notified.bridge("phone").fails = trouble
            await notified.promise([notified.kim], None, What.ALARM)
        heard = ears.heard()
    assert "texts carried" in heard
    assert spoken({"number": NUMBER, "code": code}, heard) == []


async def test_fetching_shows_no_reference_and_no_name_in_success_and_failure(notified: Notified):
    ref, name = "https://media.example/kanarie-7731", "kanarie-passfoto.jpg"
    store = FakeStore("phone", Channel.SMS, trouble=[Undelivered(Reason.UNCERTAIN, timedelta(seconds=1))])
    house = replace(notified.service, bridges={"phone": store})
    with listening() as ears:
        await say(house, notified.clock, sms("Hej", media=(Media(ref, "image/jpeg", name),)))
        for _ in range(2):
            notified.clock.advance(minutes=10)
            assert await fetch_due(house, store, "node") == 1
        heard = ears.heard()
    assert "files fetched" in heard
    assert spoken({"reference": ref, "name": name}, heard) == []
