import pytest

from intake.model import MemberId
from intake.vault import passphrase as under_test
from intake.vault.errors import Tampered, UnknownGeneration, VaultError, WrongPassphrase
from intake.vault.passphrase import (
    STANDARD_COST,
    Cost,
    Weakness,
    decoy,
    protect_member_key,
    unlock_member_key,
    weakness,
)
from tests.intake.vault.samples import ANNA, ANNA_ID, KEY, OLD, OTHER, flipped

CHEAP = Cost(memory_kib=8, passes=1)
WORDS = "mörk hamn vid stilla hav"
PROTECTED = protect_member_key(KEY, WORDS, ANNA, ANNA_ID, CHEAP)


def test_the_right_passphrase_unlocks_the_key():
    assert unlock_member_key(KEY, WORDS, PROTECTED, ANNA_ID) == ANNA


def test_the_standard_cost_is_the_design_s_and_works():
    assert Cost(64 * 1024, 3, 1) == STANDARD_COST
    assert unlock_member_key(KEY, WORDS, protect_member_key(KEY, WORDS, ANNA, ANNA_ID), ANNA_ID) == ANNA


def test_a_passphrase_composed_otherwise_is_the_same():
    assert unlock_member_key(KEY, WORDS.replace("ö", "o\u0308"), PROTECTED, ANNA_ID) == ANNA


@pytest.mark.parametrize("typed", ["", WORDS + " ", WORDS.upper(), "\ud800", "x" * 5000])
def test_a_wrong_passphrase_is_called_that(typed):
    with pytest.raises(WrongPassphrase):
        unlock_member_key(KEY, typed, PROTECTED, ANNA_ID)


def test_another_member_and_another_service_key_unlock_nothing():
    with pytest.raises(WrongPassphrase):
        unlock_member_key(KEY, WORDS, PROTECTED, MemberId("brita"))
    with pytest.raises(WrongPassphrase):
        unlock_member_key(OTHER, WORDS, PROTECTED, ANNA_ID)
    with pytest.raises(UnknownGeneration):
        unlock_member_key(OLD, WORDS, PROTECTED, ANNA_ID)


def test_a_key_protected_before_a_rotation_unlocks_after_it():
    before = protect_member_key(OLD, WORDS, ANNA, ANNA_ID, CHEAP)
    assert unlock_member_key(KEY, WORDS, before, ANNA_ID) == ANNA


# The eleventh and twelfth bytes may turn the cost into one that is allowed and merely dear: they have tests below.
def test_every_changed_byte_and_every_truncation_is_refused():
    for at in (*range(9), *range(12, len(PROTECTED))):
        with pytest.raises(VaultError):
            unlock_member_key(KEY, WORDS, flipped(PROTECTED, at), ANNA_ID)
    for length in range(len(PROTECTED)):
        with pytest.raises(VaultError):
            unlock_member_key(KEY, WORDS, PROTECTED[:length], ANNA_ID)


@pytest.mark.parametrize(
    "cost", [b"\xff\xff\xff\xff\1\1", b"\0\0\0\x08\xff\1", b"\0\0\0\x08\0\1", b"\0\0\0\x08\1\0", b"\0\0\0\x08\1\2"]
)
def test_a_row_cannot_ask_for_a_cost_that_is_not_used_here(cost):
    with pytest.raises(Tampered, match="cost"):
        unlock_member_key(KEY, WORDS, PROTECTED[:6] + cost + PROTECTED[12:], ANNA_ID)


def test_a_row_cannot_make_guessing_cheaper():
    dearer = protect_member_key(KEY, WORDS, ANNA, ANNA_ID, Cost(16, 2))
    with pytest.raises(WrongPassphrase):
        unlock_member_key(KEY, WORDS, dearer[:6] + PROTECTED[6:12] + dearer[12:], ANNA_ID)


def test_an_unknown_login_costs_the_same_work(monkeypatch):
    asked = []
    monkeypatch.setattr(under_test, "hash_secret_raw", lambda *given: asked.append(given[2:]) or bytes(32))
    decoy("whatever was typed", CHEAP)
    with pytest.raises(WrongPassphrase):
        unlock_member_key(KEY, "whatever was typed", PROTECTED, ANNA_ID)
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("kort 12 ord", (), Weakness.TOO_SHORT),
        ("x" * 201, (), Weakness.TOO_LONG),
        ("password1234", (), Weakness.GUESSABLE),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", (), Weakness.GUESSABLE),
        ("Astrid Lindqvist", ("nord@demo", "Astrid Lindqvist"), Weakness.GUESSABLE),
        ("mörk hamn vid stilla hav", ("nord@demo",), None),
        ("correct horse battery staple", (), None),
    ],
)
def test_what_may_be_a_passphrase(typed, known, expected):
    assert weakness(typed, known) is expected
