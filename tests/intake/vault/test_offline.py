import stat

import pytest

from intake.vault.errors import KeyFileRefused, Tampered, UnknownGeneration
from intake.vault.offline import (
    BEGINNING,
    backup_mac,
    backup_start_length,
    begin_backup,
    check_backup_mac,
    make_key_pair,
    open_backup,
    read_private_key,
    read_public_key,
)
from tests.intake.vault.samples import ANNA, BRITA, KEY, OLD, OTHER, flipped

DIGEST = b"d" * 32


@pytest.fixture
def files(tmp_path):
    return tmp_path / "backup.private", tmp_path / "backup.pub"


def test_a_new_pair_fits_together_and_its_private_half_is_for_its_owner_alone(files):
    make_key_pair(*files)
    private, public = files
    assert read_private_key(private).public_bytes == read_public_key(public)
    assert stat.S_IMODE(private.stat().st_mode) == 0o400


@pytest.mark.parametrize("there", [0, 1], ids=["private half", "public half"])
def test_a_key_that_is_there_is_never_overwritten(files, there):
    files[there].write_text("precious")
    with pytest.raises(FileExistsError):
        make_key_pair(*files)
    assert files[there].read_text() == "precious"
    assert not files[1 - there].exists()


@pytest.mark.parametrize("text", ["", "hamn-offline-key-v1 zz", "hamn-offline-key-v1 aabb", f"{'ab' * 32}", "åäö"])
def test_a_malformed_private_half_is_refused_without_being_repeated(files, text):
    files[0].write_text(text)
    with pytest.raises(KeyFileRefused) as refused:
        read_private_key(files[0])
    assert "ab" not in str(refused.value).replace("private half of", "")


@pytest.mark.parametrize("text", ["", "zz", "ab" * 32, "åäö"])
def test_a_malformed_public_half_is_refused(files, text):
    files[1].write_text(text)
    with pytest.raises(KeyFileRefused):
        read_public_key(files[1])


def test_a_backup_s_start_gives_its_key_to_the_private_half_and_to_no_other():
    start, key = begin_backup(ANNA.public_bytes)
    assert backup_start_length(start[:BEGINNING]) == len(start)
    assert open_backup(start, ANNA) == key
    with pytest.raises(Tampered):
        open_backup(start, BRITA)


@pytest.mark.parametrize(
    "beginning", [b"", b"hamn-backup-v1\n", b"SQLite format 3\0", b"hamn-backup-v1\n\xff\xff\xff\xff"]
)
def test_what_is_no_backup_is_refused_at_once(beginning):
    with pytest.raises(Tampered):
        open_backup(beginning[: backup_start_length(beginning)], ANNA)


def test_two_backups_have_two_keys():
    assert begin_backup(ANNA.public_bytes)[1] != begin_backup(ANNA.public_bytes)[1]


def test_only_the_service_key_shows_that_a_backup_is_ours():
    mac = backup_mac(OLD, DIGEST)
    check_backup_mac(KEY, mac, DIGEST)
    for key, digest in ((OTHER, DIGEST), (KEY, flipped(DIGEST, 0))):
        with pytest.raises(Tampered):
            check_backup_mac(key, mac, digest)
    with pytest.raises(UnknownGeneration):
        check_backup_mac(OLD, backup_mac(KEY, DIGEST), DIGEST)
