"""Tables of who was nudged and who is away; every column says why it may be read."""

from sqlalchemy import ForeignKey, Index, Table

from intake.store.schema.columns import count, desk, metadata, random_id, state, time

nudges = Table(
    "nudges",
    metadata,
    random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    state("rule", primary_key=True),
    time("about"),
    count("times"),
    time("last_at"),
)
"""How often a rule has spoken of a case, about what moment, and when last."""

desk_nudges = Table(
    "desk_nudges",
    metadata,
    desk(primary_key=True),
    time("alarmed_at", nullable=True),
    time("called_at", nullable=True),
    time("told_at", nullable=True),
)
"""When a desk was last told of anything, so that it is told once however many cases wait."""

mentions = Table(
    "mentions",
    metadata,
    random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    time("since"),
    Index(None, "member_id"),
)
"""To whom a colleague's note in a case is addressed, until they have read it."""

absences = Table(
    "absences",
    metadata,
    random_id("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=True),
    time("since"),
    time("until"),
    random_id("deputy_id", ForeignKey("members.id", ondelete="SET NULL"), nullable=True),
    Index(None, "deputy_id"),
)
"""Who is away, and who is told instead; never why."""
