"""No number, text, chat id or secret in any log (libraries included), exception or repr, in success and failure."""

import logging
import traceback
from dataclasses import replace

import pytest

from bridges.contract import BadSetting, NotStored, Undelivered
from bridges.load import build, secrets
from bridges.telegram import silence
from tests.bridges.phones import PHONES, Said
from tests.bridges.runner import NOW, made, outbound, staged, surroundings
from tests.bridges.sending import CHAT, MAILBOX, WAYS, telegram_table, unreachable
from tests.bridges.test_telegram import conversation
from tests.doubles import Mood
from tests.telegram_double import TelegramDouble

CANARY = "kanariefågel-7731"
NAMED = (CANARY, "701234567", "070-123", CHAT.value, MAILBOX.value, "smeknamn", "Förnamn", TelegramDouble().token)


@pytest.fixture
def heard(caplog):
    """All that any logger says, down to DEBUG, with the libraries silenced as the app does it."""
    silence()
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(logging.Formatter().format(record) for record in caplog.records)


def leaks(text: str, *more: str) -> list[str]:
    """Which of what must never be shown is in `text`."""
    return [word for word in (*NAMED, *more) if word in text]


def told(error: BaseException) -> str:
    """All that an exception would ever show."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.label)
@pytest.mark.parametrize("mood", list(Mood), ids=str)
async def test_sending_shows_nothing_whatever_the_provider_does(way, mood, heard):
    async with way.open(surroundings(patience=0.2)) as side:
        side.double.mood = mood
        message = outbound(f"{CANARY} om 070-123", side.address, subject=CANARY)
        shown = repr(message)
        try:
            shown += repr(await side.bridge.send(message))
        except Undelivered as error:
            shown += told(error)
    assert not leaks(shown + heard())


@pytest.mark.parametrize("label", [way.label for way in WAYS])
async def test_a_dead_line_shows_nothing(label, heard):
    bridge = unreachable(surroundings())[label]
    address = {"telegram": CHAT, "smtp": MAILBOX}.get(label)
    await bridge.start()
    with pytest.raises(Undelivered) as caught:
        await bridge.send(outbound(CANARY, **({"address": address} if address else {})))
    await bridge.stop()
    assert not leaks(told(caught.value) + heard())


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)
async def test_receiving_shows_nothing_accepted_forged_or_not_stored(phone, heard):
    raw = phone.send(Said(f"{CANARY} vill prata"), NOW)
    async with staged(made(phone)) as stage:
        await stage.knock(raw)
        await stage.knock(phone.forged(raw))
        await stage.knock(replace(raw, body=raw.body[:-9]))
        stage.service.failure = NotStored()
        await stage.knock(raw)
        inbound = stage.service.inbound[0]
    assert CANARY in inbound.text
    keys = [str(phone.table[key]) for key in secrets(phone.type) if key in phone.table]
    assert not leaks(repr(inbound) + repr(stage.bridge) + heard(), *keys)
    assert "hook phone: accepted" in heard()


async def test_the_bot_shows_nothing_of_a_whole_conversation(heard):
    async with conversation() as (bot, double, service, base):
        for text in ("/start", CANARY):
            double.say(int(CHAT.value), text)
        double.press(int(CHAT.value), CANARY)
        await double.deliver(base)
        service.failure = NotStored()
        double.say(int(CHAT.value), CANARY)
        await double.deliver(base)
        double.block(int(CHAT.value))
        with pytest.raises(Undelivered) as caught:
            await bot.send(outbound(CANARY, CHAT))
    assert [inbound.text for inbound in service.inbound].count(CANARY) == 2
    assert not leaks(repr(service.inbound) + told(caught.value) + heard())


async def test_polling_shows_nothing_when_telegram_talks_nonsense(heard):
    async with conversation(mode="polling") as (bot, double, _, _):
        double.updates.append({"update_id": 1, "message": {"text": CANARY}})
        with pytest.raises(Undelivered) as caught:
            await bot.poll_once(None, surroundings().patience)
    assert not leaks(told(caught.value) + heard())


def test_a_wrong_token_is_not_shown():
    with pytest.raises(BadSetting) as caught:
        build("telegram", "bot", telegram_table(TelegramDouble(), "http://127.0.0.1:1", token=CANARY), surroundings())
    assert not leaks(told(caught.value))


def test_the_canary_would_be_heard(caplog):
    logging.getLogger("anything").warning("to %s", CANARY)
    assert leaks(caplog.text) == [CANARY]
