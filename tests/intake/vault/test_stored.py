"""What version 1 stored opens for ever: known answers, committed once (vectors/stored.json)."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from intake.model import Context, Envelope, RecipientKind, Wrap
from intake.vault.audit_chain import EMPTY, Head, verify_chain
from intake.vault.blind import blind_index
from intake.vault.card import CARDS
from intake.vault.desk_keys import DeskWrap, fingerprint, open_desk_key
from intake.vault.envelope import open_envelope
from intake.vault.handles import open_handle
from intake.vault.passphrase import unlock_member_key
from intake.vault.receipt import Source, derive_receipt, lookup_ids, mailbox_key
from intake.vault.row_mac import row_mac
from intake.vault.sealing import open_under
from intake.vault.service_key import Purpose
from intake.vault.session import SessionToken, csrf_token, unwrap_session_key
from intake.vault.tokens import read_form_token
from intake.vault.totp import open_totp_secret
from tests.intake.vault.samples import ANNA, ANNA_ID, CONTEXT, DESK, KEY, MAILBOX, SYD
from tests.intake.vault.test_card import CARD, PLACE

STORED = json.loads((Path(__file__).parent / "vectors" / "stored.json").read_text())
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SESSION = SessionToken(bytes(16), b"s" * 32)


def stored(name: str) -> bytes:
    return bytes.fromhex(STORED[name])


def stored_envelope(name: str, context: Context) -> Envelope:
    wrap = Wrap(RecipientKind.DESK, SYD, 1, bytes.fromhex(STORED[name]["wrap"]))
    return Envelope(context, bytes.fromhex(STORED[name]["body"]), (wrap,))


def test_a_stored_envelope_opens():
    opened = open_envelope(stored_envelope("envelope", CONTEXT), RecipientKind.DESK, SYD, 1, DESK)
    assert opened.decode() == STORED["envelope"]["text"]


def test_a_stored_card_opens():
    assert CARDS.open(stored_envelope("card", PLACE), RecipientKind.DESK, SYD, 1, DESK) == CARD


def test_a_stored_desk_key_opens():
    wrap = DeskWrap(SYD, 1, ANNA_ID, bytes.fromhex(STORED["desk_wrap"]["sealed"]))
    public_key = bytes.fromhex(STORED["desk_wrap"]["public_key"])
    assert open_desk_key(wrap, public_key, ANNA).public_bytes == public_key


def test_a_fingerprint_stays_what_was_read_out():
    assert fingerprint(ANNA.public_bytes) == STORED["fingerprint"]


def test_a_receipt_given_out_finds_and_opens_its_mailbox():
    known = STORED["receipt"]
    request = hashlib.sha256(b"the request").digest()
    assert derive_receipt(KEY, Source.FORM_TOKEN, b"128 random bits.", request) == known["digits"]
    newest = lookup_ids(KEY, known["digits"])[0]
    assert newest == (2, bytes.fromhex(known["lookup_id"]))
    assert mailbox_key(KEY, 2, known["digits"], bytes.fromhex(known["salt"])).seed.hex() == known["mailbox_seed"]


def test_a_stored_row_mac_and_blind_index_stay():
    assert row_mac(KEY, "desk_wrap", "syd", 3, b"sealed", None) == stored("row_mac")
    assert blind_index(KEY, Purpose.PHONE_INDEX, b"+46700000000") == stored("blind_index")


def test_a_stored_box_and_second_factor_open():
    assert open_under(KEY, Purpose.ADDRESS, stored("box"), "case-1") == b"+46700000000"
    assert open_totp_secret(KEY, ANNA_ID, stored("totp_secret")) == b"12345678901234567890"


def test_a_stored_member_key_and_session_open():
    assert unlock_member_key(KEY, "mörk hamn vid stilla hav", stored("member_key"), ANNA_ID) == ANNA
    assert unwrap_session_key(KEY, SESSION, stored("session"), ANNA_ID, NOW) == ANNA
    assert SESSION.id_hash == stored("session_id_hash")
    assert csrf_token(KEY, SESSION) == STORED["csrf_token"]


def test_a_token_and_a_handle_that_a_page_carries_open():
    token = read_form_token(KEY, STORED["form_token"], NOW, timedelta(days=1))
    assert (token.issued_at, token.spent_id) == (NOW, stored("spent_id"))
    handle = open_handle(KEY, STORED["handle"], NOW)
    assert (handle.lookup_id, handle.private) == (b"l" * 32, MAILBOX)


def test_a_stored_audit_chain_passes():
    link = stored("audit_link")
    assert link[:6] == b"\x01\x01\0\0\0\2"
    verify_chain(KEY, SYD, [(b"opened", link)], Head(EMPTY.count + 1, link))
