"""The recovery key: a desk that lost everybody reads its cases again, and only with the key that init made."""

from dataclasses import replace

import pytest

from intake import audit, casework, people
from intake.audit import Act
from intake.commands.recovery import NobodyThere, NotTheRecoveryKey, Recovered, recover
from intake.model import Recipient, RecipientKind
from intake.reading import Reader
from intake.reply import reply
from intake.service import Service
from intake.vault.suite import PrivateKey
from tests.flows.steps import SYD, TEXT, VAST, add, listed, only_case, staffed, tell
from tests.service import MONDAY_MORNING, Person, reader_of, staff

OFFLINE = PrivateKey.generate()


@pytest.fixture
def guarded(empty_service: Service) -> Service:
    """A house with a recovery key."""
    return replace(empty_service, recovery=Recipient(RecipientKind.RECOVERY, "recovery", 0, OFFLINE.public_bytes))


@pytest.fixture
async def lost(guarded: Service) -> Person:
    """Syd's only member is gone and somebody else has joined; a conversation of three messages lies there."""
    anna = (await staffed(guarded, "syd", "nationell"))[0]
    receipt = (await tell(guarded)).receipt
    reader = await reader_of(guarded, anna)
    await reply(guarded, reader, await only_case(guarded, reader), "Hej", MONDAY_MORNING)
    await add(guarded, receipt, "Mer")
    await people.deactivate(guarded, anna.member, MONDAY_MORNING)
    return await staff(guarded, "bo@test", "syd")


async def read(service: Service, person: Person) -> tuple[list[str], int]:
    reader: Reader = await reader_of(service, person)
    found = await casework.open_case(service, reader, (await listed(service, reader))[0], MONDAY_MORNING)
    return [message.text for message in found.messages], found.locked


async def test_a_desk_that_lost_everybody_reads_its_cases_again(guarded: Service, lost: Person):
    assert await read(guarded, lost) == ([], 3)
    assert await recover(guarded, SYD, OFFLINE, MONDAY_MORNING) == Recovered(1, 5)
    assert await read(guarded, lost) == ([TEXT, "Hej", "Mer"], 0)
    lines = await guarded.database.read(audit.read, guarded.key, SYD)
    assert [(line.actor, line.case is None) for line in lines if line.act is Act.RECOVERED] == [(None, False)]


async def test_again_it_changes_nothing_and_the_log_is_whole(guarded: Service, lost: Person):
    assert lost
    await recover(guarded, SYD, OFFLINE, MONDAY_MORNING)
    assert await recover(guarded, SYD, OFFLINE, MONDAY_MORNING) == Recovered(0, 0)
    assert await guarded.database.read(audit.verify, guarded.key)


async def test_another_key_opens_nothing(guarded: Service, empty_service: Service, lost: Person):
    with pytest.raises(NotTheRecoveryKey):
        await recover(guarded, SYD, PrivateKey.generate(), MONDAY_MORNING)
    with pytest.raises(NotTheRecoveryKey):
        await recover(empty_service, SYD, OFFLINE, MONDAY_MORNING)
    assert await read(guarded, lost) == ([], 3)


async def test_a_desk_without_a_member_has_nobody_to_give_it_to(guarded: Service, lost: Person):
    assert lost
    with pytest.raises(NobodyThere):
        await recover(guarded, VAST, OFFLINE, MONDAY_MORNING)


async def test_another_desk_gets_nothing_of_it(guarded: Service, lost: Person):
    assert lost
    await staffed(guarded, "vast")
    assert await recover(guarded, VAST, OFFLINE, MONDAY_MORNING) == Recovered(0, 0)


async def test_what_came_before_there_was_a_recovery_key_stays_closed(empty_service: Service, guarded: Service):
    anna = (await staffed(empty_service, "syd", "nationell"))[0]
    await tell(empty_service)
    await people.deactivate(empty_service, anna.member, MONDAY_MORNING)
    bo = await staff(guarded, "bo@test", "syd")
    assert await recover(guarded, SYD, OFFLINE, MONDAY_MORNING) == Recovered(0, 0)
    assert await read(guarded, bo) == ([], 1)
