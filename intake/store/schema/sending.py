"""Tables of what is on its way to a person; every column says why it may be read."""

from sqlalchemy import Column, Index, String, Table

from intake.store.schema.columns import case, count, metadata, random_id, sealed, state, time

outbox = Table(
    "outbox",
    metadata,
    random_id("id", primary_key=True),
    case(),
    state("bridge"),
    state("state"),
    Column("template", String(40), nullable=True, info={"clear": "the name of an automatic text, the same for all"}),
    sealed("sealed_address"),
    sealed("sealed_text", nullable=True),
    count("attempts"),
    time("due_at"),
    time("expires_at"),
    random_id("leased_by", nullable=True),
    time("leased_until", nullable=True),
    Index(None, "state", "due_at"),
    Index(None, "case_id"),
)
