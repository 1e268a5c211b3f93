"""Sealed messages and cards: in their order, in their place, with the wraps that were asked for and no others."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, update

from intake.model import CaseId, Direction, RecipientKind
from intake.store import envelopes
from intake.store.database import Database
from intake.store.envelopes import Stored
from intake.store.schema import envelopes as table
from intake.store.schema import wraps
from intake.vault.errors import Tampered
from tests.intake.store.samples import KEY, VAST, add_case, stored

SPOKEN = (Direction.FROM_PERSON, Direction.FROM_DESK)


def seen_by(kind: RecipientKind, one: Stored) -> Stored:
    """What comes back to a reader of one kind."""
    return replace(
        one, envelope=replace(one.envelope, wraps=tuple(wrap for wrap in one.envelope.wraps if wrap.kind is kind))
    )


async def test_a_conversation_comes_back_in_its_order_with_the_readers_wraps(database: Database):
    case = await database.write(add_case)
    written = [stored(case, n, direction) for n, direction in enumerate([*SPOKEN, *SPOKEN, Direction.CARD])]
    for one in reversed(written):
        await database.write(envelopes.add, KEY, one)
    for kind in (RecipientKind.DESK, RecipientKind.MAILBOX):
        found = await database.read(envelopes.of_case, KEY, case, SPOKEN, kind)
        assert found == [seen_by(kind, one) for one in written[:4]]


async def test_a_message_and_its_card_are_apart_though_they_share_an_id(database: Database):
    case = await database.write(add_case)
    message = stored(case)
    card = replace(message, envelope=stored(case, 0, Direction.CARD).envelope)
    same = replace(card.envelope, context=replace(card.envelope.context, message=message.envelope.context.message))
    await database.write(envelopes.add, KEY, message, replace(card, envelope=same))
    (found,) = await database.read(envelopes.of_case, KEY, case, [Direction.CARD], RecipientKind.DESK)
    assert found.envelope.body == card.envelope.body
    assert len(found.envelope.wraps) == 1


async def test_the_cards_of_a_list_are_grouped_by_case(database: Database):
    one, other, bare = [await database.write(add_case) for _ in range(3)]
    cards = [stored(one, 0, Direction.CARD), stored(other, 0, Direction.CARD), stored(one, 1, Direction.CARD)]
    for card in [*reversed(cards), stored(bare)]:
        await database.write(envelopes.add, KEY, card)
    found = await database.read(envelopes.cards_of, KEY, [one, other, bare])
    shown = [seen_by(RecipientKind.DESK, card) for card in cards]
    assert found == {one: [shown[0], shown[2]], other: [shown[1]]}
    assert await database.read(envelopes.cards_of, KEY, []) == {}


async def test_a_case_holds_what_was_put_into_it_and_nothing_of_another_case_or_direction(database: Database):
    one, other = await database.write(add_case), await database.write(add_case)
    await database.write(envelopes.add, KEY, stored(one, 0, Direction.REMARK), stored(other))
    asked = [(one, Direction.REMARK), (one, Direction.FILE), (other, Direction.REMARK), (other, Direction.FROM_PERSON)]
    assert [await database.read(envelopes.holds, case, [way]) for case, way in asked] == [True, False, False, True]
    assert await database.read(envelopes.holds, one, [Direction.FILE, Direction.REMARK])


async def test_wraps_of_one_kind_are_taken_away_from_one_case(database: Database):
    one, other = await database.write(add_case), await database.write(add_case)
    for case in (one, other):
        await database.write(envelopes.add, KEY, stored(case))
    await database.write(envelopes.delete_wraps, one, RecipientKind.MAILBOX)
    left = {
        (case, kind): len((await database.read(envelopes.of_case, KEY, case, SPOKEN, kind))[0].envelope.wraps)
        for case in (one, other)
        for kind in (RecipientKind.DESK, RecipientKind.MAILBOX)
    }
    assert left == {
        (one, RecipientKind.DESK): 1,
        (one, RecipientKind.MAILBOX): 0,
        (other, RecipientKind.DESK): 1,
        (other, RecipientKind.MAILBOX): 1,
    }


CHANGES = {
    "envelope of another message": (table, {"message_id": "another"}),
    "envelope of another direction": (table, {"direction": Direction.FROM_DESK.value}),
    "envelope in another place": (table, {"position": 7}),
    "envelope with another body": (table, {"body": b"mine"}),
    "envelope of another case": (table, {"case_id": None}),
    "wrap with another key": (wraps, {"sealed": b"mine"}),
    "wrap for another desk": (wraps, {"recipient": VAST}),
    "wrap for another generation": (wraps, {"generation": 2}),
    "wrap of another case": (wraps, {"case_id": None}),
}


@pytest.mark.parametrize(("changed", "values"), CHANGES.values(), ids=CHANGES)
async def test_what_was_moved_or_changed_is_refused(database: Database, changed, values: dict):
    case, other = await database.write(add_case), await database.write(add_case)
    for one in (case, other):
        await database.write(envelopes.add, KEY, stored(one))
        await database.write(envelopes.delete_wraps, one, RecipientKind.MAILBOX)
    values = {name: other if value is None else value for name, value in values.items()}
    await database.write(lambda conn: conn.execute(update(changed).where(changed.c.case_id == case).values(**values)))
    with pytest.raises(Tampered):
        await database.read(lambda conn: [_whole(conn, one) for one in (case, other)])


def _whole(conn: Connection, case: CaseId) -> list[Stored]:
    return envelopes.of_case(conn, KEY, case, SPOKEN, RecipientKind.DESK)
