"""Tables of an authority's register: what outlives a case, without content; every column says why it may be read."""

from sqlalchemy import Column, Index, String, Table

from intake.store.schema.columns import count, desk, metadata, random_id, sealed, time

_WAY = "from a person or to a person, as the case's envelopes say too"

register = Table(
    "register",
    metadata,
    random_id("case_id", primary_key=True),
    desk(),
    time("received_on"),
    time("closed_on", nullable=True),
    time("deleted_on", nullable=True),
    sealed("sealed"),
    Index(None, "received_on", "case_id"),
)
"""A row a case: no foreign key, for it stays when the case goes. Days only. Sealed: channel, kind, a reference."""

register_messages = Table(
    "register_messages",
    metadata,
    random_id("case_id", primary_key=True),
    count("number", primary_key=True),
    Column("direction", String(16), nullable=False, info={"clear": _WAY}),
    time("day"),
)
"""A row a message, in and out."""
