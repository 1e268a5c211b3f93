from datetime import UTC, datetime, timedelta

import pytest

from intake.vault.errors import Tampered
from intake.vault.totp import (
    accepted_counter,
    new_totp_secret,
    open_totp_secret,
    provisioning_uri,
    seal_totp_secret,
)
from tests.intake.vault.samples import ANNA_ID, BRITA_ID, KEY

SECRET = b"12345678901234567890"
# RFC 6238, appendix B (SHA-1), the last six of its eight digits.
CODE = "081804"
NOW = datetime.fromtimestamp(1111111109, UTC)
COUNTER = 37037036


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, CODE), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_published_codes_are_accepted(seconds, code):
    assert accepted_counter(SECRET, code, datetime.fromtimestamp(seconds, UTC), -1) == seconds // 30


@pytest.mark.parametrize(("late", "counter"), [(-60, None), (-30, COUNTER), (0, COUNTER), (30, COUNTER), (60, None)])
def test_a_clock_may_be_one_step_off(late, counter):
    assert accepted_counter(SECRET, CODE, NOW + timedelta(seconds=late), 0) == counter


def test_a_code_works_once():
    counter = accepted_counter(SECRET, CODE, NOW, COUNTER - 1)
    assert counter == COUNTER
    assert accepted_counter(SECRET, CODE, NOW, counter) is None


@pytest.mark.parametrize("typed", ["081 804", "０８１８０４", "٠٨١٨٠٤"])
def test_a_code_may_be_typed_in_any_script(typed):
    assert accepted_counter(SECRET, typed, NOW, 0) == COUNTER


@pytest.mark.parametrize("typed", ["", "08180", "0818044", "081805", "abcdef"])
def test_another_code_is_not_accepted(typed):
    assert accepted_counter(SECRET, typed, NOW, 0) is None


def test_a_sealed_secret_serves_its_member_only():
    sealed = seal_totp_secret(KEY, ANNA_ID, SECRET)
    assert open_totp_secret(KEY, ANNA_ID, sealed) == SECRET
    with pytest.raises(Tampered):
        open_totp_secret(KEY, BRITA_ID, sealed)


def test_a_new_secret_has_160_bits_and_an_address_for_the_authenticator():
    assert len(new_totp_secret()) == 20
    assert new_totp_secret() != new_totp_secret()
    uri = provisioning_uri(SECRET, "nord@demo", "Hamn")
    assert uri.startswith("otpauth://totp/Hamn:nord%40demo?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri
