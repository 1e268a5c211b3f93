import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vault.errors import Tampered
from intake.vault.framing import HEADER, frame, read_header, read_stamp, stamp

FIELDS = st.lists(st.one_of(st.binary(max_size=9), st.text(max_size=9), st.integers(), st.none()), max_size=4)


@given(FIELDS, FIELDS)
def test_different_fields_never_give_the_same_bytes(one, other):
    assert (frame(*one) == frame(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a",), ("a", "")),
        ((None,), ("",)),
        ((b"a",), ("a",)),
        ((1,), ("1",)),
        ((), (None,)),
    ],
)
def test_fields_that_look_alike_stay_apart(one, other):
    assert frame(*one) != frame(*other)


def test_a_truth_value_reads_back_from_a_database_as_the_same_field():
    assert frame(True, False) == frame(1, 0)


def test_a_fraction_has_no_encoding():
    with pytest.raises(TypeError):
        frame(1.5)


def test_a_stamp_reads_back():
    assert read_stamp(stamp(7) + b"rest") == (7, b"rest")


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x02\x01", b"\x01\x02rest"])
def test_another_version_or_suite_is_refused(stored):
    with pytest.raises(Tampered):
        read_header(stored)


def test_a_stamp_cut_short_is_refused():
    with pytest.raises(Tampered):
        read_stamp(HEADER + b"\0\0\0")
