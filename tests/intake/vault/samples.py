"""Fixed keys, contexts and recipients for the vault's tests."""

from intake.model import CaseId, Context, Direction, MemberId, MessageId, Recipient, RecipientKind
from intake.vault.service_key import ServiceKey
from intake.vault.suite import PrivateKey
from triage.model import DeskName

OLD = ServiceKey({1: bytes(range(32))})
KEY = ServiceKey({1: bytes(range(32)), 2: bytes(range(32, 64))})
OTHER = ServiceKey({1: bytes(range(64, 96)), 2: bytes(range(96, 128))})

DESK = PrivateKey(b"desk" * 8)
MAILBOX = PrivateKey(b"mail" * 8)
ANNA = PrivateKey(b"anna" * 8)
BRITA = PrivateKey(b"brit" * 8)

SYD = DeskName("syd")
ANNA_ID = MemberId("anna")
BRITA_ID = MemberId("brita")
CONTEXT = Context(CaseId("case-1"), MessageId("message-1"), Direction.FROM_PERSON)
TO_DESK = Recipient(RecipientKind.DESK, SYD, 1, DESK.public_bytes)
TO_MAILBOX = Recipient(RecipientKind.MAILBOX, "case-1", 0, MAILBOX.public_bytes)
TO_ANNA = Recipient(RecipientKind.MEMBER, ANNA_ID, 0, ANNA.public_bytes)
TO_BRITA = Recipient(RecipientKind.MEMBER, BRITA_ID, 0, BRITA.public_bytes)


def flipped(value: bytes, at: int) -> bytes:
    """One bit changed, another one in each of eight neighbours."""
    return value[:at] + bytes((value[at] ^ 1 << at % 8,)) + value[at + 1 :]
