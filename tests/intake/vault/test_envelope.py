from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from intake.model import CaseId, Context, Direction, Envelope, MessageId, Recipient, RecipientKind
from intake.vault.envelope import open_envelope, seal_envelope, share_envelope
from intake.vault.errors import NotForMe, Tampered, TooLong
from intake.vault.padding import LONGEST_TEXT, pad
from intake.vault.suite import PrivateKey
from tests.intake.vault import by_hand
from tests.intake.vault.samples import ANNA, CONTEXT, DESK, MAILBOX, SYD, TO_ANNA, TO_DESK, TO_MAILBOX, flipped

TEXT = "Hon är rädd. 她害怕.".encode()
SEALED = seal_envelope(CONTEXT, TEXT, [TO_DESK, TO_MAILBOX])
CONTENT_KEY = b"one content key of 32 bytes long"
OTHER_CONTENT_KEY = b"another of just as many bytes   "


def opened_by_desk(envelope: Envelope, generation: int = 1, private: PrivateKey = DESK) -> bytes:
    return open_envelope(envelope, RecipientKind.DESK, SYD, generation, private)


@given(st.binary(max_size=2000))
def test_every_text_comes_back_to_every_recipient(text):
    envelope = seal_envelope(CONTEXT, text, [TO_DESK, TO_MAILBOX])
    assert opened_by_desk(envelope) == text
    assert open_envelope(envelope, RecipientKind.MAILBOX, "case-1", 0, MAILBOX) == text


def test_the_longest_text_fits_and_one_byte_more_is_a_clear_error():
    assert opened_by_desk(seal_envelope(CONTEXT, bytes(LONGEST_TEXT), [TO_DESK])) == bytes(LONGEST_TEXT)
    with pytest.raises(TooLong):
        seal_envelope(CONTEXT, bytes(LONGEST_TEXT + 1), [TO_DESK])


def test_bodies_of_short_texts_all_have_one_length():
    assert {len(seal_envelope(CONTEXT, bytes(length), [TO_DESK]).body) for length in (0, 1, 508)} == {574}


def test_an_envelope_written_by_hand_from_the_specification_opens():
    body = by_hand.body(CONTEXT, CONTENT_KEY, pad(TEXT))
    assert opened_by_desk(by_hand.envelope(CONTEXT, body, CONTENT_KEY, TO_DESK)) == TEXT


@pytest.mark.parametrize("recipients", [[], [TO_DESK, TO_DESK]], ids=["nobody", "one twice"])
def test_an_envelope_for_nobody_or_for_one_twice_is_not_sealed(recipients):
    with pytest.raises(ValueError, match="at least one recipient"):
        seal_envelope(CONTEXT, TEXT, recipients)


@pytest.mark.parametrize(
    ("kind", "recipient", "generation"),
    [
        (RecipientKind.DESK, "mitt", 1),
        (RecipientKind.DESK, "syd", 2),
        (RecipientKind.RECOVERY, "syd", 1),
        (RecipientKind.MAILBOX, "case-2", 0),
    ],
)
def test_who_is_no_recipient_is_told_so(kind, recipient, generation):
    with pytest.raises(NotForMe):
        open_envelope(SEALED, kind, recipient, generation, DESK)


def test_an_administrator_another_desk_and_a_former_generation_hold_keys_that_do_not_fit():
    with pytest.raises(Tampered):
        opened_by_desk(SEALED, private=ANNA)


def test_every_changed_byte_of_body_and_wrap_is_refused():
    wrap, *others = SEALED.wraps
    bodies = (replace(SEALED, body=flipped(SEALED.body, at)) for at in range(len(SEALED.body)))
    broken = (replace(wrap, sealed=flipped(wrap.sealed, at)) for at in range(len(wrap.sealed)))
    for envelope in (*bodies, *(replace(SEALED, wraps=(one, *others)) for one in broken)):
        with pytest.raises(Tampered):
            opened_by_desk(envelope)


def test_every_changed_byte_of_a_body_is_refused_even_where_an_insider_wraps_its_key_anew():
    body = by_hand.body(CONTEXT, CONTENT_KEY, pad(TEXT))
    for at in range(len(body)):
        with pytest.raises(Tampered):
            opened_by_desk(by_hand.envelope(CONTEXT, flipped(body, at), CONTENT_KEY, TO_DESK))


def test_every_truncation_is_refused_even_where_an_insider_wraps_its_key_anew():
    body = by_hand.body(CONTEXT, CONTENT_KEY, pad(TEXT))
    for length in range(len(body)):
        with pytest.raises(Tampered):
            opened_by_desk(by_hand.envelope(CONTEXT, body[:length], CONTENT_KEY, TO_DESK))


def test_every_truncated_wrap_is_refused():
    wrap = SEALED.wraps[0]
    for length in range(len(wrap.sealed)):
        with pytest.raises(Tampered):
            opened_by_desk(replace(SEALED, wraps=(replace(wrap, sealed=wrap.sealed[:length]),)))


