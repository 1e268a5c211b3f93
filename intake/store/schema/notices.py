"""Tables of where coordinators are told that something waits; every column says why it may be read."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from intake.store.schema.columns import count, flag, metadata, random_id, sealed, time

_WAY = "by mail, text or chat: the same four words for everybody"


def _way(name: str = "way", *, primary_key: bool = False) -> Column[str]:
    return Column(name, String(16), primary_key=primary_key, nullable=False, info={"clear": _WAY})


def _member(*, primary_key: bool = False) -> Column[str]:
    return random_id("member_id", ForeignKey("members.id", ondelete="CASCADE"), primary_key=primary_key)


notice_addresses = Table(
    "notice_addresses",
    metadata,
    _member(primary_key=True),
    _way(primary_key=True),
    flag("chosen"),
    sealed("sealed"),
)

notice_codes = Table(
    "notice_codes",
    metadata,
    _member(primary_key=True),
    _way(primary_key=True),
    sealed("code_hash"),
    sealed("sealed"),
    count("tries"),
    time("until"),
    Index(None, "code_hash"),
    Index(None, "until"),
)

notice_marks = Table(
    "notice_marks",
    metadata,
    _member(primary_key=True),
    Column("what", String(16), primary_key=True, info={"clear": "which of four notices, without content"}),
    time("told_at"),
)
