"""The contract that every bridge passes: what `send` returns and raises, against a double that misbehaves."""

from datetime import timedelta

import pytest
from aiohttp import web

from bridges.contract import (
    Address,
    Bridge,
    Channel,
    Delivery,
    Erasing,
    Fetching,
    Polling,
    Reason,
    Registering,
    Sent,
    Undelivered,
)
from bridges.load import types
from tests.bridges.runner import NOW, Service, outbound, surroundings
from tests.bridges.sending import WAYS, Way, unreachable
from tests.doubles import Mood
from tests.patience import PATIENCE

EVERY = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.label)
SEVEN = timedelta(seconds=7)

MOODS = {
    Mood.THROTTLES: (Reason.THROTTLED, SEVEN),
    Mood.DOWN: (Reason.UNAVAILABLE, ...),
    Mood.BROKEN: (Reason.UNCERTAIN, ...),
    Mood.LIES: (Reason.UNCERTAIN, ...),
    Mood.HANGS: (Reason.UNCERTAIN, ...),
    Mood.FORBIDS: (Reason.ACCOUNT, ...),
    Mood.REFUSES: (Reason.REJECTED, None),
}
# Where a provider says the same in its own way.
OWN = {
    ("telegram", Mood.DOWN): (Reason.UNCERTAIN, ...),
    ("smtp", Mood.THROTTLES): (Reason.UNAVAILABLE, ...),
    ("smtp", Mood.REFUSES): (Reason.ADDRESS, None),
}


def test_every_bridge_of_the_package_is_under_this_contract():
    assert {way.label.split()[0] for way in WAYS} == {name.removeprefix("sms_") for name in types()}


@EVERY
async def test_a_text_is_handed_over_once_and_named(way: Way):
    async with way.open(surroundings()) as side:
        sent = await side.bridge.send(outbound(address=side.address))
        assert isinstance(sent, Sent)
        assert len(sent.ids) == 1
        assert len(side.accepted()) == 1
        assert "Det finns ett svar" in side.accepted()[0]


@pytest.mark.parametrize("way", WAYS[:-1], ids=lambda way: way.label)  # mail is encoded: see test_smtp.py
async def test_letters_of_any_language_arrive_as_they_are(way: Way):
    text = "Å ä ö, ภาษาไทย, العربية 🙏🏽 & <b>"
    async with way.open(surroundings()) as side:
        await side.bridge.send(outbound(text, side.address))
        [accepted] = side.accepted()
        assert accepted == text


@EVERY
@pytest.mark.parametrize("mood", MOODS, ids=str)
async def test_a_failure_says_why_and_when_to_come_again(way: Way, mood: Mood):
    if (way.label, mood) == ("smtp", Mood.BROKEN):
        mood = Mood.LIES  # a mail server has no 500 of its own
    reason, retry = OWN.get((way.label, mood), MOODS[mood])
    patience = 0.3 if mood is Mood.HANGS else PATIENCE
    async with way.open(surroundings(patience)) as side:
        side.double.mood = mood
        with pytest.raises(Undelivered) as caught:
            await side.bridge.send(outbound(address=side.address))
    assert caught.value.reason is reason
    assert caught.value.retry == retry or (retry is ... and caught.value.retry > timedelta(0))


@EVERY
async def test_a_bridge_never_tries_again_by_itself(way: Way):
    async with way.open(surroundings()) as side:
        side.double.mood = Mood.LIES
        with pytest.raises(Undelivered):
            await side.bridge.send(outbound(address=side.address))
        assert len(side.accepted()) == 1


@EVERY
async def test_a_text_that_is_too_late_is_not_sent(way: Way):
    async with way.open(surroundings()) as side:
        with pytest.raises(Undelivered) as caught:
            await side.bridge.send(outbound(address=side.address, expires_at=NOW))
        assert (caught.value.reason, caught.value.retry, side.accepted()) == (Reason.EXPIRED, None, [])


@EVERY
async def test_an_address_of_another_kind_is_refused(way: Way):
    async with way.open(surroundings()) as side:
        others = [Address(channel, "x") for channel in Channel if channel is not side.bridge.channel]
        for address in others:
            with pytest.raises(Undelivered) as caught:
                await side.bridge.send(outbound(address=address))
            assert (caught.value.reason, caught.value.retry) == (Reason.ADDRESS, None)


@pytest.mark.parametrize("label", [way.label for way in WAYS])
async def test_nobody_at_the_other_end_means_certainly_not_sent(label: str):
    bridge = unreachable(surroundings())[label]
    address = {"telegram": Address(Channel.TELEGRAM, "1"), "smtp": Address(Channel.EMAIL, "a@b.example")}.get(label)
    await bridge.start()
    with pytest.raises(Undelivered) as caught:
        await bridge.send(outbound(**({"address": address} if address else {})))
    await bridge.stop()
    assert caught.value.reason is Reason.UNREACHABLE


@EVERY
async def test_start_and_stop_may_be_repeated_and_a_stopped_bridge_says_so(way: Way):
    async with way.open(surroundings()) as side:
        await side.bridge.start()
        await side.bridge.stop()
        await side.bridge.stop()
        if way.label == "smtp":
            return  # holds nothing, so it cannot be stopped
        with pytest.raises(Undelivered):
            await side.bridge.send(outbound(address=side.address))
        await side.bridge.start()
        assert await side.bridge.send(outbound(address=side.address))


@EVERY
async def test_a_bridge_attaches_to_an_app_and_says_what_it_is(way: Way):
    async with way.open(surroundings()) as side:
        service = Service()
        side.bridge.attach(web.Application(), service.receive, service.report)
        bridge: Bridge = side.bridge
        assert bridge.name in ("phone", "bot", "mail")
        assert bridge.channel is side.address.channel


async def test_the_optional_abilities_are_told_by_type():
    bridges = unreachable(surroundings())
    bot, phone, mail = bridges["telegram"], bridges["46elks"], bridges["smtp"]
    assert all(isinstance(bot, ability) for ability in (Fetching, Erasing, Polling, Registering))
    assert isinstance(phone, Fetching)
    assert not isinstance(mail, Fetching | Erasing | Polling)


def test_delivered_outlasts_a_late_failure_and_nothing_moves_back():
    rising = [Delivery.QUEUED, Delivery.SENT, Delivery.EXPIRED, Delivery.FAILED, Delivery.DELIVERED, Delivery.READ]
    assert rising == sorted(Delivery)
