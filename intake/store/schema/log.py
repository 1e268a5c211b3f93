"""Tables of what was done; every column says why it may be read."""

from sqlalchemy import Column, String, Table

from intake.store.schema.columns import count, desk, metadata, sealed, state, time

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

journal = Table(
    "journal",
    metadata,
    count("number", primary_key=True),
    state("what"),
    Column("subject", String(64), nullable=False, info={"clear": "a random id, or a keyed hash in hexadecimal"}),
    time("day"),
    sealed("mac"),
)
