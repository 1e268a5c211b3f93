"""Tables of what is on its way to a person; every column says why it may be read."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from intake.store.schema.columns import count, metadata, random_id, sealed, state, time
from intake.store.schema.contact import bridge, contact

outbox = Table(
    "outbox",
    metadata,
    random_id("id", primary_key=True),
    random_id("send_id"),
    contact(nullable=True),
    random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=True),
    random_id("message_id", nullable=True),
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE"), nullable=True),
    bridge(),
    state("kind"),
    state("state"),
    state("reason", nullable=True),
    Column("template", String(40), nullable=True, info={"clear": "the name of an automatic text, the same for all"}),
    sealed("sealed_address", nullable=True),
    sealed("sealed_text", nullable=True),
    count("attempts"),
    count("pieces"),
    count("delivery"),
    count("turn"),
    time("due_at"),
    time("expires_at"),
    random_id("leased_by", nullable=True),
    time("leased_until", nullable=True),
    Index(None, "bridge", "state", "due_at"),
    Index(None, "state", "expires_at"),
    Index(None, "contact_id", "turn"),
    Index(None, "case_id"),
    Index(None, "member_id"),
)

sent_ids = Table(
    "sent_ids",
    metadata,
    sealed("id_hash", primary_key=True),
    random_id("outbox_id", ForeignKey("outbox.id", ondelete="CASCADE"), nullable=True),
    count("delivery"),
    time("until"),
    Index(None, "outbox_id"),
    Index(None, "until"),
)
