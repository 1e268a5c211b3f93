"""Who a message is sealed to, by the keys that the transaction which stores it finds; knows no page and no sender."""

import secrets
from collections.abc import Iterable, Mapping

from intake.crew.shop import Shop
from intake.model import CaseId, Recipient, RecipientKind
from intake.store.mailboxes import Mailbox
from intake.vault.receipt import SALT_BYTES, lookup_ids, mailbox_key
from intake.vault.service_key import ServiceKey
from triage.model import DeskName

DeskKeys = Mapping[DeskName, Recipient]


def desk_recipients(shop: Shop, keys: DeskKeys, desks: Iterable[DeskName]) -> list[Recipient]:
    """The desks' current keys, each once, and the recovery key where one is configured."""
    recovery = [] if shop.recovery is None else [shop.recovery]
    return [keys[desk] for desk in dict.fromkeys(desks) if desk in keys] + recovery


def new_mailbox(key: ServiceKey, case_id: CaseId, receipt: str) -> Mailbox:
    """A person's mailbox, which only this receipt opens."""
    lookup, salt = lookup_ids(key, receipt)[0], secrets.token_bytes(SALT_BYTES)
    return Mailbox(lookup.id, salt, mailbox_key(key, lookup.generation, receipt, salt).public_bytes, case_id)


def mailbox_recipient(mailbox: Mailbox) -> Recipient:
    """The person's own key, by which they read with the receipt alone."""
    return Recipient(RecipientKind.MAILBOX, mailbox.case, 0, mailbox.public_key)
