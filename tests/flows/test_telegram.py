"""Telegram end to end: the real library, the strict double, our rows; broken off anywhere, nothing is lost or twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bridges.contract import NotStored, Surroundings
from bridges.load import build
from intake.app import open_service
from intake.arrival.script import ANYWHERE, TABLE, Sign, move
from intake.casework import list_cases, open_case
from intake.config import load
from intake.contact import Consent, Step
from intake.mailbox import open_mailbox
from intake.model import Note
from intake.outbox.carry import drain
from intake.reaching.codes import open_typed
from intake.reading import Reader
from intake.reply import reply
from intake.service import Service
from intake.store.schema import contacts, handles
from intake.ways import attach_bridges
from tests.bridges.sending import HOOK_SECRET, telegram_table
from tests.databases import BOTH
from tests.databases import both_in_soak as database_url
from tests.doubles import serve
from tests.intake.arrival.conftest import house, middle, national, north, people
from tests.intake.arrival.said import all_cases, desk_of, rows_of, the_case
from tests.patience import PATIENCE
from tests.processes import Running, make_house, start
from tests.service import Clock, Person, reader_of
from tests.telegram_double import Chat, TelegramDouble

__all__ = ["database_url", "house", "middle", "national", "north", "people"]

always_on_both = pytest.mark.parametrize("database_url", BOTH, indirect=True)
ID = 987654321
ANSWER = "Vi kan träffas på torsdag."


@dataclass
class Talk:
    """A bot at work, and one person's phone."""

    service: Service
    double: TelegramDouble
    chat: Chat
    base: str
    clock: Clock

    async def say(self, *texts: str) -> None:
        for text in texts:
            self.double.say(ID, text)
            await self.go_on()

    async def press(self, *data: str) -> None:
        for one in data:
            self.double.press(ID, one)
            await self.go_on()

    async def go_on(self) -> None:
        """Telegram delivers, the queue is emptied, a second passes."""
        self.clock.advance(seconds=1)
        await self.double.deliver(self.base)
        await self.carry()

    async def carry(self) -> None:
        await drain(self.service, self.service.bridges["bot"], "node")

    @property
    def last(self) -> str:
        return self.chat.heard[-1]

    @property
    def keys(self) -> list[str]:
        """What the keys under the last text send back."""
        markup = self.chat.messages[max(self.chat.messages)].fields.get("reply_markup") or {}
        return [key.get("callback_data", key["text"]) for row in next(iter(markup.values()), []) for key in row]


@asynccontextmanager
async def talking(house: Service, clock: Clock, **table: object) -> AsyncIterator[Talk]:
    """The bot between our hook and the double, registered."""
    double, app = TelegramDouble(now=clock), web.Application()
    chat = double.person(ID)
    async with serve(double.app()) as api:
        around = Surroundings(public_url="https://hamn.example", now=clock, patience=timedelta(seconds=PATIENCE))
        bot = build("telegram", "bot", telegram_table(double, api, **table), around)
        service = replace(house, bridges={"bot": bot})
        attach_bridges(app, service)
        async with serve(app) as base:
            await bot.register()
            yield Talk(service, double, chat, base, clock)


async def test_the_whole_conversation(house, north: Reader, clock: Clock):
    async with talking(house, clock) as talk:
        await talk.say("/start")
        assert "lang:th" in talk.keys
        await talk.press("lang:sv", "door:help")
        assert talk.last.startswith("Var är det?")
        assert "Norrbottens län" in talk.keys
        await talk.say("Luleå", "jag tvingas sälja sex", "kan någon hjälpa mig")
        assert talk.last.startswith("Det kom fram.")
        await talk.press("done", "may:yes")
        assert talk.last.startswith("Tack. Vi skriver bara")
        opened = await the_case(house, north, clock)
        assert [message.text for message in opened.messages] == ["jag tvingas sälja sex", "kan någon hjälpa mig"]
        assert opened.reach.consent is Consent.YES
        await reply(house, north, opened.case.id, ANSWER, clock.advance(minutes=1))
        await talk.carry()
        assert talk.last.startswith("Hej! Det finns något nytt")
        await talk.say("kod")
        opening = await open_typed(house, talk.last.partition(".")[0], clock.now)
        assert [m.text for m in (await open_mailbox(house, opening.key, clock.now)).messages] == [ANSWER]


async def test_free_text_is_taken_at_any_moment_without_the_script(house, north: Reader, clock: Clock):
    async with talking(house, clock) as talk:
        await talk.say("Jag tvingas sälja sex i Luleå", "/start", "jag är rädd")
        await talk.press("lang:en")
        await talk.say("please hurry")
        opened = await the_case(house, north, clock)
        assert opened.messages[0].text == "Jag tvingas sälja sex i Luleå"
        assert len(opened.messages) == 3


