"""The table of what received cases name: keyed hashes of numbers, handles, links and plates, apart from senders'."""

from sqlalchemy import ForeignKey, Index, Table

from intake.store.schema.columns import flag, metadata, random_id, sealed

identifiers = Table(
    "identifiers",
    metadata,
    sealed("lookup", primary_key=True),
    random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    flag("advertised"),
    Index(None, "case_id"),
)
