"""Somebody who can write to the database moves, swaps and plants: nobody reads another desk's text by it.

After each attack everybody does what they always do. What they see may be less than before, never more; and nothing is
sealed to a key that the attacker made.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

import pytest
from sqlalchemy import Connection, Table, insert, select, update

from intake import casework, login, mailbox, people, reply
from intake.mailbox import NoMailbox
from intake.model import CaseId, Context, Direction, Envelope, MemberId, MessageId, RecipientKind, Role, Wrap
from intake.reading import NotYours
from intake.service import Service
from intake.store import schema
from intake.vault.envelope import open_envelope
from intake.vault.errors import NotForMe, Tampered, VaultError
from tests.databases import both_in_soak as database_url
from tests.flows.attacks import ATTACKS, MINE, SECRETS, Scene, desk_key_planted_with_its_own_wrap, member_keys_swapped
from tests.flows.steps import GOTEBORG, MALMO, NATIONAL, SYD, VAST, add, look, staffed, tell, texts_read
from tests.intake.store.samples import count
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, reader_of, staff

__all__ = ["database_url"]


@pytest.fixture
async def scene(empty_service: Service) -> Scene:
    anna, mallory, _ = await staffed(empty_service, SYD, VAST, NATIONAL)
    receipts, cases = {}, {}
    for desk, place in ((SYD, MALMO), (VAST, GOTEBORG)):
        receipts[desk] = (await tell(empty_service, SECRETS[desk], place)).receipt
        cases[desk] = (await look(empty_service, receipts[desk])).case.id
    invitation = await people.invite(empty_service, "new@test", Role.COORDINATOR, VAST, MONDAY_MORNING)
    return Scene(empty_service, anna, mallory, receipts, cases, invitation)


async def tried(scene: Scene, doing: Awaitable[Iterable[str]]) -> set[str]:
    """The texts that somebody sees by it; none where it is refused."""
    try:
        return set(await doing)
    except VaultError as refusal:
        scene.noticed.append(type(refusal).__name__)
        return set()
    except (NotYours, NoMailbox, reply.NoWayBack, login.Refused, login.NoSession, people.NoInvitation):
        return set()


async def seen_at_work(scene: Scene, person: Person) -> list[str]:
    """Log in, list, open whatever is listed and whatever is asked for by name, answer."""
    service = scene.service
    token = await login.log_in(service, person.login, PASSPHRASE, "", MONDAY_MORNING)
    reader = (await login.resume(service, token.cookie, MONDAY_MORNING)).reader
    await casework.list_cases(service, reader, None, 9)
    texts = []
    for case in scene.cases.values():
        with suppress(NotYours):
            opened = await casework.open_case(service, reader, case, MONDAY_MORNING)
            texts += [message.text for message in opened.messages]
            await reply.reply(service, reader, case, SECRETS[SYD if person is scene.anna else VAST], MONDAY_MORNING)
    return texts


async def seen_in_mailbox(scene: Scene, desk: str) -> list[str]:
    service = scene.service
    key = await mailbox.key_from_receipt(service, scene.receipts[desk])
    texts = [message.text for message in (await mailbox.open_mailbox(service, key, MONDAY_MORNING)).messages]
    await mailbox.write_more(service, key, SECRETS[desk], "sv", MONDAY_MORNING)
    return texts


async def told_anew(scene: Scene) -> list[str]:
    await tell(scene.service, SECRETS[SYD])
    return []


async def looked_over(scene: Scene) -> list[str]:
    await people.colleagues(scene.service, None)
    return []


async def joined(scene: Scene) -> list[str]:
    """By the invitation to Väst; whoever comes in by it must be at Väst, as what they were invited as."""
    ticket = (await people.read_invitation(scene.service, scene.invitation, MONDAY_MORNING)).ticket
    member = await people.join(scene.service, ticket, PASSPHRASE, "", MONDAY_MORNING)
    (found,) = [one for one in await people.colleagues(scene.service, None) if one.member.id == member]
    assert (found.member.role, found.desks) == (Role.COORDINATOR, {VAST})
    return []


async def everybody(scene: Scene) -> dict[str, set[str]]:
    """What each sees."""
    return {
        "anna": await tried(scene, seen_at_work(scene, scene.anna)),
        "mallory": await tried(scene, seen_at_work(scene, scene.mallory)),
        "person of Syd": await tried(scene, seen_in_mailbox(scene, SYD)),
        "person of Väst": await tried(scene, seen_in_mailbox(scene, VAST)),
        "others": await tried(scene, told_anew(scene))
        | await tried(scene, looked_over(scene))
        | await tried(scene, joined(scene)),
    }


def sealed_to_the_attacker(conn: Connection) -> int:
    """How many envelopes open with the attacker's key, by whatever name they may be sealed to it."""
    bodies = {(row.message_id, row.direction): row for row in conn.execute(select(schema.envelopes))}
    opened = 0
    for row in conn.execute(select(schema.wraps)):
        body = bodies.get((row.message_id, row.direction))
        if body is None:
            continue
        context = Context(CaseId(row.case_id), MessageId(row.message_id), Direction(row.direction))
        wrap = Wrap(RecipientKind(row.kind), row.recipient, row.generation, row.sealed)
        with suppress(Tampered, NotForMe):
            open_envelope(Envelope(context, body.body, (wrap,)), wrap.kind, wrap.recipient, wrap.generation, MINE)
            opened += 1
    return opened


