"""Tables of the files that came with messages, sealed and in pieces; every column says why it may be read."""

from sqlalchemy import ForeignKey, Index, Table

from intake.store.schema.columns import count, length, metadata, random_id, sealed, time

attachments = Table(
    "attachments",
    metadata,
    random_id("id", primary_key=True),
    random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=True),
    random_id("message_id", nullable=True),
    length("size"),
    time("until", nullable=True),
    sealed("mac"),
    Index(None, "case_id"),
    Index(None, "until"),
)
"""`until` is when a file goes that no message has claimed; None once one has."""

attachment_pieces = Table(
    "attachment_pieces",
    metadata,
    random_id("attachment_id", ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True),
    count("number", primary_key=True),
    sealed("sealed"),
)
