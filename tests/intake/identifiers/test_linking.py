"""Identifiers in other cases: counted within an authority, between two only what is advertised and switched on."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intake import audit, casework
from intake.audit import Act
from intake.config import Config, packaged_regions
from intake.identifiers.linking import Linked, TooOften, linked
from intake.identifiers.naming import Sort
from intake.model import CaseId
from intake.reading import NotYours, Reader
from intake.service import Service
from intake.store import schema
from intake.upkeep import delete_due
from tests.flows.steps import GOTEBORG, MALMO, SYD, add, erase, listed, only_case, staffed, tell
from tests.service import MONDAY_MORNING, make_config, reader_of
from triage.model import Place

NUMBER = "Ring honom på 070-123 45 67, han har bilen ABC 12D."
LONG_AFTER = (
    "Det har pågått hela hösten, alla i huset vet om det, och ingen av grannarna vågar säga något till dem alls."
)
ADVERT = "Annonsen finns på ads.example/mia."


def one_authority() -> Config:
    """Syd and Väst belong to one authority."""
    regions = packaged_regions()
    regions["desks"]["vast"] = regions["desks"]["vast"] | {"authority": regions["desks"]["syd"]["authority"]}
    return make_config(**regions)


SWITCHED_ON = {"linking": {"between_authorities": True}}


@pytest.fixture
async def syd(empty_service: Service) -> Reader:
    (person, _) = await staffed(empty_service, "syd", "vast")
    return await reader_of(empty_service, person)


async def told(service: Service, *texts: tuple[str, Place]) -> None:
    for text, place in texts:
        await tell(service, text, place)


async def look(service: Service, reader: Reader, case: CaseId | None = None) -> dict[Sort, Linked]:
    """What a reader learns of a case's identifiers, by sort."""
    case = case or (await listed(service, reader))[0]
    found = await casework.open_case(service, reader, case, MONDAY_MORNING)
    links = await linked(service, reader, case, list(found.cards.values()), MONDAY_MORNING)
    return {one.named.sort: one for one in links}


async def rows(service: Service) -> int:
    count = select(func.count()).select_from(schema.identifiers)
    return await service.database.read(lambda conn: conn.execute(count).scalar_one())


async def test_a_number_of_another_case_of_ones_own_is_linked_to(empty_service: Service, syd: Reader):
    await told(empty_service, (NUMBER, MALMO), ("Samma nummer: +46701234567", MALMO), ("Hej", MALMO))
    cases = await listed(empty_service, syd)
    found = [await look(empty_service, syd, case) for case in cases]
    linked_to = {one[Sort.PHONE].cases[0] for one in found if Sort.PHONE in one}
    assert len(linked_to) == 2
    assert linked_to < set(cases)
    assert all(one[Sort.PHONE].more == 0 for one in found if Sort.PHONE in one)


@pytest.mark.parametrize(
    ("config", "number", "advert"),
    [(make_config(), 0, 0), (make_config(**SWITCHED_ON), 0, 1), (one_authority(), 1, 1)],
    ids=["another authority", "switched on", "the same authority"],
)
async def test_what_lies_with_another_desk_is_counted_as_the_configuration_says(
    empty_service: Service, syd: Reader, config: Config, number: int, advert: int
):
    both = f"{NUMBER} {LONG_AFTER} {ADVERT}"
    await told(empty_service, (both, MALMO), (both, GOTEBORG))
    found = await look(replace(empty_service, config=config), syd)
    assert (found[Sort.PHONE].more, found[Sort.PLATE].more, found[Sort.LINK].more) == (number, number, advert)
    assert not any(one.cases for one in found.values())


async def test_each_look_is_logged_and_there_is_an_end_to_them(empty_service: Service, syd: Reader):
    await told(empty_service, (NUMBER, MALMO))
    few = replace(empty_service, config=make_config(linking={"lookups_an_hour": 2}))
    for _ in range(2):
        await look(few, syd)
    with pytest.raises(TooOften):
        await look(few, syd)
    lines = await few.database.read(audit.read, few.key, SYD)
    assert [line.act for line in lines].count(Act.LINKS_LOOKED_UP) == 2


async def test_a_case_that_names_nothing_is_not_looked_up(empty_service: Service, syd: Reader):
    await told(empty_service, ("De sover i källaren.", MALMO))
    assert await look(empty_service, syd) == {}
    assert await rows(empty_service) == 0
    lines = await empty_service.database.read(audit.read, empty_service.key, SYD)
    assert Act.LINKS_LOOKED_UP not in [line.act for line in lines]


async def test_another_desks_case_is_not_looked_up(empty_service: Service, syd: Reader):
    await told(empty_service, (NUMBER, MALMO), (NUMBER, GOTEBORG))
    own = await only_case(empty_service, syd)
    cards = list((await casework.open_case(empty_service, syd, own, MONDAY_MORNING)).cards.values())
    theirs = await empty_service.database.read(
        lambda conn: conn.execute(select(schema.cases.c.id).where(schema.cases.c.id != own)).scalar_one()
    )
    with pytest.raises(NotYours):
        await linked(empty_service, syd, CaseId(theirs), cards, MONDAY_MORNING)


async def test_later_messages_add_to_what_a_case_is_found_by(empty_service: Service, syd: Reader):
    receipt = (await tell(empty_service, "Hej, jag vill berätta något.", MALMO)).receipt
    await add(empty_service, receipt, NUMBER)
    await add(empty_service, receipt, NUMBER)
    assert await rows(empty_service) == 2
    assert (await look(empty_service, syd)).keys() == {Sort.PHONE, Sort.PLATE}


async def test_nothing_is_found_by_an_erased_or_a_deleted_case(empty_service: Service, syd: Reader):
    assert syd
    await told(empty_service, (NUMBER, MALMO))
    receipt = (await tell(empty_service, NUMBER, MALMO)).receipt
    await erase(empty_service, receipt)
    assert await rows(empty_service) == 2
    await empty_service.database.write(
        lambda conn: conn.execute(schema.cases.update().values(delete_at=int(MONDAY_MORNING.timestamp())))
    )
    await delete_due(empty_service, MONDAY_MORNING + timedelta(days=1))
    assert await rows(empty_service) == 0


async def test_two_messages_with_the_same_number_at_once_are_both_filed(empty_service: Service, syd: Reader):
    receipt = (await tell(empty_service, "Hej", MALMO)).receipt
    await asyncio.gather(*(add(empty_service, receipt, NUMBER) for _ in range(4)))
    assert (
        len(
            (await casework.open_case(empty_service, syd, await only_case(empty_service, syd), MONDAY_MORNING)).messages
        )
        == 5
    )
