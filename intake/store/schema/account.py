"""Tables of what a member's account holds besides its keys; every column says why it may be read."""

from sqlalchemy import ForeignKey, Index, Table

from intake.store.schema.columns import metadata, random_id, sealed, time

passkeys = Table(
    "passkeys",
    metadata,
    random_id("id", primary_key=True),
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE")),
    sealed("sealed"),
    time("made_at"),
    time("used_at", nullable=True),
    sealed("mac"),
    Index(None, "member_id"),
)
"""`sealed`: the authenticator's id and public key, its counter, and what its owner calls it."""
