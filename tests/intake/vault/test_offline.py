import stat

import pytest

from intake.vault.errors import KeyFileRefused
from intake.vault.offline import make_key_pair, read_private_key, read_public_key


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
