"""Who a message is sealed to, decided inside the transaction that stores it; knows no page and no sender."""

from collections.abc import Iterable, Mapping

from intake.model import Recipient, RecipientKind
from intake.service import Service
from intake.store.mailboxes import Mailbox
from triage.model import DeskName

DeskKeys = Mapping[DeskName, Recipient]


def desk_recipients(service: Service, keys: DeskKeys, desks: Iterable[DeskName]) -> list[Recipient]:
    """The desks' current keys, each once, and the recovery key where one is configured."""
    recovery = [] if service.recovery is None else [service.recovery]
    return [keys[desk] for desk in dict.fromkeys(desks) if desk in keys] + recovery


def mailbox_recipient(mailbox: Mailbox) -> Recipient:
    """The person's own key, by which they read with the receipt alone."""
    return Recipient(RecipientKind.MAILBOX, mailbox.case, 0, mailbox.public_key)
