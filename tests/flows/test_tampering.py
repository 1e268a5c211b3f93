"""Somebody who can write to the database moves, swaps and plants: nobody reads another desk's text by it.

After each attack everybody does what they always do. What they see may be less than before, never more; and nothing is
sealed to a key that the attacker made.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, update

from intake import casework, login, mailbox, people, reply
from intake.mailbox import NoMailbox
from intake.model import CaseId, Context, Direction, Envelope, MemberId, MessageId, Recipient, RecipientKind, Role, Wrap
from intake.reading import NotYours
from intake.service import Service
from intake.store import schema
from intake.vault.desk_keys import NewGeneration, new_generation
from intake.vault.envelope import open_envelope
from intake.vault.errors import NotForMe, Tampered, VaultError
from intake.vault.suite import PrivateKey
from tests.flows.steps import GOTEBORG, MALMO, NATIONAL, SYD, VAST, add, look, staffed, tell, texts_read
from tests.intake.store.samples import count
from tests.service import MONDAY_MORNING, PASSPHRASE, Person, reader_of, staff

SECRETS = {SYD: "Det som bara Syd får läsa", VAST: "Det som bara Väst får läsa"}
MINE = PrivateKey(b"!" * 32)
"""A key that the attacker made."""


@dataclass
class Scene:
    """Two desks with a member and a case each; Väst's member is the attacker."""

    service: Service
    anna: Person
    mallory: Person
    receipts: dict[str, str]
    cases: dict[str, CaseId]
    invitation: str
    noticed: list[str] = field(default_factory=list)

    def to_mallory(self, conn: Connection, desk: str, generation: int) -> NewGeneration:
        """A desk's key of the attacker's own, wrapped to Mallory as anybody can."""
        public = conn.execute(select(schema.members.c.public_key).where(self.is_mallory(schema.members))).scalar_one()
        return new_generation(desk, generation, [Recipient(RecipientKind.MEMBER, self.mallory.member, 0, public)])

    def is_mallory(self, table: Table):
        return table.c.id == self.mallory.member


@pytest.fixture
async def scene(empty_service: Service) -> Scene:
    anna, mallory, _ = await staffed(empty_service, SYD, VAST, NATIONAL)
    receipts, cases = {}, {}
    for desk, place in ((SYD, MALMO), (VAST, GOTEBORG)):
        receipts[desk] = (await tell(empty_service, SECRETS[desk], place)).receipt
        cases[desk] = (await look(empty_service, receipts[desk])).case.id
    invitation = await people.invite(empty_service, "new@test", Role.COORDINATOR, VAST, MONDAY_MORNING)
    return Scene(empty_service, anna, mallory, receipts, cases, invitation)


# What the attacker does -------------------------------------------------------------------------------------------


def swap(conn: Connection, table: Table, column: str, one, other) -> None:
    """Swap a column of two rows; `one` and `other` are conditions."""
    values = [conn.execute(select(table.c[column]).where(row)).scalars().first() for row in (one, other)]
    parked = 10**6 if isinstance(values[0], int) else b"parked" if isinstance(values[0], bytes) else None
    if parked is not None:
        conn.execute(update(table).where(other).values({column: parked}))
        other = table.c[column] == parked
    conn.execute(update(table).where(one).values({column: values[1]}))
    conn.execute(update(table).where(other).values({column: values[0]}))


def case_to_my_desk(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.cases).where(schema.cases.c.id == scene.cases[SYD]).values(desk=VAST))


def grant_to_my_desk(conn: Connection, scene: Scene) -> None:
    row = {"case_id": scene.cases[SYD], "desk": VAST, "ground": "escalation", "since": 0, "due_at": 0, "mac": b""}
    conn.execute(insert(schema.grants), row)


def wrap_renamed_to_my_desk(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.wraps).where(schema.wraps.c.recipient == SYD).values(recipient=VAST))
    case_to_my_desk(conn, scene)


def wraps_swapped(conn: Connection, scene: Scene) -> None:
    both = [(schema.wraps.c.case_id == scene.cases[d]) & (schema.wraps.c.recipient == d) for d in (SYD, VAST)]
    spoken = schema.wraps.c.direction == Direction.FROM_PERSON.value
    swap(conn, schema.wraps, "sealed", both[0] & spoken, both[1] & spoken)


def bodies_swapped(conn: Connection, scene: Scene) -> None:
    spoken = schema.envelopes.c.direction == Direction.FROM_PERSON.value
    both = [(schema.envelopes.c.case_id == scene.cases[desk]) & spoken for desk in (SYD, VAST)]
    swap(conn, schema.envelopes, "body", *both)


def message_moved_into_my_case(conn: Connection, scene: Scene) -> None:
    for table in (schema.envelopes, schema.wraps):
        theirs = table.c.case_id == scene.cases[SYD]
        conn.execute(update(table).where(theirs).values(case_id=scene.cases[VAST]))


def message_said_by_the_desk(conn: Connection, scene: Scene) -> None:
    for table in (schema.envelopes, schema.wraps):
        spoken = table.c.direction == Direction.FROM_PERSON.value
        conn.execute(update(table).where(spoken).values(direction=Direction.FROM_DESK.value))


def card_shown_as_message(conn: Connection, scene: Scene) -> None:
    for table in (schema.envelopes, schema.wraps):
        conn.execute(delete(table).where(table.c.direction == Direction.FROM_PERSON.value))
        conn.execute(update(table).values(direction=Direction.FROM_PERSON.value))


def messages_out_of_order(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.envelopes).values(position=schema.envelopes.c.position + 5))


def membership_moved(conn: Connection, scene: Scene) -> None:
    mine = schema.memberships.c.member_id == scene.mallory.member
    conn.execute(update(schema.memberships).where(mine).values(desk=SYD))


def membership_planted(conn: Connection, scene: Scene) -> None:
    row = conn.execute(select(schema.memberships).where(schema.memberships.c.desk == SYD)).mappings().one()
    conn.execute(insert(schema.memberships), {**row, "member_id": scene.mallory.member})


def role_raised(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.members).where(scene.is_mallory(schema.members)).values(role=Role.ADMIN.value))


def name_borrowed(conn: Connection, scene: Scene) -> None:
    anna = schema.members.c.id == scene.anna.member
    name = conn.execute(select(schema.members.c.sealed_login).where(anna)).scalar_one()
    conn.execute(update(schema.members).where(scene.is_mallory(schema.members)).values(sealed_login=name))


def member_keys_swapped(conn: Connection, scene: Scene) -> None:
    anna = schema.members.c.id == scene.anna.member
    swap(conn, schema.members, "protected_key", anna, scene.is_mallory(schema.members))


def member_key_replaced(conn: Connection, scene: Scene) -> None:
    anna = schema.members.c.id == scene.anna.member
    conn.execute(update(schema.members).where(anna).values(public_key=MINE.public_bytes))


def desk_key_wrap_taken(conn: Connection, scene: Scene) -> None:
    row = conn.execute(select(schema.desk_key_wraps).where(schema.desk_key_wraps.c.desk == SYD)).mappings().one()
    conn.execute(insert(schema.desk_key_wraps), {**row, "member_id": scene.mallory.member})
    membership_planted(conn, scene)


def desk_keys_swapped(conn: Connection, scene: Scene) -> None:
    both = [schema.desk_generations.c.desk == desk for desk in (SYD, VAST)]
    swap(conn, schema.desk_generations, "public_key", *both)


def desk_key_replaced(conn: Connection, scene: Scene) -> None:
    syd = schema.desk_generations.c.desk == SYD
    conn.execute(update(schema.desk_generations).where(syd).values(public_key=MINE.public_bytes))


def my_desk_key_named_as_theirs(conn: Connection, scene: Scene) -> None:
    for table in (schema.desk_generations, schema.desk_key_wraps):
        conn.execute(delete(table).where(table.c.desk == SYD))
        conn.execute(update(table).where(table.c.desk == VAST).values(desk=SYD))


def desk_key_planted_with_its_own_wrap(conn: Connection, scene: Scene) -> None:
    planted = scene.to_mallory(conn, SYD, 2)
    mac = conn.execute(select(schema.desk_generations.c.mac).where(schema.desk_generations.c.desk == SYD)).scalar_one()
    conn.execute(update(schema.desk_generations).where(schema.desk_generations.c.desk == SYD).values(current=False))
    row = {"desk": SYD, "generation": 2, "public_key": planted.public_key, "current": True, "made_at": 0, "mac": mac}
    conn.execute(insert(schema.desk_generations), row)
    wrap = {"member_id": scene.mallory.member, "desk": SYD, "generation": 2, "mac": mac}
    conn.execute(insert(schema.desk_key_wraps), {**wrap, "sealed": planted.wraps[0].sealed})


def generation_retired_from_outside(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.desk_generations).values(current=False))
    conn.execute(update(schema.desk_generations).where(schema.desk_generations.c.desk == VAST).values(current=True))


def mailbox_key_replaced(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.mailboxes).values(public_key=MINE.public_bytes))


def mailboxes_swapped(conn: Connection, scene: Scene) -> None:
    both = [schema.mailboxes.c.case_id == scene.cases[desk] for desk in (SYD, VAST)]
    swap(conn, schema.mailboxes, "lookup_id", *both)


def mailbox_salts_swapped(conn: Connection, scene: Scene) -> None:
    both = [schema.mailboxes.c.case_id == scene.cases[desk] for desk in (SYD, VAST)]
    swap(conn, schema.mailboxes, "salt", *both)


def mailbox_pointed_at_anothers_case(conn: Connection, scene: Scene) -> None:
    conn.execute(delete(schema.mailboxes).where(schema.mailboxes.c.case_id == scene.cases[SYD]))
    conn.execute(update(schema.mailboxes).values(case_id=scene.cases[SYD]))


def invitation_to_their_desk(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.invitations).values(desk=SYD))


def invitation_to_administer(conn: Connection, scene: Scene) -> None:
    conn.execute(update(schema.invitations).values(desk=None, role=Role.ADMIN.value))


ATTACKS = [
    case_to_my_desk,
    grant_to_my_desk,
    wrap_renamed_to_my_desk,
    wraps_swapped,
    bodies_swapped,
    message_moved_into_my_case,
    message_said_by_the_desk,
    card_shown_as_message,
    messages_out_of_order,
    membership_moved,
    membership_planted,
    role_raised,
    name_borrowed,
    member_key_replaced,
    desk_key_wrap_taken,
    desk_keys_swapped,
    desk_key_replaced,
    my_desk_key_named_as_theirs,
    desk_key_planted_with_its_own_wrap,
    generation_retired_from_outside,
    mailbox_key_replaced,
    mailboxes_swapped,
    mailbox_salts_swapped,
    mailbox_pointed_at_anothers_case,
    invitation_to_their_desk,
    invitation_to_administer,
]


# What everybody goes on doing -------------------------------------------------------------------------------------


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
