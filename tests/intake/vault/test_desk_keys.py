from dataclasses import replace

import pytest

from intake.model import MemberId, Recipient, RecipientKind
from intake.vault.desk_keys import fingerprint, let_in, new_generation, open_desk_key
from intake.vault.errors import Tampered, WrongFingerprint
from tests.intake.vault.samples import ANNA, BRITA, SYD, TO_ANNA, TO_BRITA, TO_DESK, flipped
from triage.model import DeskName

FIRST = new_generation(SYD, 1, [TO_ANNA])


def test_each_member_opens_the_same_desk_key():
    made = new_generation(SYD, 1, [TO_ANNA, TO_BRITA])
    keys = [open_desk_key(wrap, made.public_key, key) for wrap, key in zip(made.wraps, (ANNA, BRITA), strict=True)]
    assert keys[0] == keys[1]
    assert keys[0].public_bytes == made.public_key
    assert made.recipient == Recipient(RecipientKind.DESK, SYD, 1, made.public_key)


def test_two_generations_have_nothing_in_common():
    assert new_generation(SYD, 2, [TO_ANNA]).public_key != FIRST.public_key


def test_a_desk_without_members_gets_no_key():
    with pytest.raises(ValueError, match="at least one member"):
        new_generation(SYD, 1, [])


def test_a_desk_key_goes_to_no_desk():
    with pytest.raises(ValueError, match="members only"):
        new_generation(SYD, 1, [TO_DESK])


@pytest.mark.parametrize(
    "change",
    [{"desk": DeskName("mitt")}, {"generation": 2}, {"member": MemberId("brita")}],
    ids=["desk", "generation", "member"],
)
def test_a_moved_wrap_is_refused(change):
    with pytest.raises(Tampered):
        open_desk_key(replace(FIRST.wraps[0], **change), FIRST.public_key, ANNA)


def test_another_member_opens_nothing():
    with pytest.raises(Tampered):
        open_desk_key(FIRST.wraps[0], FIRST.public_key, BRITA)


def test_a_planted_key_is_not_taken_for_the_desk_s():
    planted = new_generation(SYD, 1, [TO_ANNA])
    with pytest.raises(Tampered, match="not this desk's"):
        open_desk_key(planted.wraps[0], FIRST.public_key, ANNA)


def test_every_changed_byte_of_a_wrap_is_refused():
    wrap = FIRST.wraps[0]
    for at in range(len(wrap.sealed)):
        with pytest.raises(Tampered):
            open_desk_key(replace(wrap, sealed=flipped(wrap.sealed, at)), FIRST.public_key, ANNA)


def test_a_newcomer_whose_fingerprint_was_read_out_is_let_in():
    wrap = let_in(FIRST.wraps[0], FIRST.public_key, ANNA, TO_BRITA, fingerprint(BRITA.public_bytes))
    assert wrap.member == "brita"
    assert open_desk_key(wrap, FIRST.public_key, BRITA).public_bytes == FIRST.public_key


@pytest.mark.parametrize("heard", ["", "1234", fingerprint(ANNA.public_bytes), fingerprint(BRITA.public_bytes)[:-1]])
def test_a_key_that_somebody_put_in_the_newcomer_s_place_is_not_let_in(heard):
    with pytest.raises(WrongFingerprint):
        let_in(FIRST.wraps[0], FIRST.public_key, ANNA, TO_BRITA, heard)


def test_who_is_no_member_lets_nobody_in():
    with pytest.raises(Tampered):
        let_in(FIRST.wraps[0], FIRST.public_key, BRITA, TO_BRITA, fingerprint(BRITA.public_bytes))


def test_a_fingerprint_is_six_groups_of_four_digits_of_the_whole_key():
    groups = fingerprint(ANNA.public_bytes).split(" ")
    assert [len(group) for group in groups] == [4] * 6
    assert "".join(groups).isdigit()
    changed = {fingerprint(flipped(ANNA.public_bytes, at)) for at in (0, 700, 1215)}
    assert len(changed | {" ".join(groups)}) == 4
