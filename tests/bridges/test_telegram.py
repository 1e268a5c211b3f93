"""The Telegram bot with the real library against the strict double."""

import asyncio
import json
import logging

import aiohttp
import pytest

from bridges.contract import (
    BadSetting,
    Kind,
    Location,
    NotStored,
    Reason,
    Undelivered,
)
from bridges.load import build
from bridges.telegram import silence
from tests.bridges.chatting import ID, NO_WAIT, OTHER, conversation
from tests.bridges.runner import NOW, outbound, surroundings
from tests.bridges.sending import CHAT, HOOK_SECRET, telegram_table
from tests.doubles import Mood, serve
from tests.telegram_double import TelegramDouble


def text_message(**more):
    """What is said in a private chat, as JSON."""
    chat = {"id": ID, "type": "private", "first_name": "Förnamn", "username": "smeknamn"}
    sender = {"id": ID, "is_bot": False, "first_name": "Förnamn", "username": "smeknamn", "language_code": "th"}
    return {"message_id": 7, "date": int(NOW.timestamp()), "chat": chat, "from": sender} | more


PHOTO = [{"file_id": s, "file_unique_id": s, "width": 1, "height": 1, "file_size": 9} for s in ("small", "large")]
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 9}
MESSAGES = (
    ("a photo with a caption", {"photo": PHOTO, "caption": "här"}, Kind.TEXT, "här", [("large", "image/jpeg")]),
    ("a voice note", {"voice": FILE | {"duration": 3}}, Kind.TEXT, "", [("f", "audio/ogg")]),
    ("a document", {"document": FILE | {"mime_type": "text/plain"}}, Kind.TEXT, "", [("f", "text/plain")]),
    ("a round video", {"video_note": FILE | {"duration": 3, "length": 9}}, Kind.TEXT, "", [("f", "video/mp4")]),
    (
        "a contact",
        {"contact": {"first_name": "Kim", "phone_number": "+46700000000"}},
        Kind.TEXT,
        "Kim +46700000000",
        [],
    ),
    ("a die", {"dice": {"emoji": "🎲", "value": 3}}, Kind.UNREADABLE, "", []),
    ("something newer than the library", {"hologram": {"file_id": "h"}}, Kind.UNREADABLE, "", []),
    ("half an emoji", {"text": "hej \ud83d"}, Kind.TEXT, "hej \ufffd", []),
    ("NUL", {"text": "a\x00b"}, Kind.TEXT, "a\x00b", []),
)


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case[0])
async def test_what_people_send_is_kept(case):
    _, content, kind, text, media = case
    async with conversation() as (_, double, service, base):
        double.updates.append({"update_id": 5, "message": text_message(**content)})
        assert await double.deliver(base) == [200]
    [inbound] = service.inbound
    assert (inbound.kind, inbound.text, [(m.ref, m.mime) for m in inbound.media]) == (kind, text, media)
    assert (inbound.address, inbound.handle, inbound.language, inbound.id) == (CHAT, "7", "th", "5")
    assert "smeknamn" not in repr(inbound) + inbound.text


async def test_a_conversation_keeps_its_order_and_numbers():
    async with conversation() as (_, double, service, base):
        for text in ("/start", "/language@HamnBot sv", "jag såg något"):
            double.say(ID, text)
        double.press(ID, "help")
        double.share(ID, 59.33, 18.06)
        assert await double.deliver(base) == [200] * 5
    assert [inbound.kind for inbound in service.inbound] == ["command", "command", "text", "button", "location"]
    assert [inbound.text for inbound in service.inbound[1:4]] == ["/language sv", "jag såg något", "help"]
    assert service.inbound[4].location == Location(59.33, 18.06)
    numbers = [inbound.sequence for inbound in service.inbound]
    assert numbers == sorted(numbers)
    assert len(double.calmed) == 1


async def test_an_edit_brings_the_new_text_and_a_moving_position_brings_nothing():
    async with conversation() as (_, double, service, base):
        moved = {"location": {"latitude": 1.0, "longitude": 2.0, "live_period": 60}}
        double.updates += [
            {"update_id": 1, "edited_message": text_message(text="rättat")},
            {"update_id": 2, "edited_message": text_message(**moved)},
        ]
        assert await double.deliver(base) == [200, 200]
    assert [(i.kind, i.text, i.handle) for i in service.inbound] == [(Kind.EDIT, "rättat", "7")]


async def test_blocking_the_bot_is_a_stop_and_ends_all_sending():
    async with conversation() as (bot, double, service, base):
        double.block(ID)
        await double.deliver(base)
        with pytest.raises(Undelivered) as caught:
            await bot.send(outbound(address=CHAT))
    assert [inbound.kind for inbound in service.inbound] == [Kind.STOP]
    assert (caught.value.reason, caught.value.retry) == (Reason.STOPPED, None)


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_nothing_is_taken_from_groups(kind):
    async with conversation() as (_, double, service, base):
        message = text_message(text="hej") | {"chat": {"id": -100, "type": kind, "title": "t"}}
        double.updates.append({"update_id": 1, "message": message})
        assert await double.deliver(base) == [200]
    assert service.inbound == []


