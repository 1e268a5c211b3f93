import pytest

from intake.vault.errors import Tampered, VaultError
from intake.vault.row_mac import check_row_mac, row_mac
from tests.intake.vault.samples import KEY, OLD, OTHER, flipped

FIELDS = ("syd", 3, b"sealed", None)
MAC = row_mac(KEY, "desk_wrap", *FIELDS)


def test_a_row_as_written_passes():
    check_row_mac(KEY, MAC, "desk_wrap", *FIELDS)


def test_a_row_written_before_a_rotation_passes():
    check_row_mac(KEY, row_mac(OLD, "desk_wrap", *FIELDS), "desk_wrap", *FIELDS)


@pytest.mark.parametrize(
    ("key", "table", "fields"),
    [
        (KEY, "desk_wrap", ("mitt", 3, b"sealed", None)),
        (KEY, "desk_wrap", ("syd", 4, b"sealed", None)),
        (KEY, "desk_wrap", ("syd", 3, b"sealed", "")),
        (KEY, "desk_wrap", ("syd", 3, b"sealed")),
        (KEY, "desk_wrap", (3, "syd", b"sealed", None)),
        (KEY, "membership", FIELDS),
        (OTHER, "desk_wrap", FIELDS),
    ],
    ids=["desk", "generation", "absent", "fewer", "order", "table", "service key"],
)
def test_a_changed_or_moved_row_is_refused(key, table, fields):
    with pytest.raises(Tampered):
        check_row_mac(key, MAC, table, *fields)


def test_every_changed_byte_and_every_truncation_is_refused():
    for at in range(len(MAC)):
        for broken in (flipped(MAC, at), MAC[:at]):
            with pytest.raises(VaultError):
                check_row_mac(KEY, broken, "desk_wrap", *FIELDS)