async def test_a_shared_position_becomes_a_municipality_and_is_dropped(house, north: Reader, clock: Clock):
    async with talking(house, clock) as talk:
        await talk.say("/start")
        await talk.press("lang:sv", "door:tip")
        talk.double.share(ID, 65.5841, 22.1577)
        await talk.go_on()
        await talk.say("De tvingar kvinnor att sälja sex här")
        assert await desk_of(house, (await all_cases(house))[0]) == "nord"
        dump = await house.database.read(lambda conn: str([tuple(row) for row in conn.execute(contacts.select())]))
        assert "65.58" not in dump


async def test_safe_hours_and_the_question_with_two_answers(house, national: Reader, clock: Clock):
    async with talking(house, clock) as talk:
        await talk.say("hej, jag behöver prata med någon")
        await talk.say("/safe")
        await talk.press("hours-ask")
        await talk.say("18-22")
        await talk.press("ask")
        await talk.say("Vad heter katten?", "Misse", "Pelle")
        assert talk.last.startswith("Det är sparat")
        await talk.press("may:yes")
        opened = await the_case(house, national, clock)
        assert len(opened.messages) == 1
        assert (str(opened.reach.hours.opens), opened.reach.asks_first) == ("18:00:00", True)
        heard = len(talk.chat.heard)
        await reply(house, national, opened.case.id, ANSWER, clock.advance(minutes=1))
        await talk.carry()
        assert len(talk.chat.heard) == heard
        clock.advance(hours=9)
        await talk.carry()
        assert len(talk.chat.heard) == heard + 1
        await talk.say("allt")
        assert talk.last == "Vad heter katten?"
        await talk.say("pelle")
        assert talk.last == "Tack."
        opened = await the_case(house, national, clock)
        assert Note.NOT_FREE in opened.cards[opened.messages[-1].id].notes
        await talk.say("allt", "MISSE")
        assert talk.last == ANSWER


@always_on_both
async def test_stop_and_blocking_end_texts(house, national: Reader, clock: Clock):
    async with talking(house, clock) as talk:
        await talk.say("hej, jag behöver prata med någon")
        await talk.press("may:yes")
        await talk.say("/stop")
        heard = len(talk.chat.heard)
        case = (await all_cases(house))[0]
        await reply(house, national, case, ANSWER, clock.advance(minutes=1))
        await talk.carry()
        await talk.say("hallå")
        assert len(talk.chat.heard) == heard
        talk.double.block(ID)
        await talk.go_on()
        assert (await the_case(house, national, clock)).reach.stopped


@always_on_both
async def test_erase_closes_the_channel_deletes_what_telegram_lets_us_and_says_what_not(house, clock: Clock):
    async with talking(house, clock) as talk:
        await talk.say("hej, jag behöver prata med någon")
        clock.advance(hours=47)
        await talk.say("är någon där?")
        clock.advance(hours=1, minutes=30)
        await talk.say("/erase")
        await talk.press("erase:yes")
        assert talk.chat.heard[-1].startswith("Chatten är raderad hos oss")
        left = [message.text for message in talk.chat.messages.values() if not message.from_bot]
        assert left == ["hej, jag behöver prata med någon"]
        assert [await rows_of(house, table) for table in (contacts, handles)] == [0, 0]
        await talk.say("jag vill ändå prata")
        assert len(await all_cases(house)) == 2


async def test_a_429_for_one_chat_waits_in_order_and_stops_nobody_else(house, clock: Clock):
    async with talking(house, clock) as talk:
        other = talk.double.person(555)
        talk.chat.throttled_until = clock.now + timedelta(seconds=60)
        talk.double.say(ID, "/help")
        talk.double.say(ID, "/safe")
        talk.double.say(555, "/help")
        await talk.go_on()
        assert [len(talk.chat.heard), len(other.heard)] == [0, 1]
        clock.advance(seconds=90)
        talk.chat.throttled_until = None
        await talk.carry()
        assert talk.chat.heard[0].startswith("Bråttom?")
        assert len(talk.chat.heard) == 2


async def test_order_within_a_chat_holds_and_chats_run_side_by_side(house, national: Reader, clock: Clock):
    async with talking(house, clock, mode="polling") as talk:
        for n in range(6):
            for chat in (ID, 555, 556):
                talk.double.say(chat, f"{chat} säger {n}")
        await talk.service.bridges["bot"].poll_once(None, timedelta(0))
        lines = (await list_cases(house, national, None, 9)).lines
        for line in lines:
            opened = await _open(house, national, line.case.id, clock)
            assert [text[-1] for text in opened] == list("012345")
        assert len(lines) == 3