async def test_without_an_attack_everybody_sees_their_own(scene: Scene):
    seen = await everybody(scene)
    assert seen == {
        "anna": {SECRETS[SYD]},
        "mallory": {SECRETS[VAST]},
        "person of Syd": {SECRETS[SYD]},
        "person of Väst": {SECRETS[VAST]},
        "others": set(),
    }
    assert scene.noticed == []


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_no_attack_shows_anybody_more_and_each_is_noticed(scene: Scene, attack: Callable):
    await scene.service.database.write(attack, scene)
    seen = await everybody(scene)
    assert seen["anna"] <= {SECRETS[SYD]}
    assert seen["mallory"] <= {SECRETS[VAST]}
    assert seen["person of Syd"] <= {SECRETS[SYD]}
    assert seen["person of Väst"] <= {SECRETS[VAST]}
    assert await scene.service.database.read(sealed_to_the_attacker) == 0
    assert "Tampered" in scene.noticed


async def test_swapped_member_keys_log_nobody_in(scene: Scene):
    await scene.service.database.write(member_keys_swapped, scene)
    for person in (scene.anna, scene.mallory):
        with pytest.raises(login.Refused):
            await login.log_in(scene.service, person.login, PASSPHRASE, "", MONDAY_MORNING)


async def test_a_planted_desk_key_stops_reports_rather_than_taking_them(scene: Scene):
    before = await scene.service.database.read(count, schema.cases)
    await scene.service.database.write(desk_key_planted_with_its_own_wrap, scene)
    with pytest.raises(Tampered):
        await tell(scene.service, SECRETS[SYD])
    assert await scene.service.database.read(count, schema.cases) == before


async def test_a_session_moved_to_somebody_else_ends(scene: Scene):
    token = await login.log_in(scene.service, scene.mallory.login, PASSPHRASE, "", MONDAY_MORNING)
    moved = update(schema.sessions).values(member_id=scene.anna.member)
    await scene.service.database.write(lambda conn: conn.execute(moved))
    with pytest.raises(login.NoSession):
        await login.resume(scene.service, token.cookie, MONDAY_MORNING)


def rows_of(conn: Connection, member: MemberId) -> dict[Table, list[dict]]:
    """Everything that makes somebody a member."""
    tables = (schema.members, schema.memberships, schema.desk_key_wraps)
    theirs = [(table, table.c.get("member_id", table.c.get("id")) == member) for table in tables]
    return {t: [dict(row) for row in conn.execute(select(t).where(own)).mappings()] for t, own in theirs}


async def test_whoever_was_shown_out_reads_nothing_new_when_their_old_rows_come_back(scene: Scene):
    """Old rows have genuine MACs: they may give back what was readable then, never what came after."""
    service = scene.service
    bo = await staff(service, "bo@test", SYD)
    (waiting,) = [one for one in await people.colleagues(service, [SYD]) if one.member.id == bo.member]
    anna = await reader_of(service, scene.anna)
    await people.let_colleague_in(service, anna, bo.member, waiting.fingerprint, MONDAY_MORNING)
    old = await service.database.read(rows_of, bo.member)
    await people.deactivate(service, bo.member, MONDAY_MORNING)
    await add(service, scene.receipts[SYD], "Efteråt")

    def bring_back(conn: Connection) -> None:
        conn.execute(
            update(schema.members).where(schema.members.c.id == bo.member).values(**old.pop(schema.members)[0])
        )
        for table, rows in old.items():
            conn.execute(insert(table), rows)

    await service.database.write(bring_back)
    assert await seen_at_work(scene, bo) == [SECRETS[SYD]]
    assert await texts_read(service, scene.anna) == [SECRETS[SYD], "Efteråt", SECRETS[VAST]]
