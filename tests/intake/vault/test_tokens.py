from datetime import UTC, datetime, timedelta

import pytest

from intake.vault.base64url import from_text, to_text
from intake.vault.errors import Expired, Tampered, VaultError
from intake.vault.tokens import issue_form_token, read_form_token
from tests.intake.vault.samples import KEY, OLD, OTHER, flipped

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOKEN = issue_form_token(KEY, NOW)


def test_a_token_reads_back_with_its_time():
    token = read_form_token(KEY, TOKEN, NOW + DAY, DAY)
    assert token.issued_at == NOW
    assert len(token.value) == 16


def test_no_two_tokens_share_value_or_spent_id():
    tokens = [read_form_token(KEY, issue_form_token(KEY, NOW), NOW, DAY) for _ in range(20)]
    assert len({token.value for token in tokens} | {token.spent_id for token in tokens}) == 40


def test_a_token_is_found_spent_again_even_after_a_rotation():
    token = issue_form_token(OLD, NOW)
    assert read_form_token(OLD, token, NOW, DAY).spent_id == read_form_token(KEY, token, NOW, DAY).spent_id


def test_a_token_that_is_too_old_is_called_that():
    with pytest.raises(Expired):
        read_form_token(KEY, TOKEN, NOW + DAY + timedelta(seconds=1), DAY)


@pytest.mark.parametrize(
    "token",
    ["", "A", "=", "å", TOKEN[:-4], TOKEN + "AAAA", TOKEN + "=", "A" * 100_000],
    ids=["empty", "one letter", "padding alone", "not ASCII", "cut", "longer", "padded", "huge"],
)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(Tampered):
        read_form_token(KEY, token, NOW, DAY)


def test_every_forged_byte_is_refused():
    raw = from_text(TOKEN)
    for at in range(len(raw)):
        with pytest.raises(VaultError):
            read_form_token(KEY, to_text(flipped(raw, at)), NOW, DAY)
    with pytest.raises(Tampered):
        read_form_token(OTHER, TOKEN, NOW, DAY)
