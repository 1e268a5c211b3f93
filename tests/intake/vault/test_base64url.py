import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vault.base64url import from_text, to_text
from intake.vault.errors import Tampered


@given(st.binary(max_size=70))
def test_bytes_come_back(value):
    assert from_text(to_text(value)) == value


@pytest.mark.parametrize("text", ["A", "AB", "AA=", "AA==", "A+AA", "A/AA", "AA AA", "AAA\n", "å", "٠٠٠٠"])
def test_what_is_no_spelling_of_ours_is_refused(text):
    with pytest.raises(Tampered):
        from_text(text)
