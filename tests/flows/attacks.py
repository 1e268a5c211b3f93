"""What somebody does who can write to the database: rows moved, swapped, planted; each attack is one function."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, delete, insert, select, update

from intake.model import CaseId, Direction, Recipient, RecipientKind, Role
from intake.service import Service
from intake.store import schema
from intake.vault.desk_keys import NewGeneration, new_generation
from intake.vault.suite import PrivateKey
from tests.flows.steps import SYD, VAST
from tests.service import Person

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