async def test_broken_off_at_every_point_a_conversation_loses_nothing_and_says_nothing_twice(
    house, north, clock: Clock
):
    """After each update the process is gone: once before the commit, once after it but before the 200."""
    async with talking(house, clock) as talk:
        script = ("/start", "lang:sv", "door:help", "Luleå", "jag tvingas sälja sex", "hjälp", "done", "may:yes")
        for line in script:
            (talk.double.press if ":" in line or line == "done" else talk.double.say)(ID, line)
            (update,) = talk.double.updates
            await _break_off(talk)
            assert talk.double.updates == [update]
            await talk.double.deliver(talk.base)
            talk.double.updates.append(update)
            await talk.go_on()
        opened = await the_case(house, north, clock)
        assert [message.text for message in opened.messages] == ["jag tvingas sälja sex", "hjälp"]
        assert len(talk.chat.heard) == len(set(talk.chat.heard)) == 7


async def _break_off(talk: Talk) -> None:
    """The transaction runs whole and is then lost."""
    write = talk.service.database.write

    async def lost(verb, *args: object) -> object:
        def broken(conn, *more: object) -> None:
            verb(conn, *more)
            raise NotStored

        return await write(broken, *args)

    object.__setattr__(talk.service.database, "write", lost)
    await talk.double.deliver(talk.base)
    object.__delattr__(talk.service.database, "write")


async def _open(house: Service, reader: Reader, case, clock: Clock) -> list[str]:
    return [message.text for message in (await open_case(house, reader, case, clock.now)).messages]


async def test_forged_updates_get_403_and_nothing_else(house, clock: Clock):
    async with talking(house, clock) as talk, aiohttp.ClientSession() as session:
        headers = {"X-Telegram-Bot-Api-Secret-Token": "guess"}
        async with session.post(f"{talk.base}/hooks/bot", json={}, headers=headers) as response:
            assert (response.status, await response.read()) == (403, b"")


def test_every_sign_has_a_way_on_from_every_step():
    for step in Step:
        for sign in set(Sign) - {Sign.PLACE_NAMED, Sign.PLACE_SKIPPED}:
            assert move(step, sign) is not None
    assert {sign for _, sign in TABLE} - set(ANYWHERE) == {Sign.PLACE_NAMED, Sign.PLACE_SKIPPED}


async def _killed(folder: Path, rounds: int) -> tuple[int, int, int]:
    """Kill the real process while updates come; how many messages were sent, stored, and said twice by the bot."""
    double = TelegramDouble()
    chat = double.person(ID)
    async with serve(double.app()) as api:
        made = await make_house(folder)
        (folder / "token").write_text(double.token)
        (folder / "secret").write_text(HOOK_SECRET)
        with made.config_file.open("a") as config:
            config.write(
                f'[bridges.bot]\ntype = "telegram"\ntoken_file = "{folder}/token"\nlegal_assessment = "Dnr 1"\n'
                f'hook_secret_file = "{folder}/secret"\napi_url = "{api}"\n'
            )
        for n in range(rounds * 10):
            double.say(ID, f"meddelande {n}")
        for n in range(rounds + 1):
            running = await asyncio.to_thread(start, made)
            await _deliver(double, made.public_port, running if n < rounds else None, n)
            await asyncio.to_thread(running.stop)
        async with open_service(load(made.config_file)) as service:
            reader = await reader_of(service, Person("nationell@test", None), service.clock())
            (line,) = (await list_cases(service, reader, None, 9)).lines
            stored = await _open(service, reader, line.case.id, Clock(service.clock()))
    assert stored == [f"meddelande {n}" for n in range(rounds * 10)]
    return rounds * 10, len(stored), len(chat.heard)


async def _deliver(double: TelegramDouble, port: int, doomed: Running | None, number: int) -> None:
    """As Telegram does: again and again, in order, until it is told 200. The doomed is killed a few updates on."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}
    fatal = len(double.updates) - 5
    async with aiohttp.ClientSession() as session:
        while double.updates:
            if doomed is not None and len(double.updates) == fatal:
                # Each time a little later in the life of the request.
                asyncio.get_running_loop().call_later(0.002 * number, doomed.process.kill)
            url = f"http://127.0.0.1:{port}/hooks/bot"
            try:
                async with session.post(url, json=double.updates[0], headers=headers) as response:
                    assert response.status == 200
                    double.updates.pop(0)
            except aiohttp.ClientError:
                return


@pytest.mark.soak
async def test_a_process_killed_twenty_times_loses_no_update(tmp_path: Path):
    sent, stored, said = await _killed(tmp_path, 20)
    print(f"sent {sent}, stored {stored}, lost 0, said by the bot {said}")
    assert sent == stored
