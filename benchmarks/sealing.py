"""How fast the vault seals and opens; row (d)."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from benchmarks.rows import Row
from benchmarks.texts import ordinary_texts
from intake.model import Context, Direction, Recipient, RecipientKind
from intake.vault.envelope import open_envelope, seal_envelope
from intake.vault.ids import new_case_id, new_message_id
from intake.vault.suite import PrivateKey

_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_KEY = bytes(32)
_ROUND = timedelta(milliseconds=100)


def measure(rounds: int) -> list[Row]:
    """A report of 400 characters, sealed to one desk, against the library's own sealing of 32 bytes."""
    desk = PrivateKey.generate()
    to = Recipient(RecipientKind.DESK, "nord", 1, desk.public_bytes)
    context = Context(new_case_id(), new_message_id(), Direction.FROM_PERSON)
    text = ordinary_texts(1)[0].encode()
    sealed = seal_envelope(context, text, [to])
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    public = hpke.MLKEM768X25519PublicKey(mlkem.public_key(), x25519.public_key())
    private = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
    bare_sealed = _SUITE.encrypt(_KEY, public, info=b"")
    rates = _rates(
        {
            "seal": lambda: seal_envelope(context, text, [to]),
            "open": lambda: open_envelope(sealed, RecipientKind.DESK, "nord", 1, desk),
            "bare seal": lambda: _SUITE.encrypt(_KEY, public, info=b""),
            "bare open": lambda: _SUITE.decrypt(bare_sealed, private, info=b""),
        },
        rounds,
    )
    return [
        Row("d", "reports sealed to one desk", rates["seal"], "1/s", "bare HPKE of 32 bytes", rates["bare seal"]),
        Row("d", "reports opened by one desk", rates["open"], "1/s", "bare HPKE of 32 bytes", rates["bare open"]),
    ]


def _rates(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The best round of each, in turns: what disturbs a measurement only ever slows it."""
    best = dict.fromkeys(works, 0.0)
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = max(best[name], _rate(work))
    return best


def _rate(work: Callable[[], object]) -> float:
    done, began = 0, perf_counter()
    while (spent := perf_counter() - began) < _ROUND.total_seconds():
        work()
        done += 1
    return done / spent
