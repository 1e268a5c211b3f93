import json
from dataclasses import fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.model import Card, Context, Direction, Police, RecipientKind
from intake.vault.card import CARDS
from intake.vault.envelope import seal_envelope
from intake.vault.errors import Tampered
from tests.intake.vault.samples import CONTEXT, DESK, SYD, TO_DESK
from triage.model import Assessment, Doubt, Kind, Minor, Place, Reason, Span, Type, Urgency

PLACE = Context(CONTEXT.case, CONTEXT.message, Direction.CARD)
TEXTS = st.lists(st.text(max_size=9), max_size=3).map(tuple)
SPANS = st.lists(st.builds(Span, st.integers(0), st.integers(0)), max_size=3).map(tuple)
PARTS = {
    "kind": st.sampled_from(Kind),
    "type": st.sampled_from(Type),
    "urgency": st.sampled_from(Urgency),
    "minor": st.sampled_from(Minor),
    "place": st.builds(
        Place, st.none() | st.text(max_size=2), st.none() | st.text(max_size=4), st.frozensets(st.text(max_size=2))
    ),
    "lang": st.text(max_size=9),
    "reasons": st.lists(st.builds(Reason, st.text(max_size=9), st.text(max_size=9), SPANS), max_size=3).map(tuple),
    "ads": TEXTS,
    "pii": TEXTS,
    "doubts": st.frozensets(st.sampled_from(Doubt)),
}
ANY_CARD = st.builds(Card, st.builds(Assessment, **PARTS), st.none() | st.sampled_from(Police), st.text(max_size=9))
CARD = Card(Assessment(kind=Kind.HELP, reasons=(Reason("minor=yes", "age", (Span(3, 9),)),)), Police.ASK, "so")


def test_the_property_below_covers_every_field_there_is():
    assert {field.name for field in fields(Assessment)} == set(PARTS)
    assert {field.name for field in fields(Card)} == {"assessment", "notes", "police", "ui_lang"}
    assert {field.name for field in fields(Reason)} == {"label", "rule", "spans"}
    assert {field.name for field in fields(Place)} == {"county", "municipality", "among"}


@given(ANY_CARD)
@example(replace(CARD, ui_lang="\ud800 half a character"))
def test_every_card_comes_back_and_has_one_text(card):
    text = CARDS.to_json(card)
    assert CARDS.from_json(text) == card
    assert CARDS.to_json(CARDS.from_json(text)) == text
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")).encode()


def test_the_order_in_which_doubts_were_added_does_not_show():
    texts = {CARDS.to_json(Card(Assessment(doubts=frozenset(order)))) for order in (list(Doubt), list(Doubt)[::-1])}
    assert len(texts) == 1


def test_a_sealed_card_comes_back_to_its_desk():
    envelope = CARDS.seal(PLACE, CARD, [TO_DESK])
    assert CARDS.open(envelope, RecipientKind.DESK, SYD, 1, DESK) == CARD


def test_a_card_is_sealed_and_opened_as_a_card_only():
    with pytest.raises(ValueError, match="as a card"):
        CARDS.seal(CONTEXT, CARD, [TO_DESK])
    message = seal_envelope(CONTEXT, CARDS.to_json(CARD), [TO_DESK])
    for envelope in (message, replace(message, context=PLACE)):
        with pytest.raises(Tampered):
            CARDS.open(envelope, RecipientKind.DESK, SYD, 1, DESK)


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"null", CARDS.to_json(CARD).replace(b"help", b"halp"), b"\xff"])
def test_what_is_no_card_is_refused_without_repeating_it(text):
    with pytest.raises(Tampered) as refused:
        CARDS.from_json(text)
    assert str(refused.value) == "not a card"
    assert refused.value.__suppress_context__
