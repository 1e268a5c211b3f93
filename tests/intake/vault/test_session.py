from datetime import UTC, datetime, timedelta

import pytest

from intake.model import MemberId
from intake.vault.errors import Tampered, VaultError
from intake.vault.session import (
    SessionToken,
    csrf_token,
    is_csrf_token,
    new_session_token,
    open_session_token,
    unwrap_session_key,
    wrap_session_key,
)
from tests.intake.vault.samples import ANNA, ANNA_ID, KEY, OLD, OTHER, flipped

TOKEN = SessionToken(bytes(16), b"s" * 32)
ENDS = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRAPPED = wrap_session_key(KEY, TOKEN, ANNA, ANNA_ID, ENDS)


def test_a_cookie_reads_back_and_finds_its_row():
    token = new_session_token()
    assert open_session_token(token.cookie) == token
    assert len(token.cookie) == 64
    assert len({token.id_hash, new_session_token().id_hash, token.id}) == 3


@pytest.mark.parametrize("cookie", ["", "A" * 63, "A" * 65, "A" * 63 + "=", "+" * 64, "å" * 64, "A" * 62 + "=="])
def test_what_is_no_cookie_is_refused(cookie):
    with pytest.raises(Tampered):
        open_session_token(cookie)


def test_the_cookie_opens_the_member_s_key_on_any_node_and_after_a_rotation():
    assert unwrap_session_key(KEY, open_session_token(TOKEN.cookie), WRAPPED, ANNA_ID, ENDS) == ANNA
    before = wrap_session_key(OLD, TOKEN, ANNA, ANNA_ID, ENDS)
    assert unwrap_session_key(KEY, TOKEN, before, ANNA_ID, ENDS) == ANNA


@pytest.mark.parametrize(
    ("key", "token", "member", "ends"),
    [
        (OTHER, TOKEN, ANNA_ID, ENDS),
        (KEY, SessionToken(TOKEN.id, b"t" * 32), ANNA_ID, ENDS),
        (KEY, SessionToken(b"i" * 16, TOKEN.secret), ANNA_ID, ENDS),
        (KEY, TOKEN, MemberId("brita"), ENDS),
        (KEY, TOKEN, ANNA_ID, ENDS + timedelta(hours=1)),
    ],
    ids=["service key", "secret", "id", "member", "a later end"],
)
def test_a_session_opens_for_its_cookie_member_and_end_only(key, token, member, ends):
    with pytest.raises(Tampered):
        unwrap_session_key(key, token, WRAPPED, member, ends)


def test_every_changed_byte_and_every_truncation_is_refused():
    for at in range(len(WRAPPED)):
        for broken in (flipped(WRAPPED, at), WRAPPED[:at]):
            with pytest.raises(VaultError):
                unwrap_session_key(KEY, TOKEN, broken, ANNA_ID, ENDS)


def test_a_form_s_token_is_this_session_s_own():
    assert is_csrf_token(KEY, TOKEN, csrf_token(KEY, TOKEN))
    assert is_csrf_token(KEY, TOKEN, csrf_token(OLD, TOKEN))
    for foreign in ("", "å", csrf_token(OTHER, TOKEN), csrf_token(KEY, new_session_token())):
        assert not is_csrf_token(KEY, TOKEN, foreign)
