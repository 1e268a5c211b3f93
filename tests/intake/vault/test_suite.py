import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from intake.vault.errors import Tampered
from intake.vault.suite import PUBLIC_KEY_BYTES, PrivateKey, seal
from tests.intake.vault.rfc9180 import AES_256_GCM, ENC_BYTES, decapsulate, key_schedule
from tests.intake.vault.samples import ANNA, BRITA, flipped

VECTORS = Path(__file__).parent / "vectors"
XWING = json.loads((VECTORS / "xwing.json").read_text())["vectors"]
HPKE = {name: value for name, value in json.loads((VECTORS / "hpke.json").read_text()).items() if name != "source"}


@pytest.mark.parametrize("vector", XWING, ids=[vector["seed"][:8] for vector in XWING])
def test_a_seed_gives_the_published_xwing_public_key(vector):
    public = PrivateKey(bytes.fromhex(vector["seed"])).public_bytes.hex()
    assert len(public) == 2 * PUBLIC_KEY_BYTES
    assert public.startswith(vector["first"])
    assert public.endswith(vector["last"])


def test_the_published_hpke_vector_has_our_key_and_our_reading_of_both_specifications():
    vector = {name: bytes.fromhex(value) for name, value in HPKE.items()}
    assert PrivateKey(vector["skRm"]).public_bytes == vector["pkRm"]
    shared_secret = decapsulate(vector["skRm"], vector["enc"])
    assert shared_secret == vector["shared_secret"]
    schedule = key_schedule(vector["suite_id"], shared_secret, vector["info"])
    assert (schedule.key, schedule.nonce) == (vector["key"], vector["base_nonce"])
    opened = ChaCha20Poly1305(schedule.key).decrypt(schedule.nonce, vector["ct"], vector["aad"])
    assert opened == vector["pt"]


def test_what_is_sealed_opens_by_the_specifications_alone():
    sealed = seal(ANNA.public_bytes, b"content key", b"info")
    enc, ciphertext = sealed[2 : 2 + ENC_BYTES], sealed[2 + ENC_BYTES :]
    schedule = key_schedule(AES_256_GCM, decapsulate(ANNA.seed, enc), b"info")
    assert AESGCM(schedule.key).decrypt(schedule.nonce, ciphertext, b"") == b"content key"


def test_every_stored_seal_says_its_version_and_suite():
    assert seal(ANNA.public_bytes, b"x", b"").startswith(b"\x01\x01")


def test_every_changed_byte_is_refused():
    sealed = seal(ANNA.public_bytes, b"x", b"info")
    for at in range(len(sealed)):
        with pytest.raises(Tampered):
            ANNA.open(flipped(sealed, at), b"info")


def test_every_truncation_is_refused():
    sealed = seal(ANNA.public_bytes, b"x", b"info")
    for length in range(len(sealed)):
        with pytest.raises(Tampered):
            ANNA.open(sealed[:length], b"info")


def test_another_key_and_other_info_open_nothing():
    sealed = seal(ANNA.public_bytes, b"x", b"info")
    with pytest.raises(Tampered):
        BRITA.open(sealed, b"info")
    with pytest.raises(Tampered):
        ANNA.open(sealed, b"inf0")


@pytest.mark.parametrize(
    "public", [b"", bytes(31), ANNA.public_bytes[:-1], ANNA.public_bytes + b"\0", ANNA.public_bytes[:-32] + bytes(32)]
)
def test_sealing_to_what_is_no_public_key_is_refused(public):
    with pytest.raises(Tampered):
        seal(public, b"x", b"")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_has_32_bytes(length):
    with pytest.raises(Tampered):
        PrivateKey(bytes(length))


def test_two_new_keys_differ():
    assert PrivateKey.generate() != PrivateKey.generate()
