import hashlib

import pytest

from intake.model import Recipient, RecipientKind
from intake.vault.envelope import open_envelope, seal_envelope
from intake.vault.errors import Tampered
from intake.vault.receipt import (
    Source,
    derive_receipt,
    lookup_ids,
    mailbox_key,
    normalise,
    show_receipt,
)
from tests.intake.vault.samples import CONTEXT, KEY, OLD, OTHER

TOKEN = b"128 random bits."
REQUEST = hashlib.sha256(b"the request").digest()
DIGITS = "0123456789012345678901234567"
SALT = b"the row's salt.."


def test_the_same_request_gets_the_same_receipt():
    receipt = derive_receipt(KEY, Source.FORM_TOKEN, TOKEN, REQUEST)
    assert receipt == derive_receipt(KEY, Source.FORM_TOKEN, TOKEN, REQUEST)
    assert len(receipt) == 28
    assert receipt.isdecimal()


def test_every_part_of_the_request_changes_the_receipt():
    receipts = {
        derive_receipt(KEY, Source.FORM_TOKEN, TOKEN, REQUEST),
        derive_receipt(KEY, Source.IDEMPOTENCY_KEY, TOKEN, REQUEST),
        derive_receipt(KEY, Source.FORM_TOKEN, TOKEN[::-1], REQUEST),
        derive_receipt(KEY, Source.FORM_TOKEN, TOKEN, REQUEST[::-1]),
        derive_receipt(OTHER, Source.FORM_TOKEN, TOKEN, REQUEST),
    }
    assert len(receipts) == 5


def test_a_request_repeated_over_a_rotation_gets_the_same_receipt():
    before = derive_receipt(OLD, Source.CHANCE, TOKEN, REQUEST)
    assert derive_receipt(KEY, Source.CHANCE, TOKEN, REQUEST, generation=1) == before
    assert derive_receipt(KEY, Source.CHANCE, TOKEN, REQUEST) != before


@pytest.mark.parametrize(
    ("script", "zero"),
    [
        ("latin", "0"),
        ("arabic-indic", "٠"),
        ("persian", "۰"),
        ("devanagari", "०"),
        ("bengali", "০"),
        ("thai", "๐"),
        ("full-width", "０"),
    ],
)
def test_a_receipt_may_be_typed_in_any_script(script, zero):
    typed = "".join(chr(ord(zero) + int(digit)) for digit in DIGITS)
    assert normalise(show_receipt(typed)) == DIGITS, script


@pytest.mark.parametrize(
    "typed",
    [
        DIGITS,
        "0123 4567 8901 2345 6789 0123 4567",
        "0123-4567-8901-2345-6789-0123-4567",
        "0123–4567—8901‑2345−".replace("−", "") + "678901234567",
        " \t0123\u00a04567\u202f8901\u20092345\n6789\r\n0123 4567 ",
        "\u200f0123\u200e 4567\u200b8901\ufeff2345 678901234567",
    ],
    ids=["bare", "spaces", "dashes", "typographic", "copied", "unseen marks"],
)
def test_a_receipt_may_be_typed_as_it_comes(typed):
    assert normalise(typed) == DIGITS


@pytest.mark.parametrize(
    "typed",
    [
        "",
        DIGITS[:-1],
        DIGITS + "0",
        DIGITS[:-1] + "x",
        DIGITS[:-1] + "²",
        DIGITS[:-1] + "Ⅳ",
        DIGITS[:-1] + "一",
        DIGITS + " " * 200,
        "\ud800",
    ],
)
def test_what_is_no_receipt_is_none(typed):
    assert normalise(typed) is None


def test_a_receipt_is_shown_in_fours():
    assert show_receipt(DIGITS) == "0123 4567 8901 2345 6789 0123 4567"


def test_a_row_made_before_a_rotation_is_found_after_it():
    newest, older = lookup_ids(KEY, DIGITS)
    assert (newest.generation, older.generation) == (2, 1)
    assert older == lookup_ids(OLD, DIGITS)[0]
    assert newest.id != older.id


def test_another_receipt_or_service_key_finds_nothing():
    assert not set(lookup_ids(KEY, DIGITS)) & {*lookup_ids(KEY, DIGITS[::-1]), *lookup_ids(OTHER, DIGITS)}


def test_the_receipt_alone_opens_the_mailbox_and_a_wrong_one_does_not():
    public = mailbox_key(KEY, 1, DIGITS, SALT).public_bytes
    envelope = seal_envelope(CONTEXT, b"answer", [Recipient(RecipientKind.MAILBOX, "case-1", 0, public)])
    right = mailbox_key(OLD, 1, DIGITS, SALT)
    assert open_envelope(envelope, RecipientKind.MAILBOX, "case-1", 0, right) == b"answer"
    wrong = [
        mailbox_key(KEY, 1, DIGITS[:-1] + "8", SALT),
        mailbox_key(KEY, 2, DIGITS, SALT),
        mailbox_key(KEY, 1, DIGITS, SALT[::-1]),
        mailbox_key(OTHER, 1, DIGITS, SALT),
    ]
    for key in wrong:
        with pytest.raises(Tampered):
            open_envelope(envelope, RecipientKind.MAILBOX, "case-1", 0, key)
