"""The table of pictures and recordings that are still with a provider; every column says why it may be read."""

from sqlalchemy import Index, Table

from intake.store.schema.columns import case, count, metadata, random_id, sealed, state, time
from intake.store.schema.contact import bridge

fetches = Table(
    "fetches",
    metadata,
    random_id("message_id", primary_key=True),
    case(),
    count("position"),
    bridge(),
    state("state"),
    count("lost"),
    count("attempts"),
    sealed("sealed", nullable=True),
    time("due_at"),
    time("until"),
    random_id("leased_by", nullable=True),
    time("leased_until", nullable=True),
    Index(None, "bridge", "state", "due_at"),
    Index(None, "case_id"),
)
