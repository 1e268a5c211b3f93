"""Tables of how coordinators work: their saved views, and where triage was put right; each says why it lies so."""

from sqlalchemy import ForeignKey, Index, Table

from intake.store.schema.columns import metadata, random_id, sealed

views = Table(
    "views",
    metadata,
    random_id("id", primary_key=True),
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE")),
    sealed("sealed"),
    Index(None, "member_id"),
)

corrections = Table(
    "corrections",
    metadata,
    sealed("label_hash", primary_key=True),
    sealed("sealed"),
)
"""Counts apart from every case: a label, a rule, a month and how often, under the statistics subkey."""
