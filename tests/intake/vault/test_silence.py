"""Nothing that holds a key, a text or a receipt shows it when it is printed."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from intake.vault.audit_chain import EMPTY, next_link
from intake.vault.desk_keys import new_generation
from intake.vault.envelope import seal_envelope
from intake.vault.handles import MailboxHandle
from intake.vault.session import SessionToken
from intake.vault.tokens import issue_form_token, read_form_token
from tests.intake.vault.samples import CONTEXT, DESK, KEY, MAILBOX, SYD, TO_ANNA, TO_DESK

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENVELOPE = seal_envelope(CONTEXT, b"text", [TO_DESK])
GENERATION = new_generation(SYD, 1, [TO_ANNA])
TOKEN = read_form_token(KEY, issue_form_token(KEY, NOW), NOW, timedelta(days=1))
SESSION = SessionToken(b"i" * 16, b"s" * 32)
HEAD = next_link(KEY, SYD, EMPTY, b"entry")

HOLDERS = {
    "service key": (KEY, [*KEY.roots.values(), *KEY._subkeys.values()]),
    "private key": (DESK, [DESK.seed, DESK.public_bytes]),
    "recipient": (TO_DESK, [DESK.public_bytes]),
    "envelope": (ENVELOPE, [ENVELOPE.body, ENVELOPE.wraps[0].sealed]),
    "wrap": (ENVELOPE.wraps[0], [ENVELOPE.wraps[0].sealed]),
    "desk's generation": (GENERATION, [GENERATION.public_key, GENERATION.wraps[0].sealed]),
    "desk's wrap": (GENERATION.wraps[0], [GENERATION.wraps[0].sealed]),
    "form token": (TOKEN, [TOKEN.value, TOKEN.spent_id]),
    "session": (SESSION, [SESSION.id, SESSION.secret, SESSION.cookie.encode()]),
    "mailbox handle": (MailboxHandle(b"l" * 32, MAILBOX, NOW), [b"l" * 32, MAILBOX.seed]),
    "audit head": (HEAD, [HEAD.link]),
}


@pytest.mark.parametrize(("holder", "secrets"), HOLDERS.values(), ids=HOLDERS)
def test_no_secret_shows_in_what_is_printed(holder, secrets):
    printed = f"{holder!r} {holder!s} {[holder]}"
    for secret in secrets:
        begun = secret[:12]
        for form in (repr(begun)[2:-1], begun.hex(), base64.b64encode(begun).decode()):
            assert form not in printed
