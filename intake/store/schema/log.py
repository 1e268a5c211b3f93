"""Tables of what was done; every column says why it may be read."""

from sqlalchemy import Table

from intake.store.schema.columns import count, desk, metadata, sealed

audit = Table(
    "audit",
    metadata,
    desk(primary_key=True),
    count("number", primary_key=True),
    sealed("entry"),
    sealed("link"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    desk(primary_key=True),
    sealed("sealed_head"),
)
