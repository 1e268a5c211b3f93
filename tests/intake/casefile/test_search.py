"""Search: all words, in messages, remarks and casefiles, newest first, bounded, and never in another desk's cases."""

from datetime import timedelta

import pytest

from intake import casework
from intake.casefile import search as searching
from intake.casefile.entries import Step
from intake.casefile.search import Hit, search
from intake.casefile.writing import write_down
from intake.reading import Reader
from intake.service import Service
from tests.flows.steps import GOTEBORG, SYD, only_case, staffed, tell
from tests.service import MONDAY_MORNING, Person, reader_of

NOW = MONDAY_MORNING


@pytest.fixture
async def people(empty_service: Service) -> list[Person]:
    return await staffed(empty_service, "syd", "vast", "nationell")


@pytest.fixture
async def syd(empty_service: Service, people: list[Person]) -> Reader:
    return await reader_of(empty_service, people[0])


async def hits(service: Service, reader: Reader, wanted: str) -> list[Hit]:
    return [hit async for hit in search(service, reader, wanted)]


async def test_all_words_must_stand_in_a_case_and_the_newest_comes_first(empty_service: Service, syd):
    for day, text in enumerate(("Blå skåpbil vid hamnen", "Röd bil", "En BLÅ dörr, och en skåpbil")):
        await tell(empty_service, text, now=NOW + timedelta(days=day))
    found = await hits(empty_service, syd, "blå skåpbil")
    assert [hit.found for hit in found] == ["BLÅ", "Blå"]
    assert found[0].after.startswith(" dörr")
    assert await hits(empty_service, syd, "blå lastbil") == []


async def test_remarks_and_casefiles_are_searched_too(empty_service: Service, syd):
    await tell(empty_service)
    case = await only_case(empty_service, syd)
    await casework.add_remark(empty_service, syd, case, "Ring Valborg", NOW)
    await write_down(empty_service, syd, case, Step(title="Tandläkare bokad", done=True), NOW)
    for word in ("valborg", "tandläkare", case[:5]):
        assert [hit.case.id for hit in await hits(empty_service, syd, word)] == [case]


async def test_nobody_finds_another_desks_case_and_a_lent_one_is_found(empty_service: Service, people, syd):
    await tell(empty_service, "Något om en källare i Göteborg", GOTEBORG)
    vast = await reader_of(empty_service, people[1])
    assert await hits(empty_service, syd, "källare") == []
    case = await only_case(empty_service, vast)
    await casework.move_case(empty_service, vast, case, SYD, "se", NOW, lend=True)
    assert len(await hits(empty_service, syd, "källare")) == 1


async def test_it_ends_at_its_bounds_and_pages_lose_nothing(empty_service: Service, syd, monkeypatch):
    monkeypatch.setattr(searching, "_AT_A_TIME", 2)
    for n in range(5):
        await tell(empty_service, f"hotell {n}", now=NOW + timedelta(minutes=n // 2))
    assert len(await hits(empty_service, syd, "hotell")) == 5
    monkeypatch.setattr(searching, "MOST_HITS", 3)
    assert len(await hits(empty_service, syd, "hotell")) == 3
    monkeypatch.setattr(searching, "MOST_CASES", 2)
    assert len(await hits(empty_service, syd, "hotell")) == 2


async def test_a_hit_does_not_show_its_words_in_a_log(empty_service: Service, syd):
    await tell(empty_service, "hemligt ord")
    (hit,) = await hits(empty_service, syd, "hemligt")
    assert "hemligt" not in repr(hit)
