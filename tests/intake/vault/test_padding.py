import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vault.errors import Tampered, TooLong
from intake.vault.padding import LARGEST, LONGEST_TEXT, SMALLEST, pad, unpad

SIZES = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072}


@given(st.binary(max_size=3000))
def test_every_text_comes_back(text):
    assert unpad(pad(text)) == text


@given(st.integers(0, LONGEST_TEXT))
def test_every_length_takes_the_smallest_power_of_two_that_holds_it(length):
    size = len(pad(bytes(length)))
    assert size in SIZES
    assert size >= length + 4
    assert size == SMALLEST or size // 2 < length + 4


@pytest.mark.parametrize(("length", "size"), [(0, 512), (508, 512), (509, 1024), (1020, 1024), (LONGEST_TEXT, LARGEST)])
def test_the_edges_of_the_sizes(length, size):
    assert len(pad(b"x" * length)) == size


def test_a_longer_text_is_a_clear_error():
    with pytest.raises(TooLong, match="128 KiB"):
        pad(bytes(LONGEST_TEXT + 1))


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0\0\0",
        pad(b"x")[:-1],
        pad(b"x") + b"\0",
        pad(b"x")[:-1] + b"\1",
        pad(b"x") + bytes(512),
        b"\xff\xff\xff\xff" + bytes(508),
        (509).to_bytes(4) + bytes(508),
    ],
    ids=["empty", "short", "cut", "longer", "no zeros", "next size", "huge length", "length beyond"],
)
def test_what_pad_did_not_make_is_refused(padded):
    with pytest.raises(Tampered):
        unpad(padded)
