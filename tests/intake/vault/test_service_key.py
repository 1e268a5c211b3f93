import pytest

from intake.vault.errors import UnknownGeneration
from intake.vault.service_key import Purpose, ServiceKey
from tests.intake.vault.samples import KEY, OLD


def test_every_purpose_of_every_generation_has_a_key_of_its_own():
    subkeys = {KEY.subkey(purpose, generation) for purpose in Purpose for generation in KEY.generations}
    assert len(subkeys) == 2 * len(Purpose)
    assert {len(subkey) for subkey in subkeys} == {32}


def test_the_purposes_are_those_of_the_design():
    names = {purpose.value for purpose in Purpose}
    personal = {"address", "outbox", "fragment", "dedup", "phone_index", "identifier_index", "filter", "statistics"}
    doors = {"pepper", "session", "passphrase", "receipt", "form", "handle", "code", "challenge"}
    assert names == personal | doors | {"row_mac", "audit", "backup", "register"}


def test_writing_uses_the_newest_generation():
    assert KEY.newest == 2
    assert KEY.subkey(Purpose.OUTBOX) == KEY.subkey(Purpose.OUTBOX, 2)


def test_rotation_keeps_what_was_and_adds_one():
    rotated = OLD.rotate()
    assert rotated.generations == (2, 1)
    assert rotated.subkey(Purpose.PEPPER, 1) == OLD.subkey(Purpose.PEPPER)
    assert rotated.subkey(Purpose.PEPPER) != OLD.subkey(Purpose.PEPPER)
    assert rotated.roots[2] != OLD.rotate().roots[2]


@pytest.mark.parametrize("generation", [0, 3])
def test_a_generation_that_is_not_held_says_so(generation):
    with pytest.raises(UnknownGeneration):
        KEY.subkey(Purpose.AUDIT, generation)


@pytest.mark.parametrize("roots", [{}, {0: bytes(32)}, {1: bytes(31)}, {1: bytes(32), 2: b""}])
def test_malformed_roots_are_refused(roots):
    with pytest.raises(ValueError, match="at least one generation"):
        ServiceKey(roots)


def test_nobody_changes_the_roots_from_outside():
    roots = {1: bytes(32)}
    key = ServiceKey(roots)
    roots[2] = bytes(32)
    assert key.generations == (1,)
    with pytest.raises(TypeError):
        key.roots[2] = bytes(32)
