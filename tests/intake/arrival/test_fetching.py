"""Pictures and recordings follow their text: fetched apart, tried again, drawn anew, sealed to the case's readers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bridges.contract import Channel, Inbound, Media, Reason, Undelivered
from intake.arrival.fetching import fetch_due, files_of
from intake.attachments.showing import open_attachment
from intake.casework import open_case
from intake.mailbox import forget_person
from intake.model import Note
from intake.parser.verdict import Media as Kind
from intake.reading import Reader
from intake.service import Service
from intake.store.fetches import Standing
from intake.store.schema import attachments, fetches
from intake.vault.errors import Tampered
from tests.intake.arrival.said import BOB, all_cases, rows_of, say, sms
from tests.intake.outbox.fake import FakeBridge
from tests.intake.parser.samples import MARK, jpeg
from tests.service import Clock

VOICE = b"OggS\x00\x02" + b"\x00" * 300
NODE = "node"


@dataclass
class FakeStore(FakeBridge):
    """A bridge whose provider holds files by their references; `moods` of fetching are raised one a call."""

    held: dict[str, bytes] = field(default_factory=dict)
    trouble: list[Exception] = field(default_factory=list)

    async def fetch(self, media: Media, limit: int) -> AsyncIterator[bytes]:
        if self.trouble:
            raise self.trouble.pop(0)
        if media.ref not in self.held:
            raise Undelivered(Reason.ADDRESS, None)
        yield self.held[media.ref][:limit]


@pytest.fixture
def store() -> FakeStore:
    return FakeStore("phone", Channel.SMS, held={"photo": jpeg(), "voice": VOICE})


@pytest.fixture
def house(house: Service, store: FakeStore) -> Service:
    return replace(house, bridges={"phone": store})


def mms(*refs: str, text: str = "Hej", mime: str = "image/jpeg") -> Inbound:
    return sms(text, media=tuple(Media(ref, mime, "IMG_0001.jpg") for ref in refs))


async def fetched(house: Service, store: FakeStore, clock: Clock) -> int:
    clock.advance(minutes=10)
    return await fetch_due(house, store, NODE)


async def files(house: Service, reader: Reader, clock: Clock) -> list:
    (case,) = await all_cases(house)
    return [one for listed in (await open_case(house, reader, case, clock.now)).files.values() for one in listed]


async def test_the_text_is_there_at_once_and_the_picture_once_it_is_fetched(house, national, store, clock: Clock):
    await say(house, clock, mms("photo"))
    (case,) = await all_cases(house)
    assert (await open_case(house, national, case, clock.now)).messages[0].text == "Hej"
    assert await files_of(house, case) == Standing(1, 0)
    assert await fetched(house, store, clock) == 1
    (picture,) = await files(house, national, clock)
    shown = await open_attachment(house, national, case, picture.id, clock.now)
    content = b"".join([piece async for piece in shown.content])
    assert content.startswith(b"\xff\xd8")
    assert MARK not in content
    assert await files_of(house, case) == Standing(0, 0)


async def test_what_fails_is_tried_again_and_nothing_is_kept_twice(house, national, store, clock: Clock):
    store.trouble = [Undelivered(Reason.UNREACHABLE, timedelta(seconds=30))]
    await say(house, clock, mms("photo", "photo"))
    assert await fetched(house, store, clock) == 1
    assert await files(house, national, clock) == []
    assert await rows_of(house, attachments) == 0
    assert await fetched(house, store, clock) == 1
    assert len(await files(house, national, clock)) == 2
    assert await rows_of(house, attachments) == 2


async def test_a_file_that_is_gone_is_told_and_costs_no_other(house, national, store, clock: Clock):
    await say(house, clock, mms("photo", "gone"))
    await fetched(house, store, clock)
    (case,) = await all_cases(house)
    assert len(await files(house, national, clock)) == 1
    assert await files_of(house, case) == Standing(0, 1)


async def test_after_a_day_of_trying_what_could_not_be_had_is_told(house, national, store, clock: Clock):
    await say(house, clock, mms("photo"))
    for hours in (0, 25):
        store.trouble = [Undelivered(Reason.UNAVAILABLE, timedelta(seconds=30))]
        clock.advance(hours=hours)
        await fetched(house, store, clock)
    (case,) = await all_cases(house)
    assert await files_of(house, case) == Standing(0, 1)


async def test_a_voice_note_is_kept_as_it_came_to_be_saved_and_not_shown(house, national, store, clock: Clock):
    await say(house, clock, mms("voice", text="", mime="audio/ogg; codecs=opus"))
    await fetched(house, store, clock)
    (voice,) = await files(house, national, clock)
    assert (voice.kind, voice.original, voice.size) == (Kind.OGG, True, len(VOICE))


async def test_what_is_no_voice_note_is_not_kept_as_one(house, national, store, clock: Clock):
    store.held["voice"] = b"<html>"
    await say(house, clock, mms("voice", mime="audio/ogg"))
    await fetched(house, store, clock)
    (case,) = await all_cases(house)
    assert await files_of(house, case) == Standing(0, 1)
    assert await rows_of(house, attachments) == 0


async def test_a_message_that_goes_on_to_another_desk_takes_its_picture_along(house, national, north, store, clock):
    await say(house, clock, mms("photo", text="Hej"))
    assert await fetch_due(house, store, NODE) == 0
    await say(house, clock, "Jag är i Umeå och han slår mig")
    await fetched(house, store, clock)
    assert len(await files(house, north, clock)) == 1


async def test_a_picture_cannot_be_moved_to_another_case(house, national, store, clock: Clock):
    await say(house, clock, mms("photo"))
    await say(house, clock, "Hej", address=BOB)
    other = (await all_cases(house))[1]
    await house.database.write(lambda conn: conn.execute(update(fetches).values(case_id=other)))
    with pytest.raises(Tampered):
        await fetched(house, store, clock)
    assert await rows_of(house, attachments) == 0


async def test_nothing_is_fetched_for_whoever_has_erased_their_side(house, national, store, clock: Clock):
    await say(house, clock, mms("photo"))
    case = (await open_case(house, national, (await all_cases(house))[0], clock.now)).case
    await house.database.write(forget_person, house, case, clock.now)
    assert await rows_of(house, fetches) == 0
    assert await fetched(house, store, clock) == 0


async def test_once_it_is_here_no_reference_to_it_is_left(house, national, store, clock: Clock):
    await say(house, clock, mms("photo"))
    await fetched(house, store, clock)
    sealed = await house.database.read(lambda conn: conn.execute(select(fetches.c.sealed)).scalars().all())
    assert sealed == [None]


async def test_a_bridge_that_cannot_fetch_says_that_the_file_was_not_kept(house, national, clock: Clock):
    plain = replace(house, bridges={"phone": FakeBridge("phone")})
    await say(plain, clock, mms("photo"))
    (case,) = await all_cases(plain)
    (card,) = (await open_case(plain, national, case, clock.now)).cards.values()
    assert card.notes == {Note.MEDIA_NOT_KEPT}
    assert await rows_of(plain, fetches) == 0