MOVED = {
    "case": Context(CaseId("case-2"), CONTEXT.message, CONTEXT.direction),
    "message": Context(CONTEXT.case, MessageId("message-2"), CONTEXT.direction),
    "direction": Context(CONTEXT.case, CONTEXT.message, Direction.FROM_DESK),
    "card": Context(CONTEXT.case, CONTEXT.message, Direction.CARD),
    "both": Context(CaseId("case-1message"), MessageId("-1"), CONTEXT.direction),
}


@pytest.mark.parametrize("context", MOVED.values(), ids=MOVED)
def test_a_moved_envelope_is_refused(context):
    with pytest.raises(Tampered):
        opened_by_desk(replace(SEALED, context=context))


@pytest.mark.parametrize("context", MOVED.values(), ids=MOVED)
def test_a_moved_body_is_refused_even_where_an_insider_wraps_its_key_anew(context):
    body = by_hand.body(CONTEXT, CONTENT_KEY, pad(TEXT))
    with pytest.raises(Tampered):
        opened_by_desk(by_hand.envelope(context, body, CONTENT_KEY, TO_DESK))


@pytest.mark.parametrize("context", [CONTEXT, *MOVED.values()], ids=["same place", *MOVED])
def test_a_wrap_of_another_envelope_is_refused(context):
    other = seal_envelope(context, TEXT, [TO_DESK])
    with pytest.raises(Tampered):
        opened_by_desk(replace(SEALED, wraps=other.wraps))


@pytest.mark.parametrize("change", [{"generation": 2}, {"recipient": "mitt"}, {"kind": RecipientKind.RECOVERY}])
def test_a_wrap_that_is_renamed_to_another_recipient_is_refused(change):
    wrap = replace(SEALED.wraps[0], **change)
    with pytest.raises(Tampered):
        open_envelope(replace(SEALED, wraps=(wrap,)), wrap.kind, wrap.recipient, wrap.generation, DESK)


def test_the_key_of_a_departed_member_does_not_open_a_later_generation():
    later = PrivateKey(b"next" * 8)
    envelope = seal_envelope(CONTEXT, TEXT, [Recipient(RecipientKind.DESK, SYD, 2, later.public_bytes)])
    assert opened_by_desk(envelope, 2, later) == TEXT
    with pytest.raises(NotForMe):
        opened_by_desk(envelope, 1, DESK)
    with pytest.raises(Tampered):
        opened_by_desk(envelope, 2, DESK)


def test_a_body_crafted_to_open_under_two_keys_opens_under_the_committed_one_only():
    keys, other = by_hand.keys_of(CONTENT_KEY), by_hand.keys_of(OTHER_CONTENT_KEY)
    aad = by_hand.aad_of(CONTEXT)
    ciphertext = by_hand.ciphertext_for_both(keys.aes, other.aes, aad, pad(b"x" * 508))
    # The attack is real: AES-GCM itself opens this under both keys.
    opened = {AESGCM(key).decrypt(by_hand.NONCE, ciphertext, aad) for key in (keys.aes, other.aes)}
    assert len(opened) == 2
    body = by_hand.HEADER + keys.commitment + by_hand.NONCE + ciphertext
    assert opened_by_desk(by_hand.envelope(CONTEXT, body, CONTENT_KEY, TO_DESK)).startswith(b"xxx")
    with pytest.raises(Tampered, match="committed"):
        opened_by_desk(by_hand.envelope(CONTEXT, body, OTHER_CONTENT_KEY, TO_DESK))


def test_who_can_open_an_envelope_can_share_it_with_one_more():
    wrap = share_envelope(SEALED, RecipientKind.DESK, SYD, 1, DESK, TO_ANNA)
    shared = replace(SEALED, wraps=(*SEALED.wraps, wrap))
    assert open_envelope(shared, RecipientKind.MEMBER, "anna", 0, ANNA) == TEXT


def test_who_cannot_open_an_envelope_shares_nothing():
    with pytest.raises(NotForMe):
        share_envelope(SEALED, RecipientKind.MEMBER, "anna", 0, ANNA, TO_ANNA)
    with pytest.raises(Tampered):
        share_envelope(SEALED, RecipientKind.DESK, SYD, 1, ANNA, TO_ANNA)


def test_nobody_passes_on_what_does_not_open():
    body = flipped(by_hand.body(CONTEXT, CONTENT_KEY, pad(TEXT)), 100)
    with pytest.raises(Tampered):
        share_envelope(by_hand.envelope(CONTEXT, body, CONTENT_KEY, TO_DESK), RecipientKind.DESK, SYD, 1, DESK, TO_ANNA)


def test_the_same_text_sealed_twice_looks_different():
    again = seal_envelope(CONTEXT, TEXT, [TO_DESK])
    assert again.body[2:34] != SEALED.body[2:34]
    assert again.body != SEALED.body
