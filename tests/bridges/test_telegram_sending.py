"""What the Telegram bot sends, takes back and fetches, against the strict double."""

from datetime import timedelta

import pytest

from bridges.contract import (
    Address,
    Button,
    Channel,
    Media,
    Reason,
    Undelivered,
)
from bridges.telegram_texts import pieces
from tests.bridges.chatting import ID, OTHER, conversation
from tests.bridges.runner import NOW, outbound
from tests.bridges.sending import CHAT


async def test_what_is_sent_cannot_be_forwarded_and_shows_no_preview():
    async with conversation() as (bot, double, _, _):
        await bot.send(outbound(address=CHAT))
        [message] = double.chats[ID].messages.values()
    assert message.fields["protect_content"] is True
    assert message.fields["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in message.fields


async def test_a_long_text_goes_in_several_messages_and_the_buttons_under_the_last():
    rows = ((Button("Ja", "yes"), Button("Nej", "no")),)
    async with conversation() as (bot, double, _, _):
        sent = await bot.send(outbound("ord " * 2500, CHAT, buttons=rows))
        messages = list(double.chats[ID].messages.values())
    assert len(sent.ids) == len(messages) == 3
    assert ["reply_markup" in message.fields for message in messages] == [False, False, True]
    assert "".join(m.text + " " for m in messages).split() == ["ord"] * 2500


async def test_after_a_break_only_the_rest_is_sent():
    text = "ord " * 2500
    async with conversation() as (bot, double, _, _):
        accept, chat = double._sendMessage, double.chats[ID]
        double._sendMessage = lambda params: accept(params) if len(chat.messages) < 2 else double._nothing()
        with pytest.raises(Undelivered) as caught:
            await bot.send(outbound(text, CHAT))
        double._sendMessage = accept
        await bot.send(outbound(text, CHAT, skip=len(caught.value.done)))
    assert len(caught.value.done) == 2
    assert "".join(f"{heard} " for heard in chat.heard).split() == ["ord"] * 2500


async def test_the_location_is_asked_for_with_telegrams_own_key():
    rows = ((Button("Dela plats", asks_location=True),), (Button("Hoppa över"),))
    async with conversation() as (bot, double, _, _):
        await bot.send(outbound(address=CHAT, buttons=rows))
        [message] = double.chats[ID].messages.values()
    keys = message.fields["reply_markup"]["keyboard"]
    assert keys[0][0]["request_location"] is True
    assert not keys[1][0].get("request_location")


async def test_too_many_requests_concern_one_chat_only():
    async with conversation() as (bot, double, _, _):
        double.person(OTHER)
        double.chats[ID].throttled_until = NOW + timedelta(seconds=7)
        with pytest.raises(Undelivered) as caught:
            await bot.send(outbound(address=CHAT))
        await bot.send(outbound(address=Address(Channel.TELEGRAM, str(OTHER))))
    assert (caught.value.reason, caught.value.retry) == (Reason.THROTTLED, timedelta(seconds=7))
    assert len(double.chats[OTHER].heard) == 1


@pytest.mark.parametrize(("chat", "reason"), [("123", Reason.ADDRESS), ("x", Reason.ADDRESS), ("٣", Reason.ADDRESS)])
async def test_a_chat_that_does_not_exist_is_for_good(chat, reason):
    async with conversation() as (bot, _, _, _):
        with pytest.raises(Undelivered) as caught:
            await bot.send(outbound(address=Address(Channel.TELEGRAM, chat)))
    assert (caught.value.reason, caught.value.retry) == (reason, None)


async def test_erasing_takes_both_sides_and_says_what_must_stay():
    clock = [NOW - timedelta(hours=49)]
    async with conversation(now=lambda: clock[0]) as (bot, double, _, _):
        old = str(double.say(ID, "gammalt"))
        clock[0] = NOW
        new, mine = str(double.say(ID, "nytt")), (await bot.send(outbound(address=CHAT))).ids[0]
        kept = await bot.erase(CHAT, [old, new, mine, "424242"])
        assert kept == {old}
        assert [message.text for message in double.chats[ID].messages.values()] == ["gammalt"]


async def test_erasing_that_is_interrupted_says_how_far_it_came():
    async with conversation() as (bot, double, _, _):
        ids = [str(double.say(ID, text)) for text in "abc"]
        delete = double._deleteMessage
        double._deleteMessage = lambda params: (
            delete(params) if str(params["message_id"]) == ids[0] else double._nothing()
        )
        with pytest.raises(Undelivered) as caught:
            await bot.erase(CHAT, ids)
    assert (caught.value.done, caught.value.retry is not None) == ((ids[0],), True)


async def test_files_are_fetched_up_to_a_limit():
    async with conversation() as (bot, double, _, _):
        double.files["photos/1"] = b"x" * 1000
        assert b"".join([piece async for piece in bot.fetch(Media("photos/1"), 1000)]) == b"x" * 1000
        for media, limit in ((Media("photos/1"), 999), (Media("photos/2"), 1000)):
            with pytest.raises(Undelivered):
                [piece async for piece in bot.fetch(media, limit)]


@pytest.mark.parametrize("text", ["a" * 4096, "a" * 4097, "🙂" * 3000, "a\n" * 3000, "", " \n ", "å" * 9000])
def test_pieces_fit_and_lose_nothing_but_space(text):
    cut = list(pieces(text))
    assert all(0 < len(piece.encode("utf-16-le")) // 2 <= 4096 for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())