HOOKS = (
    ("no secret", {}, b"{}", 403),
    ("another secret", {"X-Telegram-Bot-Api-Secret-Token": "guess"}, b"{}", 403),
    ("a secret that is not ASCII", {"X-Telegram-Bot-Api-Secret-Token": "å"}, b"{}", 403),
    ("no JSON", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}, b"{]", 400),
    ("no UTF-8", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}, b"\xff\xff", 400),
    ("a list", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}, b"[1]", 400),
    ("no update", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}, b'{"a": 1}', 400),
    ("deeper than any update", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}, b"[" * 99_999, 400),
    ("larger than any update", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}, b" " * 300_000, 413),
)


@pytest.mark.parametrize("case", HOOKS, ids=lambda case: case[0])
async def test_what_telegram_did_not_send_is_refused(case):
    _, headers, body, status = case
    async with (
        conversation() as (_, _, service, base),
        aiohttp.request("POST", f"{base}/hooks/bot", data=body, headers=headers) as response,
    ):
        assert (response.status, await response.read()) == (status, b"")
    assert service.inbound == []


async def test_an_update_is_acknowledged_only_after_the_commit():
    async with conversation() as (_, double, service, base):
        service.gate = asyncio.Event()
        double.say(ID, "hej")
        waiting = asyncio.create_task(double.deliver(base))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        service.gate.set()
        assert await waiting == [200]


@pytest.mark.parametrize("polling", [False, True], ids=["webhook", "polling"])
async def test_with_the_database_down_nothing_is_lost_and_all_comes_again(polling):
    async with conversation(mode="polling" if polling else "webhook") as (bot, double, service, base):
        service.failure = NotStored()
        double.say(ID, "ett")
        if polling:
            with pytest.raises(NotStored):
                await bot.poll_once(None, NO_WAIT)
        else:
            assert await double.deliver(base) == [503]
        service.failure = None
        await (bot.poll_once(None, NO_WAIT) if polling else double.deliver(base))
    assert [inbound.text for inbound in service.inbound] == ["ett"]


async def test_polling_keeps_each_chats_order_and_moves_the_offset_only_when_stored():
    async with conversation(mode="polling") as (bot, double, service, _):
        for number in range(3):
            double.say(ID, f"a{number}")
            double.say(OTHER, f"b{number}")
        double.press(ID, "knapp")
        offset = await bot.poll_once(None, NO_WAIT)
        assert await bot.poll_once(offset, NO_WAIT) == offset
    texts = [inbound.text for inbound in service.inbound]
    assert [t for t in texts if t.startswith("a")] == ["a0", "a1", "a2"]
    assert [t for t in texts if t.startswith("b")] == ["b0", "b1", "b2"]
    assert offset == max(inbound.sequence for inbound in service.inbound) + 1
    assert len(double.calmed) == 1


async def test_a_slow_chat_does_not_hold_up_the_others():
    async with conversation(mode="polling") as (bot, double, service, _):
        double.say(ID, "fastnar")
        double.say(OTHER, "går fram")
        service.failure, service.fails_on = NotStored(), "fastnar"
        with pytest.raises(NotStored):
            await bot.poll_once(None, NO_WAIT)
    assert [inbound.text for inbound in service.inbound] == ["går fram"]


async def test_registering_chooses_between_webhook_and_polling_and_drops_nothing():
    async with conversation() as (_, double, _, _):
        assert double.webhook["url"] == "https://hamn.example/hooks/bot"
        assert double.webhook["secret_token"] == HOOK_SECRET
    async with conversation(mode="polling") as (bot, double, _, _):
        assert (double.webhook, bot.polls) == (None, True)
    assert all(not params.get("drop_pending_updates") for method, params in double.calls if "Webhook" in method)


async def test_an_outage_at_telegram_does_not_keep_the_service_from_starting():
    double = TelegramDouble()
    double.mood = Mood.DOWN
    async with serve(double.app()) as api:
        bot = build("telegram", "bot", telegram_table(double, api), surroundings())
        await bot.start()
        with pytest.raises(Undelivered):
            await bot.register()
        await bot.stop()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("legal_assessment", " "),
        ("token", "no token"),
        ("hook_secret", "short"),
        ("api_url", "http://api.telegram.org"),
    ],
)
def test_a_wrong_setting_refuses_to_start_and_is_named(key, value):
    table = telegram_table(TelegramDouble(), "http://127.0.0.1:1") | {key: value}
    with pytest.raises(BadSetting, match=key) as caught:
        build("telegram", "bot", table, surroundings())
    assert value.strip() == "" or value not in str(caught.value)


def test_without_the_legal_assessment_there_is_no_telegram():
    table = telegram_table(TelegramDouble(), "http://127.0.0.1:1")
    del table["legal_assessment"]
    with pytest.raises(BadSetting, match="legal_assessment"):
        build("telegram", "bot", table, surroundings())


def test_silenced_libraries_say_nothing_whatever_is_configured_later(caplog):
    silence()
    logging.getLogger("telegram.Bot").setLevel(logging.DEBUG)
    logging.getLogger("telegram.Bot").error("content")
    logging.getLogger("httpx").critical(json.dumps("token"))
    assert caplog.records == []
