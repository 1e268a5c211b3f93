from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from intake.vault.errors import Tampered
from intake.vault.framing import frame
from intake.vault.stream import (
    CHUNK_BYTES,
    StreamOpener,
    StreamSealer,
    new_stream_key,
    open_stream,
)
from tests.intake.vault.samples import flipped

KEY = b"one content key of 32 bytes long"
OTHER = b"another of just as many bytes   "
BOUND = ("case-1", "message-1", 0)
START = 2 + 32 + 32
FULL = CHUNK_BYTES + 16


def sealed_whole(content, key=KEY, bound=BOUND):
    return sealed_in_pieces([content], key, bound)


def sealed_in_pieces(pieces, key=KEY, bound=BOUND):
    sealer = StreamSealer(key, *bound)
    return b"".join([*map(sealer.update, pieces), sealer.finish()])


def opened_whole(sealed, key=KEY, bound=BOUND):
    return b"".join(open_stream(key, [sealed], *bound))


def in_pieces(content, cuts):
    places = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    return [content[start:end] for start, end in pairwise(places)]


LENGTHS = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
THREE = bytes(range(256)) * (CHUNK_BYTES // 128) + b"the third"
SEALED = sealed_whole(THREE)


@pytest.mark.parametrize("length", LENGTHS)
def test_every_length_comes_back_and_costs_a_tag_a_chunk(length):
    sealed = sealed_whole(bytes(length))
    assert opened_whole(sealed) == bytes(length)
    assert len(sealed) == START + length + 16 * max(1, -(-length // CHUNK_BYTES))


@given(st.lists(st.integers(0), max_size=8), st.lists(st.integers(0), max_size=8))
def test_it_does_not_matter_in_which_pieces_content_and_stream_come(cuts, other_cuts):
    sealed = sealed_in_pieces(in_pieces(THREE, cuts))
    assert b"".join(open_stream(KEY, in_pieces(sealed, other_cuts), *BOUND)) == THREE


def test_a_stream_written_by_hand_from_the_specification_opens():
    salt, context = b"s" * 32, [frame(f"hamn/v1/stream-{what}", *BOUND) for what in ("chunks", "commitment")]
    chunks, commitment = (HKDF(SHA256(), 32, salt, info).derive(KEY) for info in context)
    first = AESGCM(chunks).encrypt(bytes(12), THREE[:CHUNK_BYTES], None)
    last = AESGCM(chunks).encrypt(bytes(10) + b"\x01\x01", b"the last", None)
    written = bytes((1, 1)) + salt + commitment + first + last
    assert opened_whole(written) == THREE[:CHUNK_BYTES] + b"the last"


@pytest.mark.parametrize("at", [0, 1, 2, 33, 34, 65, START, START + FULL - 1, START + FULL, len(SEALED) - 1])
def test_a_changed_bit_anywhere_is_refused(at):
    with pytest.raises(Tampered):
        opened_whole(flipped(SEALED, at))


def test_every_changed_byte_of_a_short_stream_and_every_truncation_of_it_is_refused():
    sealed = sealed_whole(b"short")
    for at in range(len(sealed)):
        for broken in (flipped(sealed, at), sealed[:at]):
            with pytest.raises(Tampered):
                opened_whole(broken)


FIRST, SECOND, THIRD = SEALED[START : START + FULL], SEALED[START + FULL : START + 2 * FULL], SEALED[START + 2 * FULL :]
REARRANGED = {
    "cut after the start": [],
    "cut between two chunks": [FIRST, SECOND],
    "cut within a chunk": [FIRST, SECOND[:-1]],
    "first left out": [SECOND, THIRD],
    "middle left out": [FIRST, THIRD],
    "swapped": [SECOND, FIRST, THIRD],
    "repeated": [FIRST, FIRST, SECOND, THIRD],
    "made longer": [FIRST, SECOND, THIRD, b"\0"],
    "last twice": [FIRST, SECOND, THIRD, THIRD],
}


@pytest.mark.parametrize("chunks", REARRANGED.values(), ids=REARRANGED)
def test_chunks_cut_off_left_out_swapped_or_added_are_refused(chunks):
    with pytest.raises(Tampered):
        opened_whole(SEALED[:START] + b"".join(chunks))


@pytest.mark.parametrize(
    ("key", "bound"),
    [(OTHER, BOUND), (KEY, ("case-2", "message-1", 0)), (KEY, ("case-1", "message-1", 1)), (KEY, ())],
    ids=["key", "case", "number", "nothing"],
)
def test_a_stream_opens_under_no_other_key_and_in_no_other_place(key, bound):
    with pytest.raises(Tampered):
        opened_whole(SEALED, key, bound)


def test_chunks_of_another_stream_under_the_same_key_and_place_do_not_fit():
    other = sealed_whole(THREE)
    with pytest.raises(Tampered):
        opened_whole(SEALED[: START + FULL] + other[START + FULL :])


def test_nothing_of_a_chunk_is_given_out_before_all_of_it_verified():
    opener = StreamOpener(KEY, *BOUND)
    assert opener.update(SEALED[: START + FULL]) == b""
    assert opener.update(SEALED[START + FULL : START + FULL + 1]) == THREE[:CHUNK_BYTES]
    broken = flipped(SEALED, START + FULL + 5)
    with pytest.raises(Tampered):
        opener.update(broken[START + FULL + 1 :])


def test_a_sealer_and_an_opener_hold_at_most_a_chunk():
    sealer, opener = StreamSealer(KEY), StreamOpener(KEY)
    held = opened = 0
    for number in range(1, 200):
        sealed = sealer.update(bytes(10_000))
        opened += len(opener.update(sealed))
        held = max(held, number * 10_000 - opened)
    assert held < 3 * CHUNK_BYTES
    assert opened + len(opener.update(sealer.finish()) + opener.finish()) == 199 * 10_000


def test_new_keys_are_32_bytes_and_never_the_same():
    assert len({new_stream_key() for _ in range(100)}) == 100
    assert len(new_stream_key()) == 32


def test_neither_sealer_nor_opener_shows_its_key():
    for shown in (repr(StreamSealer(KEY)), repr(StreamOpener(KEY))):
        assert "content key" not in shown
