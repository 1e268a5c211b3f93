"""What did not get through is seen by its own desk only, goes again under a new key, or is set aside."""

from dataclasses import replace

import pytest

from bridges.contract import Reason
from intake import audit
from intake.audit import Act
from intake.outbox.carry import drain
from intake.reaching.undelivered import NothingLeft, list_undelivered, set_aside, try_again
from intake.reading import NotYours, Reader
from intake.reply import reply
from intake.service import Service
from tests.intake.arrival.conftest import house, middle, national, north, people
from tests.intake.arrival.said import all_cases, queued
from tests.intake.outbox.fake import FakeBridge, undelivered, willing
from tests.service import Clock

__all__ = ["house", "middle", "national", "north", "people"]


@pytest.fixture
async def bridge(house: Service, national: Reader, clock: Clock) -> FakeBridge:
    """A bridge that has refused one answer for good, and is well again."""
    phone = FakeBridge()
    await willing(house, clock, 1)
    await drain(house, phone, "n")
    await reply(house, national, (await all_cases(house))[0], "Vi ses.", clock.now)
    phone.fails = undelivered(Reason.REJECTED, None)
    await drain(house, phone, "n")
    phone.fails = None
    return phone


async def test_its_own_desk_sees_it_and_no_other(house, national: Reader, north: Reader, bridge, clock: Clock):
    (dead,) = await list_undelivered(house, national)
    assert (dead.state, dead.reason) == ("failed", "rejected")
    assert await list_undelivered(house, north) == []
    with pytest.raises(NotYours):
        await try_again(house, north, dead.id, clock.now)
    with pytest.raises(NotYours):
        await set_aside(house, north, dead.id, clock.now)


async def test_tried_again_it_goes_once_more(house, national: Reader, bridge: FakeBridge, clock: Clock):
    (dead,) = await list_undelivered(house, national)
    assert await try_again(house, national, dead.id, clock.now) is None
    with pytest.raises(NothingLeft):
        await try_again(house, national, dead.id, clock.now)
    await drain(house, bridge, "n")
    assert len(bridge.texts) == 2
    assert await list_undelivered(house, national) == []


async def test_it_can_go_by_another_account(house, national: Reader, bridge: FakeBridge, clock: Clock):
    other = FakeBridge(name="spare")
    both = replace(house, bridges={"phone": bridge, "spare": other})
    (dead,) = await list_undelivered(both, national)
    await try_again(both, national, dead.id, clock.now, by="spare")
    await drain(both, bridge, "n")
    await drain(both, other, "n")
    assert [len(bridge.texts), len(other.texts)] == [1, 1]


async def test_after_its_time_nothing_is_left_to_send(house, national: Reader, bridge: FakeBridge, clock: Clock):
    (dead,) = await list_undelivered(house, national)
    with pytest.raises(NothingLeft):
        await try_again(house, national, dead.id, clock.advance(hours=73))


async def test_set_aside_it_is_gone_from_the_list_and_never_sent(house, national, bridge: FakeBridge, clock: Clock):
    (dead,) = await list_undelivered(house, national)
    await set_aside(house, national, dead.id, clock.now)
    assert await list_undelivered(house, national) == []
    assert await queued(house) == []


async def test_both_are_in_the_log_with_who_did_it(house, national: Reader, bridge: FakeBridge, clock: Clock):
    (dead,) = await list_undelivered(house, national)
    await try_again(house, national, dead.id, clock.now)
    bridge.fails = undelivered(Reason.REJECTED, None)
    await drain(house, bridge, "n")
    (dead,) = await list_undelivered(house, national)
    await set_aside(house, national, dead.id, clock.now)
    lines = await house.database.read(audit.read, house.key, "nationell")
    assert [(line.act, line.actor) for line in lines[-2:]] == [
        (Act.TRIED_AGAIN, national.member),
        (Act.SET_ASIDE, national.member),
    ]
