from datetime import UTC, datetime, timedelta

import pytest

from intake.vault.base64url import from_text, to_text
from intake.vault.errors import Expired, Tampered, VaultError
from intake.vault.handles import HANDLE_LIFE, open_handle, seal_handle
from intake.vault.sealing import seal_under
from intake.vault.service_key import Purpose
from tests.intake.vault.samples import KEY, MAILBOX, OLD, OTHER, flipped

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOKUP = b"l" * 32
HANDLE = seal_handle(KEY, LOOKUP, MAILBOX, NOW)


def test_a_handle_opens_its_mailbox_for_half_an_hour():
    handle = open_handle(KEY, HANDLE, NOW + timedelta(minutes=29))
    assert (handle.lookup_id, handle.private, handle.expires_at) == (LOOKUP, MAILBOX, NOW + HANDLE_LIFE)
    with pytest.raises(Expired):
        open_handle(KEY, HANDLE, NOW + timedelta(minutes=30))


def test_a_handle_outlives_a_rotation():
    assert open_handle(KEY, seal_handle(OLD, LOOKUP, MAILBOX, NOW), NOW).private == MAILBOX


@pytest.mark.parametrize("handle", ["", "A", "=", "å", HANDLE[:-4], HANDLE + "AAAA", "A" * 100_000])
def test_what_is_no_handle_is_refused(handle):
    with pytest.raises(Tampered):
        open_handle(KEY, handle, NOW)


def test_a_genuine_box_of_another_shape_is_no_handle():
    box = to_text(seal_under(KEY, Purpose.HANDLE, bytes(71)))
    with pytest.raises(Tampered):
        open_handle(KEY, box, NOW)


def test_every_forged_byte_is_refused():
    raw = from_text(HANDLE)
    for at in range(len(raw)):
        with pytest.raises(VaultError):
            open_handle(KEY, to_text(flipped(raw, at)), NOW)
    with pytest.raises(Tampered):
        open_handle(OTHER, HANDLE, NOW)
