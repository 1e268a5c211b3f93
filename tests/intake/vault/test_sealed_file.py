from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vault.errors import Tampered, UnknownGeneration, VaultError
from intake.vault.sealed_file import SealedWriter, read_sealed
from tests.intake.vault.samples import ANNA, BRITA, KEY, OLD, OTHER, flipped

MESSAGES = [b"first", b"x" * 200_000, b"last"]


def written(messages, public_key=ANNA.public_bytes, key=KEY, finish=True):
    file = BytesIO()
    writer = SealedWriter(file, public_key, key)
    for message in messages:
        writer.write(message)
    if finish:
        writer.finish()
    return file.getvalue()


def read(content, private=ANNA, key=KEY):
    return list(read_sealed(BytesIO(content), private, key))


@given(st.lists(st.binary(min_size=1, max_size=100_000), max_size=10))
def test_messages_come_back_in_order(messages):
    assert read(written(messages)) == messages


def test_a_message_longer_than_all_pieces_comes_back():
    assert read(written([bytes(range(256)) * 16_384])) == [bytes(range(256)) * 16_384]


def test_only_the_private_half_opens_it():
    with pytest.raises(Tampered):
        read(written(MESSAGES), private=BRITA)


def test_whoever_has_the_private_half_and_no_service_key_cannot_pass_off_one_of_their_own():
    with pytest.raises(Tampered, match="this service key"):
        read(written(MESSAGES, key=OTHER))


def test_an_older_generation_of_the_service_key_signed_it_and_a_newer_one_checks_it():
    assert read(written(MESSAGES, key=OLD), key=KEY) == MESSAGES
    with pytest.raises(UnknownGeneration):
        read(written(MESSAGES, key=KEY), key=OLD)


def test_what_was_not_finished_is_not_whole():
    with pytest.raises(Tampered):
        read(written(MESSAGES, finish=False))


def test_every_changed_byte_and_every_truncation_of_a_short_file_is_refused():
    content = written([b"short"])
    for at in range(len(content)):
        for broken in (flipped(content, at), content[:at]):
            with pytest.raises(VaultError):
                read(broken)


@pytest.mark.parametrize("at", [-1, -40, -100_000, 1_400])
def test_a_changed_byte_of_a_long_file_is_refused(at):
    content = written(MESSAGES)
    with pytest.raises(Tampered):
        read(flipped(content, at % len(content)))


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"hamn-backup-v1\n\xff\xff\xff\xff"])
def test_what_is_no_such_file_is_refused(content):
    with pytest.raises(Tampered):
        read(content)


def test_no_message_shows_and_of_their_lengths_only_the_sum():
    assert b"first" not in written(MESSAGES)
    assert len(written([b"ab", b"c"])) == len(written([b"a", b"bc"]))
