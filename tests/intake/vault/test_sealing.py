import pytest

from intake.vault.errors import Tampered, UnknownGeneration, VaultError
from intake.vault.sealing import open_under, seal_under
from intake.vault.service_key import Purpose
from tests.intake.vault.samples import KEY, OLD, OTHER, flipped

BOX = seal_under(KEY, Purpose.ADDRESS, b"+46700000000", "case-1")


def test_a_box_opens_for_its_purpose_and_row():
    assert open_under(KEY, Purpose.ADDRESS, BOX, "case-1") == b"+46700000000"


def test_a_box_of_an_older_generation_opens_after_rotation():
    box = seal_under(OLD, Purpose.OUTBOX, b"text", "row")
    assert open_under(KEY, Purpose.OUTBOX, box, "row") == b"text"


def test_a_box_of_a_generation_that_is_lost_says_so():
    with pytest.raises(UnknownGeneration):
        open_under(OLD, Purpose.ADDRESS, BOX, "case-1")


@pytest.mark.parametrize(
    ("key", "purpose", "bound"),
    [
        (KEY, Purpose.OUTBOX, ("case-1",)),
        (KEY, Purpose.ADDRESS, ("case-2",)),
        (KEY, Purpose.ADDRESS, ()),
        (KEY, Purpose.ADDRESS, ("case-1", None)),
        (OTHER, Purpose.ADDRESS, ("case-1",)),
    ],
    ids=["purpose", "row", "no row", "more", "service key"],
)
def test_a_box_opens_nowhere_else(key, purpose, bound):
    with pytest.raises(Tampered):
        open_under(key, purpose, BOX, *bound)


def test_every_changed_byte_and_every_truncation_is_refused():
    for at in range(len(BOX)):
        for broken in (flipped(BOX, at), BOX[:at]):
            with pytest.raises(VaultError):
                open_under(KEY, Purpose.ADDRESS, broken, "case-1")


def test_sealing_twice_looks_different():
    assert seal_under(KEY, Purpose.ADDRESS, b"same") != seal_under(KEY, Purpose.ADDRESS, b"same")
