"""Tables of what was told: cases, envelopes with their wraps, mailboxes; every column says why it may be read."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, text

from intake.store.schema.columns import (
    case,
    count,
    desk,
    direction,
    flag,
    metadata,
    public_key,
    random_id,
    sealed,
    state,
    time,
)

_NUDGED = "next_nudge_at IS NOT NULL"
_MAY_GO = "closed_at IS NOT NULL AND held IS NULL"

cases = Table(
    "cases",
    metadata,
    random_id("id", primary_key=True),
    desk(),
    state("status"),
    Column("pace", String(8), nullable=False, info={"clear": "what the clock needs; hints at danger or a minor"}),
    state("channel"),
    random_id("assignee", ForeignKey("members.id", ondelete="SET NULL"), nullable=True),
    time("received_at"),
    time("due_at"),
    time("opened_at", nullable=True),
    time("answered_at", nullable=True),
    time("closed_at", nullable=True),
    time("erased_at", nullable=True),
    time("delete_at", nullable=True),
    time("follow_up_at", nullable=True),
    state("held", nullable=True),
    count("messages"),
    state("waiting", nullable=True),
    time("unread_since", nullable=True),
    time("unanswered_since", nullable=True),
    time("plea_by", nullable=True),
    time("snoozed_until", nullable=True),
    time("check_in_lost_at", nullable=True),
    time("next_nudge_at", nullable=True),
    time("renewed_at", nullable=True),
    sealed("mac"),
    Index("ix_cases_open", "desk", "closed_at", "due_at", "id"),
    Index(
        "ix_cases_closed",
        "desk",
        "due_at",
        "id",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
    Index("ix_cases_status", "desk", "status", "due_at", "id"),
    Index("ix_cases_assignee", "assignee", "due_at"),
    Index("ix_cases_newest", "desk", "received_at", "id"),
    Index(None, "delete_at"),
    Index("ix_cases_going", "desk", "delete_at", sqlite_where=text(_MAY_GO), postgresql_where=text(_MAY_GO)),
    Index(None, "desk", "next_nudge_at", sqlite_where=text(_NUDGED), postgresql_where=text(_NUDGED)),
    Index(None, "renewed_at", sqlite_where=text(_NUDGED), postgresql_where=text(_NUDGED)),
)
"""`next_nudge_at` is when somebody must next be told of the case; `renewed_at` when that was computed."""

grants = Table(
    "grants",
    metadata,
    random_id("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    desk(primary_key=True),
    state("ground"),
    time("since"),
    time("due_at"),
    time("closed_at", nullable=True),
    sealed("mac"),
    Index("ix_grants_open", "desk", "closed_at", "due_at", "case_id"),
)

envelopes = Table(
    "envelopes",
    metadata,
    random_id("message_id", primary_key=True),
    direction(),
    case(),
    count("position"),
    time("sent_at"),
    sealed("body"),
    sealed("mac"),
    Index(None, "case_id", "position"),
)

wraps = Table(
    "wraps",
    metadata,
    random_id("message_id", primary_key=True),
    direction(),
    Column("kind", String(16), primary_key=True, info={"clear": "desk, mailbox or recovery key"}),
    Column("recipient", String(40), primary_key=True, info={"clear": "a desk, or a case's random id"}),
    count("generation", primary_key=True),
    case(),
    sealed("sealed"),
    sealed("mac"),
    Index(None, "case_id"),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    sealed("lookup_id", primary_key=True),
    Column("salt", LargeBinary, nullable=False, info={"clear": "random; worthless without receipt and service key"}),
    public_key(),
    case(),
    flag("kept"),
    sealed("mac"),
    Index(None, "case_id"),
)

spent_tokens = Table(
    "spent_tokens",
    metadata,
    sealed("token_hash", primary_key=True),
    time("spent_at"),
    Index(None, "spent_at"),
)
